import type { EntityManager } from 'typeorm';
import type { ReviewReason } from '../../entities/meals/swipe-review.entity.js';
import type { ElderDays } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import type { FunderShares } from './doubted-subsidy.rules.js';
import { kindOfEntry } from './ledger.js';
import type { StoredUses } from './rules/rule-catalog.js';

/** A recorded swipe that nobody took back. */
export interface RecordedSwipe extends StoredUses {
  id: number;
  canteenId: number;
  mealDate: Day;
  grossFen: number;
}

/** The recorded swipes of these days. Voids, disputes and decisions of them wait until the transaction ends. */
export async function lockSwipes(
  manager: EntityManager,
  { elderId, fromDay, toDay }: ElderDays,
): Promise<RecordedSwipe[]> {
  const before = toDay === null ? '' : ' AND mealDate < ?';
  const rows: (RecordedSwipe & Record<'id' | 'grossFen', number | string>)[] = await manager.query(
    `SELECT id, canteenId, CAST(mealDate AS CHAR) AS mealDate, grossFen, ruleId, subsidyFen, appliedRules
       FROM swipe
      WHERE elderId = ? AND mealDate >= ?${before} AND meal IS NOT NULL AND voidedAt IS NULL
      ORDER BY id${forUpdate(manager)}`,
    toDay === null ? [elderId, fromDay] : [elderId, fromDay, toDay],
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), grossFen: Number(row.grossFen) }));
}

/** A review of a swipe as far as the next one asks. */
export interface PastReview {
  id: number;
  number: number;
  reason: ReviewReason;
  state: 'OPEN' | 'DECIDED' | 'ENDED';
  /** The posting of its decision; null while there is none. */
  postingId: number | null;
}

/** A swipe that funders bear a part of, and how it was looked at until now. */
export interface ChargedSwipe extends RecordedSwipe {
  borne: FunderShares;
  /** In their order. */
  reviews: readonly PastReview[];
}

/** Those of these swipes that funders bear something of. One whose dispute was upheld costs them nothing any more. */
export async function readCharged(
  manager: EntityManager,
  swipes: readonly RecordedSwipe[],
): Promise<ChargedSwipe[]> {
  if (swipes.length === 0) return [];
  const ids = swipes.map(({ id }) => id);
  const reviews = await readReviews(manager, ids);
  const borne = await readBorne(manager, ids, reviews);
  const upheld: { sourceId: number | string }[] = await manager.query(
    `SELECT sourceId FROM statement_dispute WHERE decision = 'UPHELD' AND sourceId IN (${placeholders(ids)})`,
    ids,
  );
  for (const { sourceId } of upheld) borne.delete(Number(sourceId));
  return swipes.flatMap((swipe) => {
    const shares = borne.get(swipe.id);
    return shares ? [{ ...swipe, borne: shares, reviews: reviews.get(swipe.id) ?? [] }] : [];
  });
}

interface ReviewRow {
  id: number | string;
  swipeRowId: number | string;
  number: number;
  reason: ReviewReason;
  openCanteenId: number | null;
  decidedAt: number | string | null;
  postingId: number | string | null;
}

async function readReviews(
  manager: EntityManager,
  swipeRowIds: readonly number[],
): Promise<Map<number, PastReview[]>> {
  const rows: ReviewRow[] = await manager.query(
    `SELECT r.id, r.swipeRowId, r.number, r.reason, r.openCanteenId, r.decidedAt, p.id AS postingId
       FROM swipe_review r
       LEFT JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
      WHERE r.swipeRowId IN (${placeholders(swipeRowIds)})
      ORDER BY r.swipeRowId, r.number`,
    [...swipeRowIds],
  );
  const reviews = new Map<number, PastReview[]>();
  for (const { id, swipeRowId, number, reason, openCanteenId, decidedAt, postingId } of rows) {
    const own = reviews.get(Number(swipeRowId)) ?? [];
    const undecided = openCanteenId === null ? 'ENDED' : 'OPEN';
    const state = decidedAt === null ? undecided : 'DECIDED';
    own.push({
      id: Number(id),
      number,
      reason,
      state,
      postingId: postingId === null ? null : Number(postingId),
    });
    reviews.set(Number(swipeRowId), own);
  }
  return reviews;
}

/** What funders bear by the swipes and by what was decided on them since. */
async function readBorne(
  manager: EntityManager,
  swipeRowIds: readonly number[],
  reviews: ReadonlyMap<number, readonly PastReview[]>,
): Promise<Map<number, FunderShares>> {
  const swipeOf = new Map(swipeRowIds.map((id) => [id, id]));
  for (const [swipeRowId, own] of reviews) for (const { id } of own) swipeOf.set(id, swipeRowId);
  const rows: { sourceId: number | string; accountId: number; fen: number | string }[] = await manager.query(
    `SELECT p.sourceId, n.accountId, SUM(-n.fen) AS fen
       FROM ledger_posting p
       JOIN ledger_entry n ON n.postingId = p.id AND ${kindOfEntry} = 'FUNDER'
      WHERE p.kind IN ('SWIPE', 'REVIEW') AND p.sourceId IN (${placeholders([...swipeOf])})
      GROUP BY p.sourceId, n.accountId
      ORDER BY p.sourceId, n.accountId`,
    [...swipeOf.keys()],
  );
  const borne = new Map<number, Map<number, number>>();
  for (const { sourceId, accountId, fen } of rows) {
    const swipeRowId = swipeOf.get(Number(sourceId)) ?? 0;
    const own = borne.get(swipeRowId) ?? new Map<number, number>();
    own.set(accountId, (own.get(accountId) ?? 0) + Number(fen));
    borne.set(swipeRowId, own);
  }
  for (const [swipeRowId, own] of borne) {
    for (const [accountId, fen] of own) if (fen <= 0) own.delete(accountId);
    if (own.size === 0) borne.delete(swipeRowId);
  }
  return borne;
}
