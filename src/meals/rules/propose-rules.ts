import type { EntityManager } from 'typeorm';
import type { RuleStatus } from '../../../entities/meals/subsidy-rule.entity.js';
import { lockTree } from '../../network/lock-tree.js';
import { covers, type Scope } from '../../network/scope.js';
import { type Day, dayOf, isDay } from '../../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../../shared/refusal.js';
import { insertRows } from '../../shared/statements.js';
import { codeInvalid, isMealsCode } from '../add-funder.js';
import { type ListedRules, listedRules } from './list-rules.js';
import { unknownFunder } from './rule-bearers.rules.js';
import { readFunders } from './rule-catalog.js';
import { readRuleDocument } from './rule-checks.rules.js';
import type { DocumentRefusalCode } from './rule-fault.rules.js';
import type { RuleDocument } from './rule-language.rules.js';

export type RuleRefusalCode =
  | DocumentRefusalCode
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

export interface RuleProposal {
  /** Of the set; all its versions share it. */
  code: string;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  document: RuleDocument;
  /** Null for the command line. */
  byId: number | null;
  now: Date;
}

export interface ProposedRules {
  ruleSetId: number;
  code: string;
  version: number;
  fromDay: Day;
  toDay: Day | null;
}

/** As `proposeRules`, of a document that somebody wrote; what is refused is named within `input`. */
export async function proposeRuleText(
  manager: EntityManager,
  proposal: Omit<RuleProposal, 'document'> & { document: string },
  scope: Scope,
): Promise<ListedRules | Refusal<RuleRefusalCode>> {
  const document = readRuleDocument(proposal.document, ['input', 'document']);
  if ('refused' in document) return document;
  const proposed = await proposeRules(manager, { ...proposal, document }, { scope });
  if (isRefusal(proposed)) return { ...proposed, field: ['input', ...(proposed.field ?? [])] };
  const listed = (await listedRules(manager, [proposed.ruleSetId])).get(proposed.ruleSetId);
  if (!listed) throw new Error(`the version ${proposed.ruleSetId} was inserted and is not there`);
  return listed;
}

/** Keeps a new version of a set of rules, which counts nowhere until it is approved. */
export async function proposeRules(
  manager: EntityManager,
  proposal: RuleProposal,
  { scope, approved = false }: { scope: Scope; approved?: boolean },
): Promise<ProposedRules | Refusal<RuleRefusalCode>> {
  const { code, facilityId, fromDay, toDay, document, byId, now } = proposal;
  if (!isMealsCode(code)) return codeInvalid();
  if (!isDay(fromDay)) return dateOutOfRange('fromDay');
  if (toDay !== null && (!isDay(toDay) || toDay <= fromDay)) return dateOutOfRange('toDay');
  // Versions have no row in common that could be locked. Rules stand in the tree, and are proposed as rarely.
  await lockTree(manager);
  if (!(await isPlace(manager, facilityId)) || !(await covers(manager, scope, facilityId, dayOf(now)))) {
    return refuse('FACILITY_UNKNOWN', { zh: '无此机构', en: 'No such facility' }, ['facilityId']);
  }
  const fault = unknownFunder(document, await readFunders(manager));
  if (fault) return refuse(fault.code, fault.text, ['document', ...fault.path.map(String)]);
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
  const status: RuleStatus = approved ? 'APPROVED' : 'PROPOSED';
  await insertRows(
    manager,
    'subsidy_rule',
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
  return { ruleSetId: written.id, code, version, fromDay, toDay };
}

/**
 * A version that would begin before an approved one does, and last into it, would be cut off by it without
 * anybody having said so; one that would begin on the day of another that counts already would change what was.
 * Undefined when there is none of either.
 */
export function overlapWith(
  versions: readonly RuleVersion[],
  { fromDay, toDay }: Pick<RuleProposal, 'fromDay' | 'toDay'>,
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

export interface RuleVersion {
  id: number;
  code: string;
  version: number;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  status: RuleStatus;
}

export async function versionsOf(manager: EntityManager, code: string): Promise<RuleVersion[]> {
  return manager.query(
    `SELECT id, code, version, facilityId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay,
            status
       FROM subsidy_rule WHERE code = ? ORDER BY version`,
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
