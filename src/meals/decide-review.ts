import type { EntityManager } from 'typeorm';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { type InstitutionStays, noStays } from '../elders/institution-stays.js';
import { type Scope, supervises } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { hasControls } from '../shared/control-characters.js';
import { forUpdate } from '../shared/database.js';
import { monthOf } from '../shared/month.js';
import { isRefusal } from '../shared/refusal.js';
import { affectedRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { announceCanteenDay } from './canteen-news.js';
import { isDisputeUpheld } from './canteen-settlement.js';
import { findReview, type Review } from './find-reviews.js';
import { post } from './ledger.js';
import { isMonthOpen } from './month-state.js';
import { type ElderAccount, type Settled, settledBy } from './review-bearer.js';
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
 * on, so that no second one is subsidised. Of a meal that is doubted later, what funders bear and is in doubt is decided
 * on, and booked from them to whoever bears it. That funders bear anything is decided by a grant above the canteen.
 * Each review is decided once; a replay is answered with that review as it stands.
 */
export async function decideReview(
  manager: EntityManager,
  decision: ReviewDecision,
  scope: Scope,
  stays: InstitutionStays = noStays,
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
  const account = await lockAccount(manager, seen.swipeRowId);
  // Looked at again behind the lock: somebody may have decided or voided it meanwhile.
  const review = await findReview(manager, swipeId, scope, today);
  if (!review) throw new Error(`review ${seen.id} vanished while it was decided`);
  const earlier = await earlierAnswer(manager, given, review, (number) =>
    findReview(manager, swipeId, scope, today, number),
  );
  if (earlier) return earlier;
  if (review.decision) return refuseReview('ALREADY_DECIDED');
  if (review.voided) return refuseReview('SWIPE_VOIDED');
  // The canteen bears it since then, and what a decision gave would be given twice.
  if (await isDisputeUpheld(manager, review.swipeRowId)) return refuseReview('DISPUTE_UPHELD');
  if (review.withdrawn) return refuseReview('REVIEW_WITHDRAWN');
  // It is booked today, so today's month must still take postings; the meal's own may be frozen long since.
  if (!(await isMonthOpen(manager, { canteenId: review.canteenId, month: monthOf(today) }))) {
    return refuseReview('MONTH_CLOSED');
  }
  // The canteen would have public money make good what it may have caused itself.
  if (fundersBear(given) && !(await supervises(manager, scope, review.canteenId, today))) {
    return refuseReview('SUPERVISOR_NEEDED');
  }
  const settled = await settledBy(manager, given, review, account, stays);
  if (isRefusal(settled)) return settled;
  await write(manager, given, review, account, settled);
  announceCanteenDay(manager, review.canteenId);
  const decided = await findReview(manager, swipeId, scope, today);
  if (!decided) throw new Error(`review ${review.id} vanished after it was decided`);
  return decided;
}

function malformedBy({ requestId, note, bornBy, funderCode }: ReviewDecision): ReviewRefusal | undefined {
  if (!isUuid(requestId)) return refuseReview('REQUEST_ID_MALFORMED');
  if (note === '' || note.length > noteLengthMax || hasControls(note)) return refuseReview('NOTE_INVALID');
  if ((bornBy === 'FUNDER') !== (funderCode !== null)) return refuseReview('FUNDER_NOT_FITTING');
  return undefined;
}

/** Whether the money of funders is spent on it, or stays spent. */
function fundersBear({ bornBy }: ReviewDecision): boolean {
  return bornBy === 'FUNDER' || bornBy === 'AS_PAID';
}

/** The swipe, then the account of the elder who ate: voids, disputes, swipes and other decisions wait behind them. */
async function lockAccount(manager: EntityManager, swipeRowId: number): Promise<ElderAccount> {
  const swipes: { elderId: number }[] = await manager.query(
    `SELECT elderId FROM swipe WHERE id = ?${forUpdate(manager)}`,
    [swipeRowId],
  );
  const elderId = swipes[0]?.elderId ?? 0;
  const rows: { id: number; balanceFen: number | string }[] = await manager.query(
    `SELECT id, balanceFen FROM ledger_account WHERE kind = 'ELDER' AND ownerId = ?${forUpdate(manager)}`,
    [elderId],
  );
  if (!rows[0]) throw new Error(`elder ${elderId} has a swipe and no account`);
  return { id: rows[0].id, balanceFen: Number(rows[0].balanceFen), elderId };
}

/** The answer to a request id that was used before, for whichever review of the swipe; undefined when it is new. */
async function earlierAnswer(
  manager: EntityManager,
  given: ReviewDecision,
  { swipeRowId }: Review,
  numbered: (number: number) => Promise<Review | undefined>,
): Promise<Review | ReviewRefusal | undefined> {
  const rows: { swipeRowId: number | string; number: number }[] = await manager.query(
    'SELECT swipeRowId, number FROM swipe_review WHERE requestId = ?',
    [given.requestId],
  );
  if (!rows[0]) return undefined;
  const answered = Number(rows[0].swipeRowId) === swipeRowId ? await numbered(rows[0].number) : undefined;
  const same =
    answered?.decision?.bornBy === given.bornBy &&
    answered.decision.funderCode === given.funderCode &&
    answered.decision.note === given.note;
  return same ? answered : refuseReview('REQUEST_ID_REUSED');
}

async function write(
  manager: EntityManager,
  { requestId, bornBy, note, byId, now, postingId }: ReviewDecision,
  { id, swipeRowId }: Review,
  account: ElderAccount,
  { entries, funder, elderPaysFen }: Settled,
): Promise<void> {
  const decided = await affectedRows(
    manager,
    `UPDATE swipe_review
        SET openCanteenId = NULL, requestId = ?, bornBy = ?, funderId = ?, note = ?, decidedAt = ?, decidedById = ?
      WHERE id = ? AND decidedAt IS NULL`,
    [requestId, bornBy, funder?.id ?? null, note, now.getTime(), byId, id],
  );
  if (decided !== 1) throw new Error(`review ${id} was decided although its elder's account was locked`);
  if (funder) await manager.query('UPDATE swipe SET claimedMeal = meal WHERE id = ?', [swipeRowId]);
  const balances = new Map([[account.id, -elderPaysFen]]);
  await post(manager, { id: postingId, kind: 'REVIEW', sourceId: id, at: now, entries }, balances);
}
