import type { EntityManager } from 'typeorm';
import type { HoursRuleStatus } from '../../entities/visits/hours-rule.entity.js';
import { lockTree } from '../network/lock-tree.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf, isDay } from '../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import {
  type HoursDocumentRefusalCode,
  readHoursDocument,
  unknownHoursFunder,
} from './hours-checks.rules.js';
import { type HoursDocument, hoursCode } from './hours-language.rules.js';
import { type ListedHoursRules, listedHoursRules } from './list-hours-rules.js';

export type HoursRuleRefusalCode =
  | HoursDocumentRefusalCode
  | 'CODE_INVALID'
  | 'DATE_OUT_OF_RANGE'
  | 'FACILITY_UNKNOWN'
  | 'FACILITY_DIFFERS'
  | 'VERSIONS_OVERLAP'
  | 'RULES_UNKNOWN'
  | 'NOT_PROPOSED'
  | 'SAME_PERSON'
  | 'NOT_THE_AUTHOR'
  | 'BACKDATED'
  | 'NOTE_INVALID';

export interface HoursRuleProposal {
  /** Of the set; all its versions share it. */
  code: string;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  document: HoursDocument;
  /** Null for the command line. */
  byId: number | null;
  now: Date;
}

export interface ProposedHoursRules {
  ruleId: number;
  code: string;
  version: number;
  fromDay: Day;
  toDay: Day | null;
}

/** As `proposeHoursRules`, of a document that somebody wrote; what is refused is named within `input`. */
export async function proposeHoursRuleText(
  manager: EntityManager,
  proposal: Omit<HoursRuleProposal, 'document'> & { document: string },
  scope: Scope,
): Promise<ListedHoursRules | Refusal<HoursRuleRefusalCode>> {
  const document = readHoursDocument(proposal.document, ['input', 'document']);
  if ('refused' in document) return document;
  const proposed = await proposeHoursRules(manager, { ...proposal, document }, { scope });
  if (isRefusal(proposed)) return { ...proposed, field: ['input', ...(proposed.field ?? [])] };
  const listed = (await listedHoursRules(manager, [proposed.ruleId])).get(proposed.ruleId);
  if (!listed) throw new Error(`the version ${proposed.ruleId} was inserted and is not there`);
  return listed;
}

/** Keeps a new version of a set of rules, which counts nowhere until it is approved. */
export async function proposeHoursRules(
  manager: EntityManager,
  proposal: HoursRuleProposal,
  { scope, approved = false }: { scope: Scope; approved?: boolean },
): Promise<ProposedHoursRules | Refusal<HoursRuleRefusalCode>> {
  const { code, facilityId, fromDay, toDay, document, byId, now } = proposal;
  if (!hoursCode.safeParse(code).success) return codeInvalid();
  if (!isDay(fromDay)) return dateOutOfRange('fromDay');
  if (toDay !== null && (!isDay(toDay) || toDay <= fromDay)) return dateOutOfRange('toDay');
  // Versions have no row in common that could be locked. Rules stand in the tree, and are proposed as rarely.
  await lockTree(manager);
  if (!(await isPlace(manager, facilityId)) || !(await covers(manager, scope, facilityId, dayOf(now)))) {
    return refuse('FACILITY_UNKNOWN', { zh: '无此机构', en: 'No such facility' }, ['facilityId']);
  }
  const funders: { code: string }[] = await manager.query('SELECT code FROM funder');
  const unknown = unknownHoursFunder(document, new Set(funders.map((funder) => funder.code)));
  if (unknown) return unknown;
  const versions = await versionsOf(manager, code);
  const other = versions.find((version) => version.facilityId !== facilityId);
  if (other) {
    const text = { zh: '此编码的规则属于另一机构', en: 'The rules of this code are for another facility' };
    return refuse('FACILITY_DIFFERS', text, ['facilityId']);
  }
  const overlap = overlapWith(versions, proposal, dayOf(now));
  if (overlap) return overlap;
  const version = Math.max(0, ...versions.map((each) => each.version)) + 1;
  const at = now.getTime();
  const status: HoursRuleStatus = approved ? 'APPROVED' : 'PROPOSED';
  await insertRows(
    manager,
    'hours_rule',
    [
      'code',
      'version',
      'facilityId',
      'fromDay',
      'toDay',
      'status',
      'document',
      'proposedById',
      'proposedAt',
      'decidedById',
      'decidedAt',
    ],
    [
      [
        code,
        version,
        facilityId,
        fromDay,
        toDay,
        status,
        JSON.stringify(document),
        byId,
        at,
        null,
        approved ? at : null,
      ],
    ],
  );
  const written = (await versionsOf(manager, code)).find((each) => each.version === version);
  if (!written) throw new Error(`version ${version} of ${code} was inserted and is not there`);
  return { ruleId: written.id, code, version, fromDay, toDay };
}

/**
 * A version that would begin before an approved one does, and last into it, would be cut off by it without
 * anybody having said so; one that would begin on the day of another that counts already would change what was.
 * Undefined when there is none of either.
 */
export function overlapWith(
  versions: readonly HoursRuleVersion[],
  { fromDay, toDay }: Pick<HoursRuleProposal, 'fromDay' | 'toDay'>,
  today: Day,
): Refusal<'VERSIONS_OVERLAP'> | undefined {
  const later = versions.filter(
    (version) =>
      version.status === 'APPROVED' &&
      (version.fromDay > fromDay || (version.fromDay === fromDay && fromDay <= today)) &&
      (toDay === null || version.fromDay < toDay),
  );
  if (later.length === 0) return undefined;
  const numbers = later.map(({ version }) => version).join(', ');
  const text = { zh: `与版本 ${numbers} 的日期重叠`, en: `Its days overlap those of version ${numbers}` };
  return refuse('VERSIONS_OVERLAP', text, ['fromDay']);
}

export interface HoursRuleVersion {
  id: number;
  code: string;
  version: number;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  status: HoursRuleStatus;
}

export async function versionsOf(manager: EntityManager, code: string): Promise<HoursRuleVersion[]> {
  return manager.query(
    `SELECT id, code, version, facilityId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay,
            status
       FROM hours_rule WHERE code = ? ORDER BY version`,
    [code],
  );
}

async function isPlace(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  return rows.length > 0;
}

function dateOutOfRange(field: 'fromDay' | 'toDay'): Refusal<'DATE_OUT_OF_RANGE'> {
  const text = {
    zh: '日期须写作 2026-01-31，且起日早于止日',
    en: 'A day is written as in 2026-01-31, and the first one lies before the end',
  };
  return refuse('DATE_OUT_OF_RANGE', text, [field]);
}

function codeInvalid(): Refusal<'CODE_INVALID'> {
  const text = {
    zh: '编码须为 1 至 32 个大写字母、数字或连字符',
    en: 'A code has 1 to 32 of A-Z, 0-9 and the hyphen',
  };
  return refuse('CODE_INVALID', text, ['code']);
}
