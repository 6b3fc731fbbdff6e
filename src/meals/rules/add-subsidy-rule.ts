import type { EntityManager } from 'typeorm';
import { facilityByCode } from '../../network/find-facilities.js';
import { isRefusal, type Refusal, refuse } from '../../shared/refusal.js';
import { addFunder, type FunderRefusalCode, funderByCode } from '../add-funder.js';
import { type ProposedRules, proposeRules, type RuleRefusalCode } from './propose-rules.js';
import type { RuleFile } from './rule-file.rules.js';

export interface RulesToAdd {
  file: RuleFile;
  /** For which of the file's sets; all of them without it. */
  code?: string | undefined;
  /** The sets count in the canteens beneath this facility. */
  facilityCode: string;
  /** False where a second person has yet to approve them. */
  approved: boolean;
}

export interface AddedRules {
  versions: ProposedRules[];
  /** Codes of the funders that were not there. */
  funders: string[];
}

/**
 * Brings a file of rules in by whoever may run commands on the machine: the funders that are missing, and each
 * version of its sets. Approved at once they may begin in the past, as when a city is set up with the rules
 * that it has had for years; what was paid stays as it was.
 */
export async function addSubsidyRules(
  manager: EntityManager,
  { file, code, facilityCode, approved }: RulesToAdd,
  now: Date,
): Promise<AddedRules | Refusal<RuleRefusalCode | FunderRefusalCode>> {
  const facility = await facilityByCode(manager, facilityCode);
  if (!facility) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有此编码的机构', en: 'No facility has this code' }, [
      'facility',
    ]);
  }
  const sets = file.ruleSets.filter((set) => code === undefined || set.code === code);
  if (sets.length === 0) {
    return refuse('RULES_UNKNOWN', { zh: '文件中没有此编码的规则', en: 'The file has no set of this code' }, [
      'code',
    ]);
  }
  const funders: string[] = [];
  for (const funder of file.funders) {
    if (await funderByCode(manager, funder.code)) continue;
    const added = await addFunder(manager, funder);
    if (isRefusal(added)) return added;
    funders.push(funder.code);
  }
  const versions: ProposedRules[] = [];
  for (const set of sets) {
    for (const version of set.versions) {
      const proposal = { ...version, code: set.code, facilityId: facility.id, byId: null, now };
      const proposed = await proposeRules(manager, proposal, { scope: 'everywhere', approved });
      if (isRefusal(proposed)) return proposed;
      versions.push(proposed);
    }
  }
  return { versions, funders };
}
