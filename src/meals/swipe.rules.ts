import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind, SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import { type Day, dayOf, minuteOfDay } from '../shared/china-time.js';
import { hasControls } from '../shared/control-characters.js';
import { isWithinDays } from '../shared/interval.js';
import { isUuid } from '../shared/uuid.js';
import { isCardUid, paysAt } from './card.rules.js';
import { mealFenMax } from './meal-price.rules.js';
import { mealServedAt, minuteWithin, nearestMeal, type ServingWindow } from './meal-window.rules.js';
import type { PastMeal } from './rules/rule-caps.rules.js';
import type { ApprovedRules } from './rules/rule-catalog.js';
import type { DinerFacts } from './rules/rule-conditions.rules.js';
import type { RuleNeeds } from './rules/rule-needs.rules.js';
import { type Split, type SubsidyTerms, splitPrice } from './subsidy.rules.js';

/** What a reader sends of one tap. */
export interface SwipeCommand {
  swipeId: string;
  sequence: number;
  cardUid: string;
  swipedAt: Date;
  grossFen: number;
  mode: DiningMode;
  /** A set meal where nothing is said. */
  menu?: MenuKind;
  offline: boolean;
  /** The meal that was ordered and is handed over; without it, it is the one served at the time of the tap. */
  ordered?: Meal;
}

/** The sequence number of a meal that came from no reader, and so of no reader's count. */
export const noSequence = -1;

/**
 * The highest number of a reader. The contract's Int goes about as far again: a reader whose counter was driven up to
 * this is still told by each answer that its number is at fault, and not refused request by request as unreadable.
 */
export const sequenceMax = 999_999_999;

/** How old and how early a tap may be. */
export interface SwipeLimits {
  liveSwipeAgeMinutesMax: number;
  offlineSwipeAgeDaysMax: number;
  clockSkewSecondsMax: number;
}

/** A canteen on one day, as far as a swipe asks. */
export interface CanteenTerms {
  canteenId: number;
  openedOn: Day;
  closedOn: Day | null;
  priceFenMax: number;
  windows: readonly ServingWindow[];
  /** The rules in force that day, those for the places that the canteen stood beneath. */
  subsidy: SubsidyTerms;
  /** What these rules ask of elders. */
  needs: RuleNeeds;
  /** Every approved version by its id: what an elder had before is kept by ids. */
  versions: ReadonlyMap<number, ApprovedRules>;
  receivableAccountId: number;
  discountAccountId: number;
}

/** A card and its elder, as far as a swipe asks. */
export interface CardFacts extends DinerFacts {
  cardId: number;
  /** When it was reported lost, replaced or closed; null while it is active. */
  stoppedAt: Date | null;
  /** The first day on which it no longer pays. */
  expiresOn: Day | null;
  elderId: number;
  elderName: string;
  elderEndedOn: Day | null;
  accountId: number;
  balanceFen: number;
}

export interface SwipeFacts {
  command: SwipeCommand;
  now: Date;
  limits: SwipeLimits;
  readerActive: boolean;
  /** Undefined when the canteen was never configured. */
  canteen: CanteenTerms | undefined;
  card: CardFacts | undefined;
  isMealTaken(day: Day, meal: Meal): boolean;
  /** Whether the elder lives in an institution on that day. */
  livesInInstitution(day: Day): boolean;
  /** The elder's earlier meals, as far back as the rules of the canteen count. */
  pastMeals(canteen: CanteenTerms): readonly PastMeal[];
}

export type Decision =
  | { outcome: RefusedOutcome }
  | { outcome: 'ACCEPTED'; meal: Meal; split: Split }
  | { outcome: 'RECORDED_FOR_REVIEW'; reviewReason: RefusedOutcome; meal: Meal; split: Split };

export type RefusedOutcome = Exclude<SwipeOutcome, 'ACCEPTED' | 'RECORDED_FOR_REVIEW'>;

/** Answers that change nothing and are not kept: whoever sends them again gets them again. */
const unkeptOutcomes: readonly SwipeOutcome[] = ['INPUT_MALFORMED', 'SWIPE_ID_REUSED', 'READER_NOT_ACTIVE'];

/**
 * True when the answer is kept, so that a replay gets it again and its sequence number is not missing. Of
 * refusals that the input alone deserves, whatever the database holds, nothing is written.
 */
export function isKept(outcome: SwipeOutcome, { cardUid, grossFen }: SwipeCommand): boolean {
  if (outcome === 'CARD_UNKNOWN') return isCardUid(cardUid);
  if (outcome === 'PRICE_OUT_OF_RANGE') return grossFen > 0;
  return !unkeptOutcomes.includes(outcome);
}

/**
 * What a meal that was eaten offline is recorded for review for. Before these stand the refusals that leave
 * no one to attribute the meal to, or no reader to believe, and they stay refusals.
 */
const reviewable: readonly SwipeOutcome[] = [
  'CARD_NOT_ACTIVE',
  'ELDER_NOT_ACTIVE',
  'MEAL_NOT_SERVED',
  'MEAL_ALREADY_TAKEN',
  'PRICE_OUT_OF_RANGE',
  'INSUFFICIENT_BALANCE',
];

/** The input field that is no swipe's at all, whatever the database holds; undefined when all are well. */
export function malformedField({ swipeId, sequence, cardUid, ordered }: SwipeCommand): string | undefined {
  if (!isUuid(swipeId)) return 'swipeId';
  const isCount = Number.isInteger(sequence) && sequence >= 0 && sequence <= sequenceMax;
  if (ordered ? sequence !== noSequence : !isCount) return 'sequence';
  // What is longer than any card's, or no text at all, cannot even be compared; other nonsense is an unknown card.
  if (cardUid.length > cardUidLengthMax || hasControls(cardUid)) return 'cardUid';
  return undefined;
}

const cardUidLengthMax = 32;

/** The input field that an outcome blames, for the reader's log. */
export function fieldAtFault(outcome: SwipeOutcome): keyof SwipeCommand | undefined {
  switch (outcome) {
    case 'SWIPE_ID_REUSED':
      return 'swipeId';
    case 'CLOCK_OUT_OF_RANGE':
      return 'swipedAt';
    case 'CARD_UNKNOWN':
    case 'CARD_NOT_ACTIVE':
      return 'cardUid';
    case 'PRICE_OUT_OF_RANGE':
      return 'grossFen';
    default:
      return undefined;
  }
}

/** Decides a well-formed swipe whose id is new. The refusals stand in the contract's order of precedence. */
export function decideSwipe(facts: SwipeFacts): Decision {
  const { command, canteen, card } = facts;
  if (!facts.readerActive) return { outcome: 'READER_NOT_ACTIVE' };
  if (!isTimely(facts)) return { outcome: 'CLOCK_OUT_OF_RANGE' };
  if (!card || !isCardUid(command.cardUid)) return { outcome: 'CARD_UNKNOWN' };

  const day = dayOf(command.swipedAt);
  const tapped = minuteOfDay(command.swipedAt);
  // What was ordered may be handed over after its window, and is the same meal.
  const minute = command.ordered ? minuteWithin(canteen?.windows ?? [], command.ordered, tapped) : tapped;
  const served = canteen && servedAt(canteen, day, minute);
  // What was ordered and is served there no more is not taken for the meal of the hour.
  const meal = command.ordered === undefined || command.ordered === served ? served : undefined;
  const refuse = (outcome: RefusedOutcome): Decision => {
    const eaten = meal ?? nearestMeal(canteen?.windows ?? [], minute);
    return eaten && isForReview(command, outcome) ? forReview(outcome, eaten, command.grossFen) : { outcome };
  };

  if (!paysAt(card, command.swipedAt)) return refuse('CARD_NOT_ACTIVE');
  if (card.elderEndedOn !== null && day >= card.elderEndedOn) return refuse('ELDER_NOT_ACTIVE');
  if (!canteen || !meal) return refuse('MEAL_NOT_SERVED');
  if (facts.isMealTaken(day, meal)) return refuse('MEAL_ALREADY_TAKEN');
  // The price of an order was held against the dearest meal when it was made, and is kept.
  const priceFenMax = command.ordered ? mealFenMax : canteen.priceFenMax;
  if (command.grossFen <= 0 || command.grossFen > priceFenMax) return refuse('PRICE_OUT_OF_RANGE');
  const { grossFen, mode, menu = 'SET_MEAL' } = command;
  const diner = facts.livesInInstitution(day) ? { ...card, inInstitution: true } : card;
  const eaten = { diner, day, minute, meal, mode, menu, grossFen };
  const split = splitPrice(canteen.subsidy, eaten, facts.pastMeals(canteen));
  if (split.selfPaidFen > card.balanceFen) return refuse('INSUFFICIENT_BALANCE');
  return { outcome: 'ACCEPTED', meal, split };
}

/** The meal that is served there at that minute; undefined between meals, and on a day when the canteen is not open. */
export function servedAt(canteen: CanteenTerms, day: Day, minute: number): Meal | undefined {
  const isOpen = isWithinDays(day, canteen.openedOn, canteen.closedOn);
  return isOpen ? mealServedAt(canteen.windows, minute) : undefined;
}

/** True when the tap is neither in the future nor older than its kind may be. */
export function isTimely({ command, now, limits }: Pick<SwipeFacts, 'command' | 'now' | 'limits'>): boolean {
  const ageMs = now.getTime() - command.swipedAt.getTime();
  const ageMsMax = command.offline
    ? limits.offlineSwipeAgeDaysMax * 86_400_000
    : limits.liveSwipeAgeMinutesMax * 60_000;
  return ageMs >= -limits.clockSkewSecondsMax * 1000 && ageMs <= ageMsMax;
}

/** A price that no meal has can have been nobody's meal, so it is refused offline too. */
function isForReview({ offline, grossFen }: SwipeCommand, outcome: SwipeOutcome): boolean {
  return offline && grossFen > 0 && grossFen <= mealFenMax && reviewable.includes(outcome);
}

/** Until a manager decides who bears it, the canteen does: nothing is charged to the elder or a funder. */
function forReview(reviewReason: RefusedOutcome, meal: Meal, grossFen: number): Decision {
  const shares = [{ funder: null, fen: grossFen }];
  const split = { subsidyFen: 0, discountFen: grossFen, selfPaidFen: 0, shares, uses: [], rule: null };
  return { outcome: 'RECORDED_FOR_REVIEW', reviewReason, meal, split };
}
