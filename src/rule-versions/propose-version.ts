import type { EntityManager } from 'typeorm';
import type { VersionStatus } from '../../entities/rule-version.js';
import { lockTree } from '../network/lock-tree.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf, isDay } from '../shared/china-time.js';
import { codeInvalid, isCode } from '../shared/code.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { overlapWith } from './dated-versions.rules.js';
import { type ListedVersion, listedVersion, versionsOf } from './list-versions.js';
import type { RuleKind, RuleTable, VersionRefusalCode } from './rule-kind.js';
import { unknownCategory } from './unknown-category.js';

export interface VersionProposal<Document> {
  /** Of the set; all its versions share it. */
  code: string;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  document: Document;
  /** Null for the command line. */
  byId: number | null;
  now: Date;
}

export interface ProposedVersion {
  ruleSetId: number;
  code: string;
  version: number;
  fromDay: Day;
  toDay: Day | null;
}

/** As `proposeVersion`, of a document that somebody wrote; what is refused is named within `input`. */
export async function proposeVersionText<Document extends object, Code extends string>(
  manager: EntityManager,
  kind: RuleKind<Document, Code>,
  proposal: VersionProposal<string>,
  scope: Scope,
): Promise<ListedVersion | Refusal<Code | VersionRefusalCode>> {
  const document = kind.readDocument(proposal.document, ['input', 'document']);
  if (isRefusal(document)) return document;
  const proposed = await proposeVersion(manager, kind, { ...proposal, document }, { scope });
  if (isRefusal(proposed)) return { ...proposed, field: ['input', ...(proposed.field ?? [])] };
  const listed = await listedVersion(manager, kind, proposed.ruleSetId);
  if (!listed) throw new Error(`the version ${proposed.ruleSetId} was inserted and is not there`);
  return listed;
}

/** Keeps a new version of a set of rules, which counts nowhere until it is approved. */
export async function proposeVersion<Document, Code extends string>(
  manager: EntityManager,
  kind: RuleKind<Document, Code>,
  proposal: VersionProposal<Document>,
  { scope, approved = false }: { scope: Scope; approved?: boolean },
): Promise<ProposedVersion | Refusal<Code | VersionRefusalCode>> {
  const { code, facilityId, fromDay, toDay, document, now } = proposal;
  if (!isCode(code)) return codeInvalid();
  if (!isDay(fromDay)) return dateOutOfRange('fromDay');
  if (toDay !== null && (!isDay(toDay) || toDay <= fromDay)) return dateOutOfRange('toDay');
  // Versions have no row in common that could be locked. Rules stand in the tree, and are proposed as rarely.
  await lockTree(manager);
  if (!(await isPlace(manager, facilityId)) || !(await covers(manager, scope, facilityId, dayOf(now)))) {
    return refuse('FACILITY_UNKNOWN', { zh: '无此机构', en: 'No such facility' }, ['facilityId']);
  }
  const refusal = (await unknownCategory(manager, document)) ?? (await kind.refusalOf(manager, document));
  if (refusal) return refusal;
  const versions = await versionsOf(manager, kind, code);
  const other = versions.find((version) => version.facilityId !== facilityId);
  if (other) {
    const text = { zh: '此编码的规则属于另一机构', en: 'The rules of this code are for another facility' };
    return refuse('FACILITY_DIFFERS', text, ['facilityId']);
  }
  const overlap = overlapWith(versions, proposal, dayOf(now));
  if (overlap) return overlap;
  const version = Math.max(0, ...versions.map((each) => each.version)) + 1;
  await insertVersion(manager, kind, proposal, version, approved);
  const written = (await versionsOf(manager, kind, code)).find((each) => each.version === version);
  if (!written) throw new Error(`version ${version} of ${code} was inserted and is not there`);
  return { ruleSetId: written.id, code, version, fromDay, toDay };
}

async function insertVersion(
  manager: EntityManager,
  { table }: RuleTable,
  { code, facilityId, fromDay, toDay, document, byId, now }: VersionProposal<unknown>,
  version: number,
  approved: boolean,
): Promise<void> {
  const at = now.getTime();
  const status: VersionStatus = approved ? 'APPROVED' : 'PROPOSED';
  const row = {
    code,
    version,
    facilityId,
    fromDay,
    toDay,
    status,
    document: JSON.stringify(document),
    proposedById: byId,
    proposedAt: at,
    decidedById: null,
    decidedAt: approved ? at : null,
  };
  await insertRows(manager, table, Object.keys(row), [Object.values(row)]);
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
