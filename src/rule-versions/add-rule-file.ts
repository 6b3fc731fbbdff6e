import type { EntityManager } from 'typeorm';
import {
  addCityCategories,
  type CityCategoryRefusalCode,
  type CityCategoryTerms,
} from '../elders/city-categories.js';
import { facilityByCode } from '../network/find-facilities.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { versionsOf } from './list-versions.js';
import { type ProposedVersion, proposeVersion } from './propose-version.js';
import type { FileSet } from './rule-file.rules.js';
import type { RuleKind, VersionRefusalCode } from './rule-kind.js';

export interface RulesToAdd<File> {
  file: File;
  /** For which of the file's sets; all of them without it. */
  code?: string | undefined;
  /** The sets count beneath this facility. */
  facilityCode: string;
  /** False where a second person has yet to approve them. */
  approved: boolean;
}

export interface AddedRules {
  versions: ProposedVersion[];
  /** Codes of the funders that were not there. */
  funders: string[];
  /** And of the city's own categories. */
  categories: string[];
}

/** Why a file is not brought in, whatever its rules are about. */
export type FileRefusalCode = VersionRefusalCode | CityCategoryRefusalCode;

/** What of a file is brought in. */
interface BroughtIn<Document, Funder> {
  categories?: readonly CityCategoryTerms[] | undefined;
  funders: readonly Funder[];
  ruleSets: readonly FileSet<Document>[];
}

/** Adds those of a file's funders that are missing, and tells their codes. */
export type AddFunders<Funder, Code extends string> = (
  manager: EntityManager,
  funders: readonly Funder[],
) => Promise<string[] | Refusal<Code>>;

/**
 * Brings a file of rules in by whoever may run commands on the machine: the categories and funders that are missing, and
 * each version of its sets. Approved at once they may begin in the past, as when a city is set up with the rules
 * that it has had for years; of a set that counts already, a change may not.
 */
export async function addRuleFile<Document, Code extends string, Funder, FunderCode extends string>(
  manager: EntityManager,
  kind: RuleKind<Document, Code>,
  wanted: RulesToAdd<BroughtIn<Document, Funder>>,
  addFunders: AddFunders<Funder, FunderCode>,
  now: Date,
): Promise<AddedRules | Refusal<Code | FunderCode | FileRefusalCode>> {
  const { file, code, facilityCode, approved } = wanted;
  const facility = await facilityByCode(manager, facilityCode);
  if (!facility) {
    const text = { zh: '没有此编码的机构', en: 'No facility has this code' };
    return refuse('FACILITY_UNKNOWN', text, ['facility']);
  }
  const sets = file.ruleSets.filter((set) => code === undefined || set.code === code);
  if (sets.length === 0) {
    return refuse('RULES_UNKNOWN', { zh: '文件中没有此编码的规则', en: 'The file has no set of this code' }, [
      'code',
    ]);
  }
  const categories = await addCityCategories(manager, file.categories ?? []);
  if (isRefusal(categories)) return categories;
  const funders = await addFunders(manager, file.funders);
  if ('refused' in funders) return funders;
  const versions: ProposedVersion[] = [];
  const today = dayOf(now);
  for (const set of sets) {
    const counts = (await versionsOf(manager, kind, set.code)).some(({ status }) => status === 'APPROVED');
    for (const version of set.versions) {
      const proposal = { ...version, code: set.code, facilityId: facility.id, byId: null, now };
      const proposed = await proposeVersion(manager, kind, proposal, { scope: 'everywhere', approved });
      if (isRefusal(proposed)) return proposed;
      if (approved && counts && version.fromDay <= today) return backdated(set.code);
      versions.push(proposed);
    }
  }
  return { versions, funders, categories };
}

function backdated(code: string): Refusal<'BACKDATED'> {
  const text = {
    zh: `${code} 已有生效的规则，变更须从明天或以后起算`,
    en: `${code} counts already: a change of it begins tomorrow or later`,
  };
  return refuse('BACKDATED', text, ['fromDay']);
}
