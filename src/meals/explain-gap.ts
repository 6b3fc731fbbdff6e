import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { hasControls } from '../shared/control-characters.js';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { announceCanteenDay } from './canteen-news.js';
import { missingEver } from './missing-sequences.js';

/** Why a gap was not explained, in order of precedence: the first that applies is answered. */
export const gapRefusalCodes = [
  'REASON_INVALID',
  'RANGE_INVALID',
  'READER_UNKNOWN',
  'ALREADY_EXPLAINED',
  'NOT_MISSING',
] as const;
export type GapRefusalCode = (typeof gapRefusalCodes)[number];
export type GapRefusal = Refusal<GapRefusalCode>;

export interface GapExplanation {
  readerId: number;
  fromSequence: number;
  /** The last number, itself among them. */
  toSequence: number;
  /** Why these swipes will not come, 1 to 200 characters. */
  reason: string;
  byId: number;
  now: Date;
}

/** A gap in a reader's numbers: missing, or explained by somebody. */
export interface SequenceGap {
  readerId: number;
  canteenId: number;
  from: number;
  to: number;
  explanation: { reason: string; explainedAt: Date; explainedBy: string } | null;
}

const reasonLengthMax = 200;

const texts: Record<GapRefusalCode, readonly [field: string, text: Text]> = {
  REASON_INVALID: [
    'reason',
    { zh: `须填写原因，至多 ${reasonLengthMax} 字`, en: `must be 1 to ${reasonLengthMax} characters` },
  ],
  RANGE_INVALID: [
    'toSequence',
    { zh: '止号不得小于起号，起号不得为负', en: 'The range begins at 0 or above and does not end before it' },
  ],
  READER_UNKNOWN: ['readerId', { zh: '没有这台刷卡机', en: 'There is no such reader' }],
  ALREADY_EXPLAINED: ['fromSequence', { zh: '其中有号码已说明', en: 'Some of these were explained before' }],
  NOT_MISSING: ['fromSequence', { zh: '其中有号码并不缺失', en: 'Some of these are not missing' }],
};

function refuseGap(code: GapRefusalCode): GapRefusal {
  const [field, text] = texts[code];
  return refuse(code, text, [field]);
}

/**
 * Says why numbers of a reader are missing, so that they are no longer listed as missing. Every one of them must be
 * missing: within one gap, and not explained. The same explanation again is answered as the first time.
 */
export async function explainGap(
  manager: EntityManager,
  given: GapExplanation,
  scope: Scope,
): Promise<SequenceGap | GapRefusal> {
  const { readerId, fromSequence: from, toSequence: to, byId, now } = given;
  const reason = given.reason.trim();
  if (reason === '' || reason.length > reasonLengthMax || hasControls(reason)) {
    return refuseGap('REASON_INVALID');
  }
  if (from < 0 || to < from) return refuseGap('RANGE_INVALID');
  const canteenId = await canteenOfReader(manager, readerId, scope, now);
  if (canteenId === undefined) return refuseGap('READER_UNKNOWN');
  // Two explanations of one reader have no row in common but the reader's.
  await manager.query(`SELECT id FROM account WHERE id = ?${forUpdate(manager)}`, [readerId]);
  const overlapping: StoredExplanation[] = await manager.query(
    `${explanations} WHERE x.readerId = ? AND x.fromSequence <= ? AND x.toSequence >= ?`,
    [readerId, to, from],
  );
  const [first] = overlapping;
  if (first) {
    const same = first.fromSequence === from && first.toSequence === to && first.reason === reason;
    return same ? gapOf(first, canteenId) : refuseGap('ALREADY_EXPLAINED');
  }
  if (!(await areMissing(manager, readerId, from, to))) return refuseGap('NOT_MISSING');
  await insertRows(
    manager,
    'sequence_explanation',
    ['readerId', 'fromSequence', 'toSequence', 'reason', 'at', 'byId'],
    [[readerId, from, to, reason, now.getTime(), byId]],
  );
  const rows: StoredExplanation[] = await manager.query(
    `${explanations} WHERE x.readerId = ? AND x.fromSequence = ?`,
    [readerId, from],
  );
  if (!rows[0]) throw new Error(`the explanation of ${from} of reader ${readerId} is not where it was put`);
  announceCanteenDay(manager, canteenId);
  return gapOf(rows[0], canteenId);
}

/** True when none of these numbers was received, and numbers before and behind them were: three looks at an index. */
async function areMissing(
  manager: EntityManager,
  readerId: number,
  from: number,
  to: number,
): Promise<boolean> {
  const received = async (condition: string, ...numbers: number[]) => {
    const rows: unknown[] = await manager.query(
      `SELECT sequence FROM swipe WHERE readerId = ? AND ${condition} LIMIT 1`,
      [readerId, ...numbers],
    );
    return rows.length > 0;
  };
  return (
    !(await received('sequence BETWEEN ? AND ?', from, to)) &&
    (await received('sequence < ?', from)) &&
    (await received('sequence > ?', to))
  );
}

/** An explanation as the audit log shows it. */
export function gapState({ readerId, canteenId, from, to }: SequenceGap): AuditedState {
  return { about: { facilityId: canteenId, subject: `account:${readerId}` }, values: { from, to } };
}

export interface GapsPage {
  /** The first number of the last gap of the page before; undefined for the first page. */
  after: number | undefined;
  rowsMax: number;
}

/**
 * The gaps of a reader's whole life in the order of its numbers, either those that are missing or those that were
 * explained; undefined when the reader's canteen does not lie in `scope` today.
 */
export async function findGaps(
  manager: EntityManager,
  { readerId, explained, now }: { readerId: number; explained: boolean; now: Date },
  { after = -1, rowsMax }: GapsPage,
  scope: Scope,
): Promise<SequenceGap[] | undefined> {
  const canteenId = await canteenOfReader(manager, readerId, scope, now);
  if (canteenId === undefined) return undefined;
  if (explained) {
    const rows: StoredExplanation[] = await manager.query(
      `${explanations} WHERE x.readerId = ? AND x.fromSequence > ? ORDER BY x.fromSequence LIMIT ${rowsMax}`,
      [readerId, after],
    );
    return rows.map((row) => gapOf(row, canteenId));
  }
  const missing = await missingEver(manager, readerId);
  return missing
    .filter(({ from }) => from > after)
    .slice(0, rowsMax)
    .map((range) => ({ readerId, canteenId, ...range, explanation: null }));
}

const explanations = `SELECT x.readerId, x.fromSequence, x.toSequence, x.reason, x.at, a.name AS byName
       FROM sequence_explanation x JOIN account a ON a.id = x.byId`;

interface StoredExplanation {
  readerId: number;
  fromSequence: number;
  toSequence: number;
  reason: string;
  at: number | string;
  byName: string;
}

function gapOf(row: StoredExplanation, canteenId: number): SequenceGap {
  const { readerId, fromSequence, toSequence, reason, at, byName } = row;
  const explanation = { reason, explainedAt: new Date(Number(at)), explainedBy: byName };
  return { readerId, canteenId, from: fromSequence, to: toSequence, explanation };
}

/** The canteen of a reader, in service or revoked, when it lies in `scope` today. */
async function canteenOfReader(
  manager: EntityManager,
  readerId: number,
  scope: Scope,
  now: Date,
): Promise<number | undefined> {
  const rows: { facilityId: number }[] = await manager.query(
    "SELECT facilityId FROM access_grant WHERE accountId = ? AND role = 'READER'",
    [readerId],
  );
  const canteenId = rows[0]?.facilityId;
  return (await covers(manager, scope, canteenId ?? nowhere, dayOf(now))) ? canteenId : undefined;
}
