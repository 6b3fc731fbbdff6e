import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { hasControls } from '../shared/control-characters.js';
import { forUpdate } from '../shared/database.js';
import { monthOf } from '../shared/month.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { affectedRows, placeholders } from '../shared/statements.js';
import { announceCanteenDay } from './canteen-news.js';
import { isDisputeUpheld } from './canteen-settlement.js';
import { findSwipe } from './find-swipe.js';
import { type Entry, ledgerAccountId, type Posting, post } from './ledger.js';
import { isMonthOpen } from './month-state.js';
import { type Receipt, readSwipes, type StoredSwipe } from './swipe-receipt.js';

export type VoidRefusalCode =
  | 'SWIPE_UNKNOWN'
  | 'ALREADY_VOIDED'
  | 'MONTH_CLOSED'
  | 'MONTH_OPEN'
  | 'ELDER_ERASED'
  | 'DISPUTE_UPHELD'
  | 'REASON_INVALID';

export interface VoidRequest {
  swipeId: string;
  /** Why, 1 to 200 characters without control characters; kept with the swipe. */
  reason: string;
  byId: number;
  now: Date;
  /** An unused id for the posting. */
  postingId: number;
}

const reasonLengthMax = 200;

/**
 * Takes a recorded meal back by posting the opposite entries. The swipe and its posting stay as they are,
 * marked as voided, the elder's money returns, and the meal can be taken again.
 */
export function voidSwipe(
  manager: EntityManager,
  request: VoidRequest,
  scope: Scope,
): Promise<Receipt | Refusal<VoidRefusalCode>> {
  return takeBack(manager, request, scope, 'OPEN');
}

/**
 * The same for a meal of a month that is frozen and stays as it is: the opposite entries are booked today, and are
 * a correction in the statement of today's month that names the meal's.
 */
export function correctSwipe(
  manager: EntityManager,
  request: VoidRequest,
  scope: Scope,
): Promise<Receipt | Refusal<VoidRefusalCode>> {
  return takeBack(manager, request, scope, 'FROZEN');
}

async function takeBack(
  manager: EntityManager,
  request: VoidRequest,
  scope: Scope,
  ofMonth: 'OPEN' | 'FROZEN',
): Promise<Receipt | Refusal<VoidRefusalCode>> {
  const { swipeId, byId, now, postingId } = request;
  const reason = request.reason.trim();
  if (reason === '' || reason.length > reasonLengthMax || hasControls(reason)) {
    const text = {
      zh: `须填写原因，至多 ${reasonLengthMax} 字，且不得含控制字符`,
      en: `must be 1 to ${reasonLengthMax} characters, none of them a control character`,
    };
    return refuse('REASON_INVALID', text, ['reason']);
  }
  const swipe = await findSwipe(manager, swipeId, scope, dayOf(now));
  if (!swipe?.answer.receipt || swipe.elderId === null) {
    return refuse('SWIPE_UNKNOWN', { zh: '无此刷卡记录', en: 'No such recorded swipe' }, ['swipeId']);
  }
  await lockElderAccount(manager, swipe.elderId);
  const voidedBefore = refuse('ALREADY_VOIDED', { zh: '此笔已撤销', en: 'Already voided' }, ['swipeId']);
  if (swipe.answer.receipt.voided) return voidedBefore;
  const refusal =
    (await refusalOfMonth(manager, swipe, dayOf(now), ofMonth)) ??
    (await refusalOfSettled(manager, swipe.id, swipe.elderId));
  if (refusal) return refusal;
  if (!(await markVoided(manager, swipe.id, { reason, byId, now }))) return voidedBefore;

  const entries = await oppositeEntries(manager, swipe.id);
  const accountId = await ledgerAccountId(manager, 'ELDER', swipe.elderId);
  const posting: Posting = { id: postingId, kind: 'VOID', sourceId: swipe.id, at: now, entries };
  const returned = entries.filter((entry) => entry.accountId === accountId).map(({ fen }) => fen);
  await post(manager, posting, new Map([[accountId, returned[0] ?? 0]]));
  announceCanteenDay(manager, swipe.canteenId);
  const voided = (await readSwipes(manager, [swipe.command.swipeId])).get(swipe.command.swipeId);
  if (!voided?.answer.receipt) throw new Error(`swipe ${swipe.id} vanished while it was voided`);
  return voided.answer.receipt;
}

async function lockElderAccount(manager: EntityManager, elderId: number): Promise<void> {
  await manager.query(
    `SELECT id FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?${forUpdate(manager)}`,
    [elderId],
  );
}

/** Nobody is left to get the money, or the canteen bears it already. An erasure waits behind the lock of the account. */
async function refusalOfSettled(
  manager: EntityManager,
  swipeRowId: number,
  elderId: number,
): Promise<Refusal<VoidRefusalCode> | undefined> {
  const erased: unknown[] = await manager.query(
    'SELECT id FROM elder WHERE id = ? AND erasedAt IS NOT NULL',
    [elderId],
  );
  if (erased.length > 0) {
    const text = {
      zh: '该老人的档案已删除，款项无人可退',
      en: "The elder's file was erased: there is nobody to give the money back to",
    };
    return refuse('ELDER_ERASED', text, ['swipeId']);
  }
  if (!(await isDisputeUpheld(manager, swipeRowId))) return undefined;
  const text = {
    zh: '此笔争议已成立，补贴由食堂承担',
    en: 'A dispute about it was upheld: the canteen bears it',
  };
  return refuse('DISPUTE_UPHELD', text, ['swipeId']);
}

/** False when somebody voided it first. */
async function markVoided(
  manager: EntityManager,
  id: number,
  { reason, byId, now }: { reason: string; byId: number; now: Date },
): Promise<boolean> {
  const affected = await affectedRows(
    manager,
    `UPDATE swipe SET voidedAt = ?, voidReason = ?, voidedById = ?, claimedMeal = NULL
      WHERE id = ? AND voidedAt IS NULL`,
    [now.getTime(), reason, byId, id],
  );
  if (affected !== 1) return false;
  // Nothing is left to decide.
  await manager.query('UPDATE swipe_review SET openCanteenId = NULL WHERE swipeRowId = ?', [id]);
  return true;
}

/**
 * A swipe stands in the statement of the month in which it was booked, and its opposite in today's, which must take
 * postings either way.
 */
async function refusalOfMonth(
  manager: EntityManager,
  { id, canteenId }: StoredSwipe,
  today: Day,
  wanted: 'OPEN' | 'FROZEN',
): Promise<Refusal<VoidRefusalCode> | undefined> {
  const rows: { bookedOn: Day }[] = await manager.query(
    "SELECT CAST(bookedOn AS CHAR) AS bookedOn FROM ledger_posting WHERE kind = 'SWIPE' AND sourceId = ?",
    [id],
  );
  const booked = monthOf(rows[0]?.bookedOn ?? today);
  const isBookedOpen = await isMonthOpen(manager, { canteenId, month: booked });
  const isTodayOpen = await isMonthOpen(manager, { canteenId, month: monthOf(today) });
  if (!isTodayOpen || (wanted === 'OPEN' && !isBookedOpen)) {
    const text = {
      zh: '该月结算单已冻结，请在次月更正',
      en: "The month's statement is frozen; correct it in the next one",
    };
    return refuse('MONTH_CLOSED', text, ['swipeId']);
  }
  if (wanted === 'OPEN' || !isBookedOpen) return undefined;
  const text = {
    zh: '该月结算单尚未冻结，请直接撤销',
    en: "The month's statement is not frozen: void it instead",
  };
  return refuse('MONTH_OPEN', text, ['swipeId']);
}

/** What the swipe and the decisions on it left on each account, taken back. */
async function oppositeEntries(manager: EntityManager, swipeRowId: number): Promise<Entry[]> {
  const reviews: { id: number | string }[] = await manager.query(
    'SELECT id FROM swipe_review WHERE swipeRowId = ?',
    [swipeRowId],
  );
  const sources = [swipeRowId, ...reviews.map(({ id }) => Number(id))];
  const rows: { accountId: number; fen: number | string }[] = await manager.query(
    `SELECT n.accountId, SUM(n.fen) AS fen
       FROM ledger_posting p
       JOIN ledger_entry n ON n.postingId = p.id
      WHERE p.kind IN ('SWIPE', 'REVIEW') AND p.sourceId IN (${placeholders(sources)})
      GROUP BY n.accountId
      ORDER BY MIN(p.id), MIN(n.line)`,
    sources,
  );
  return rows.map(({ accountId, fen }) => ({ accountId, fen: -Number(fen) }));
}
