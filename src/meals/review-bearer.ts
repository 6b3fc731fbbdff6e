import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { type FunderFacts, funderByCode } from './add-funder.js';
import type { ReviewDecision } from './decide-review.js';
import type { Review } from './find-reviews.js';
import { endOf, whyNotBorne } from './funder-of-review.js';
import { type Entry, ledgerAccountId } from './ledger.js';
import { type ReviewRefusal, refuseReview } from './review-refusals.js';

/** The account of the elder who ate, behind its lock. */
export interface ElderAccount {
  id: number;
  balanceFen: number;
  elderId: number;
}

/** What a decision writes. */
export interface Settled {
  entries: readonly Entry[];
  /** Null unless a funder bears a meal that was recorded for review. */
  funder: FunderFacts | null;
  /** What the elder pays with it, in fen. */
  elderPaysFen: number;
}

/** How the books follow a decision, or why it cannot be. */
export function settledBy(
  manager: EntityManager,
  decision: ReviewDecision,
  review: Review,
  account: ElderAccount,
  stays: InstitutionStays,
): Promise<Settled | ReviewRefusal> {
  return review.doubtedFen === null
    ? settlePrice(manager, decision, review, account, stays)
    : settleSubsidy(manager, decision, review, account, review.doubtedFen);
}

/** The whole price leaves the canteen's discount, where it was kept, for whoever bears it. */
async function settlePrice(
  manager: EntityManager,
  { bornBy, funderCode }: ReviewDecision,
  review: Review,
  account: ElderAccount,
  stays: InstitutionStays,
): Promise<Settled | ReviewRefusal> {
  if (bornBy === 'AS_PAID') return refuseReview('BEARER_NOT_FITTING');
  const { canteenId, grossFen } = review;
  const discountId = await ledgerAccountId(manager, 'CANTEEN_DISCOUNT', canteenId);
  const borneBy = (accountId: number): Entry[] => [
    { accountId: discountId, fen: grossFen },
    { accountId, fen: -grossFen },
  ];
  if (bornBy === 'CANTEEN') return { entries: borneBy(discountId), funder: null, elderPaysFen: 0 };
  if (bornBy === 'ELDER') {
    if (account.balanceFen < grossFen) return refuseReview('BALANCE_TOO_LOW');
    return { entries: borneBy(account.id), funder: null, elderPaysFen: grossFen };
  }
  const funder = await funderByCode(manager, funderCode ?? '');
  if (!funder) return refuseReview('FUNDER_UNKNOWN');
  const fault = await whyNotBorne(manager, funder, review, account.elderId, stays);
  if (fault) return refuseReview(fault);
  if (await isMealHeld(manager, account.elderId, review)) return refuseReview('MEAL_ALREADY_TAKEN');
  const accountId = await ledgerAccountId(manager, 'FUNDER', funder.id);
  return { entries: borneBy(accountId), funder, elderPaysFen: 0 };
}

/**
 * The funders get back what they were charged, through the canteen's discount, and the canteen or the elder bears
 * it; or it is put back, so that the books show that the subsidy was looked at and stands.
 */
async function settleSubsidy(
  manager: EntityManager,
  { bornBy }: ReviewDecision,
  review: Review,
  account: ElderAccount,
  doubtedFen: number,
): Promise<Settled | ReviewRefusal> {
  if (bornBy === 'FUNDER') return refuseReview('BEARER_NOT_FITTING');
  const charged = await doubtedEntries(manager, review.id);
  const discountId = await ledgerAccountId(manager, 'CANTEEN_DISCOUNT', review.canteenId);
  const givenBack: Entry[] = [
    ...charged.map(({ accountId, fen }) => ({ accountId, fen: -fen })),
    { accountId: discountId, fen: -doubtedFen },
  ];
  if (bornBy === 'CANTEEN') return { entries: givenBack, funder: null, elderPaysFen: 0 };
  const relieved = { accountId: discountId, fen: doubtedFen };
  if (bornBy === 'ELDER') {
    if (account.balanceFen < doubtedFen) return refuseReview('BALANCE_TOO_LOW');
    const paid = { accountId: account.id, fen: -doubtedFen };
    return { entries: [...givenBack, relieved, paid], funder: null, elderPaysFen: doubtedFen };
  }
  // On the day of a death itself a meal may have come first, and whoever decides knows the hours.
  const endedOn = await endOf(manager, account.elderId);
  if (endedOn !== null && endedOn < review.mealDate) return refuseReview('ELDER_NOT_ENTITLED');
  return { entries: [...givenBack, relieved, ...charged], funder: null, elderPaysFen: 0 };
}

/** What funders bear and is in doubt: negative amounts. */
async function doubtedEntries(manager: EntityManager, reviewId: number): Promise<Entry[]> {
  const rows: { accountId: number; fen: number | string }[] = await manager.query(
    'SELECT accountId, fen FROM swipe_review_share WHERE reviewId = ? ORDER BY accountId',
    [reviewId],
  );
  return rows.map(({ accountId, fen }) => ({ accountId, fen: -Number(fen) }));
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
