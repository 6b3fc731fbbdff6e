import type { EntityManager } from 'typeorm';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { monthOf } from '../shared/month.js';
import { isRefusal } from '../shared/refusal.js';
import { affectedRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { type FunderFacts, funderByCode } from './add-funder.js';
import { findReview, type Review } from './find-reviews.js';
import { ledgerAccountId, post } from './ledger.js';
import { isMonthOpen } from './month-state.js';
import { noteLengthMax, type ReviewRefusal, refuseReview } from './review-refusals.js';

export interface ReviewDecision {
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  swipeId: string;
  bornBy: ReviewBearer;
  /** Which funder, where one bears it; else null. */
  funderCode: string | null;
  /** Why, 1 to 200 characters. */
  note: string;
  byId: number;
  now: Date;
  /** An unused id for the posting. */
  postingId: number;
}

/**
 * Decides who bears a meal that was recorded for review, and books its price from the canteen's discount, where it
 * was kept until now, to whoever bears it. A meal that a funder bears is the elder's meal of that day from then
 * on, so that no second one is subsidised. Decided once; a replay is answered with the review as it stands.
 */
export async function decideReview(
  manager: EntityManager,
  decision: ReviewDecision,
  scope: Scope,
): Promise<Review | ReviewRefusal> {
  const { swipeId, now } = decision;
  const given = {
    ...decision,
    requestId: decision.requestId.toLowerCase(),
    note: decision.note.trim(),
  };
  const malformed = malformedBy(given);
  if (malformed) return malformed;
  const today = dayOf(now);
  const seen = await findReview(manager, swipeId, scope, today);
  if (!seen) return refuseReview('REVIEW_UNKNOWN');
  const account = await lockAccount(manager, seen.id);
  // Looked at again behind the lock: somebody may have decided or voided it meanwhile.
  const review = await findReview(manager, swipeId, scope, today);
  if (!review) throw new Error(`review ${seen.id} vanished while it was decided`);
  const earlier = await earlierAnswer(manager, given, review);
  if (earlier) return earlier;
  if (review.decision) return refuseReview('ALREADY_DECIDED');
  if (review.voided) return refuseReview('SWIPE_VOIDED');
  // It is booked today, so today's month must still take postings; the meal's own may be frozen long since.
  if (!(await isMonthOpen(manager, { canteenId: review.canteenId, month: monthOf(today) }))) {
    return refuseReview('MONTH_CLOSED');
  }
  const bearer = await bearerOf(manager, given, review, account);
  if (isRefusal(bearer)) return bearer;
  await write(manager, given, review, bearer);
  const decided = await findReview(manager, swipeId, scope, today);
  if (!decided) throw new Error(`review ${review.id} vanished after it was decided`);
  return decided;
}

function malformedBy({ requestId, note, bornBy, funderCode }: ReviewDecision): ReviewRefusal | undefined {
  if (!isUuid(requestId)) return refuseReview('REQUEST_ID_MALFORMED');
  if (note === '' || note.length > noteLengthMax || /\p{Cc}/u.test(note)) return refuseReview('NOTE_INVALID');
  if ((bornBy === 'FUNDER') !== (funderCode !== null)) return refuseReview('FUNDER_NOT_FITTING');
  return undefined;
}

interface ElderAccount {
  id: number;
  balanceFen: number;
  elderId: number;
}

/** The account of the elder who ate: voids, swipes and other decisions of this elder wait behind it. */
async function lockAccount(manager: EntityManager, swipeRowId: number): Promise<ElderAccount> {
  const swipes: { elderId: number }[] = await manager.query('SELECT elderId FROM swipe WHERE id = ?', [
    swipeRowId,
  ]);
  const elderId = swipes[0]?.elderId ?? 0;
  const rows: { id: number; balanceFen: number | string }[] = await manager.query(
    `SELECT id, balanceFen FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?${forUpdate(manager)}`,
    [elderId],
  );
  if (!rows[0]) throw new Error(`elder ${elderId} has a swipe and no account`);
  return { id: rows[0].id, balanceFen: Number(rows[0].balanceFen), elderId };
}

/** The answer to a request id that was used before; undefined when it is new. */
async function earlierAnswer(
  manager: EntityManager,
  given: ReviewDecision,
  review: Review,
): Promise<Review | ReviewRefusal | undefined> {
  const rows: { id: number | string }[] = await manager.query(
    'SELECT id FROM swipe_review WHERE requestId = ?',
    [given.requestId],
  );
  if (!rows[0]) return undefined;
  const { decision } = review;
  const same =
    Number(rows[0].id) === review.id &&
    decision?.bornBy === given.bornBy &&
    decision.funderCode === given.funderCode &&
    decision.note === given.note;
  return same ? review : refuseReview('REQUEST_ID_REUSED');
}

interface Bearer {
  accountId: number;
  /** Null unless a funder bears it. */
  funder: FunderFacts | null;
  /** Whose kept balance changes with it. */
  keptAccountId: number | null;
}

/** The account that pays, or why it cannot. */
async function bearerOf(
  manager: EntityManager,
  { bornBy, funderCode }: ReviewDecision,
  review: Review,
  account: ElderAccount,
): Promise<Bearer | ReviewRefusal> {
  if (bornBy === 'CANTEEN') {
    const accountId = await ledgerAccountId(manager, 'CANTEEN_DISCOUNT', review.canteenId);
    return { accountId, funder: null, keptAccountId: null };
  }
  if (bornBy === 'ELDER') {
    if (account.balanceFen < review.grossFen) return refuseReview('BALANCE_TOO_LOW');
    return { accountId: account.id, funder: null, keptAccountId: account.id };
  }
  const funder = await funderByCode(manager, funderCode ?? '');
  if (!funder) return refuseReview('FUNDER_UNKNOWN');
  if (await hadEnded(manager, account.elderId, review)) return refuseReview('ELDER_NOT_ENTITLED');
  if (await isMealHeld(manager, account.elderId, review)) return refuseReview('MEAL_ALREADY_TAKEN');
  const accountId = await ledgerAccountId(manager, 'FUNDER', funder.id);
  return { accountId, funder, keptAccountId: null };
}

async function hadEnded(manager: EntityManager, elderId: number, { mealDate }: Review): Promise<boolean> {
  const rows: unknown[] = await manager.query('SELECT id FROM elder WHERE id = ? AND endedOn <= ?', [
    elderId,
    mealDate,
  ]);
  return rows.length > 0;
}

async function isMealHeld(
  manager: EntityManager,
  elderId: number,
  { mealDate, meal }: Review,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM swipe WHERE elderId = ? AND mealDate = ? AND claimedMeal = ?',
    [elderId, mealDate, meal],
  );
  return rows.length > 0;
}

async function write(
  manager: EntityManager,
  { requestId, bornBy, note, byId, now, postingId }: ReviewDecision,
  { id, canteenId, grossFen }: Review,
  { accountId, funder, keptAccountId }: Bearer,
): Promise<void> {
  const decided = await affectedRows(
    manager,
    `UPDATE swipe_review
        SET openCanteenId = NULL, requestId = ?, bornBy = ?, funderId = ?, note = ?, decidedAt = ?, decidedById = ?
      WHERE id = ? AND decidedAt IS NULL`,
    [requestId, bornBy, funder?.id ?? null, note, now.getTime(), byId, id],
  );
  if (decided !== 1) throw new Error(`review ${id} was decided although its elder's account was locked`);
  if (funder) await manager.query('UPDATE swipe SET claimedMeal = meal WHERE id = ?', [id]);
  const entries = [
    { accountId: await ledgerAccountId(manager, 'CANTEEN_DISCOUNT', canteenId), fen: grossFen },
    { accountId, fen: -grossFen },
  ];
  const balances = new Map(keptAccountId === null ? [] : [[keptAccountId, -grossFen]]);
  await post(manager, { id: postingId, kind: 'REVIEW', sourceId: id, at: now, entries }, balances);
}
