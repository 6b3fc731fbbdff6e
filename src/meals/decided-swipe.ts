import { maskedName } from '../elders/masked-name.rules.js';
import type { Day } from '../shared/china-time.js';
import type { Insert } from '../shared/statements.js';
import type { Posting } from './ledger.js';
import type { SwipeRequest } from './record-swipes.js';
import { writtenUses } from './rules/rule-catalog.js';
import { isDiscount } from './subsidy.rules.js';
import {
  type CanteenTerms,
  type CardFacts,
  type Decision,
  fieldAtFault,
  type SwipeCommand,
} from './swipe.rules.js';
import { ruleLabel, type StoredSwipe, type SwipeAnswer, serialOf } from './swipe-receipt.js';

/** A swipe that will be kept, and everything that its rows and its receipt are made of. */
export interface DecidedSwipe {
  id: number;
  request: SwipeRequest;
  decision: Decision;
  canteen: CanteenTerms | undefined;
  card: CardFacts | undefined;
  /** The elder's balance after this swipe; null when the card is unknown. */
  balanceFen: number | null;
  /** The day of the tap; the day of receipt when the reader's clock is not to be believed. */
  mealDate: Day;
}

/** What a later swipe with the same id will find, its answer among it. */
export function storedAs(decided: DecidedSwipe): StoredSwipe {
  const { id, request, card } = decided;
  const { readerId, canteenId, command } = request;
  return { id, readerId, canteenId, elderId: card?.elderId ?? null, command, answer: answerOf(decided) };
}

export function unrecorded(
  { swipeId }: SwipeCommand,
  outcome: SwipeAnswer['outcome'],
  field: string | null = fieldAtFault(outcome) ?? null,
): SwipeAnswer {
  return { swipeId, outcome, reviewReason: null, replayed: false, field, receipt: null };
}

function answerOf({ id, request, decision, card, balanceFen, mealDate }: DecidedSwipe): SwipeAnswer {
  const { command, canteenId } = request;
  if (!('meal' in decision) || !card || balanceFen === null) return unrecorded(command, decision.outcome);
  const { subsidyFen, discountFen, selfPaidFen, shares, rule, uses } = decision.split;
  const reviewReason = decision.outcome === 'RECORDED_FOR_REVIEW' ? decision.reviewReason : null;
  return {
    swipeId: command.swipeId,
    outcome: decision.outcome,
    reviewReason,
    replayed: false,
    field: fieldAtFault(reviewReason ?? decision.outcome) ?? null,
    receipt: {
      serial: serialOf(id, mealDate),
      canteenId,
      elderName: maskedName(card.elderName),
      meal: decision.meal,
      mealDate,
      mode: command.mode,
      swipedAt: command.swipedAt,
      grossFen: command.grossFen,
      funding: shares.flatMap((share) =>
        share.funder && !isDiscount(share) ? [{ funder: share.funder.name, fen: share.fen }] : [],
      ),
      subsidyFen,
      discountFen,
      selfPaidFen,
      balanceFen,
      rule: rule ? ruleLabel(rule.code, rule.version) : null,
      uses: { ruleId: rule?.ruleSetId ?? null, subsidyFen, appliedRules: writtenUses(uses) },
      voided: false,
    },
  };
}

export const swipeColumns = [
  'id',
  'swipeId',
  'readerId',
  'canteenId',
  'sequence',
  'cardUid',
  'swipedAt',
  'receivedAt',
  'grossFen',
  'mode',
  'offline',
  'outcome',
  'reviewReason',
  'elderId',
  'mealDate',
  'meal',
  'claimedMeal',
  'subsidyFen',
  'discountFen',
  'selfPaidFen',
  'balanceFen',
  'ruleId',
  'menu',
  'appliedRules',
] as const;

/** The values of `swipeColumns`. */
export function swipeRow(swipe: DecidedSwipe, now: Date): unknown[] {
  const { id, request, decision, card, balanceFen, mealDate } = swipe;
  const { command, readerId, canteenId } = request;
  const recorded = 'meal' in decision ? decision : undefined;
  return [
    id,
    command.swipeId,
    readerId,
    canteenId,
    command.sequence,
    command.cardUid,
    command.swipedAt.getTime(),
    now.getTime(),
    command.grossFen,
    command.mode,
    command.offline,
    decision.outcome,
    decision.outcome === 'RECORDED_FOR_REVIEW' ? decision.reviewReason : null,
    card?.elderId ?? null,
    mealDate,
    recorded?.meal ?? null,
    decision.outcome === 'ACCEPTED' ? decision.meal : null,
    recorded?.split.subsidyFen ?? 0,
    recorded?.split.discountFen ?? 0,
    recorded?.split.selfPaidFen ?? 0,
    balanceFen,
    recorded?.split.rule?.ruleSetId ?? null,
    command.menu ?? 'SET_MEAL',
    recorded ? writtenUses(recorded.split.uses) : null,
  ];
}

/** The columns of a review that nobody has decided yet. */
export const reviewColumns = [
  'id',
  'swipeRowId',
  'number',
  'canteenId',
  'openCanteenId',
  'mealDate',
  'reason',
  'doubtedFen',
  'withdrawn',
] as const;

/** The rows of those that wait for a decision. */
export function reviewInsert(kept: readonly DecidedSwipe[]): Insert {
  return {
    table: 'swipe_review',
    columns: reviewColumns,
    rows: kept.flatMap(({ id, request: { canteenId }, decision, mealDate }) =>
      'reviewReason' in decision
        ? [[id, id, 1, canteenId, canteenId, mealDate, decision.reviewReason, null, false]]
        : [],
    ),
  };
}

/**
 * The canteen is owed the price; the funder, the canteen itself and the elder bear their parts of it. A swipe
 * that recorded nothing posts nothing.
 */
export function postingOf({ id, decision, canteen, card }: DecidedSwipe, now: Date): Posting[] {
  if (!('meal' in decision) || !canteen || !card) return [];
  const { subsidyFen, discountFen, selfPaidFen, shares } = decision.split;
  const entries = [
    { accountId: canteen.receivableAccountId, fen: subsidyFen + discountFen + selfPaidFen },
    ...shares.map(({ funder, fen }) => ({
      accountId: funder?.accountId ?? canteen.discountAccountId,
      fen: -fen,
    })),
    { accountId: card.accountId, fen: -selfPaidFen },
  ];
  return [{ id, kind: 'SWIPE', sourceId: id, at: now, entries }];
}
