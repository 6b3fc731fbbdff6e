import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { type Day, dayOf, minuteOfDay } from '../../shared/china-time.js';
import { isWithinDays } from '../../shared/interval.js';
import { mealServedAt, minuteWithin, nearestMeal, type ServingWindow } from '../meal-window.rules.js';
import { type ExplainedSplit, splitPrice } from '../subsidy.rules.js';
import { type CanteenTerms, servedAt } from '../swipe.rules.js';
import type { PastMeal } from './rule-caps.rules.js';
import type { DinerFacts } from './rule-conditions.rules.js';

export interface AskedMeal {
  /** The instant of the tap, or a day and a meal of it. */
  tap: { at: Date } | { day: Day; meal: Meal };
  mode: DiningMode;
  menu: MenuKind;
  grossFen: number;
}

/** What an explanation is made of: what the decision on a swipe of that day would be made of. */
export interface ExplainedFacts {
  /** As on the day of the meal. */
  canteen: CanteenTerms;
  diner: DinerFacts;
  /** The day of death, of moving away or of closing the file; null while it is open. */
  elderEndedOn: Day | null;
  /** As far back as the rules of the canteen count, the meal that is asked about among them if it was had. */
  past: readonly PastMeal[];
  isMealTaken(day: Day, meal: Meal): boolean;
}

/** Why no swipe of such a meal is accepted, whatever the rules say; in the order in which swipes are refused. */
export type NotAccepted =
  | { why: 'ELDER_NOT_ACTIVE'; endedOn: Day }
  | { why: 'CANTEEN_NOT_OPEN'; openedOn: Day; closedOn: Day | null }
  | { why: 'MEAL_NOT_SERVED'; minute: number }
  | { why: 'PRICE_OUT_OF_RANGE'; priceFenMax: number };

/** How a meal is split, or was, and why. */
export interface ExplainedMeal extends JudgedAt {
  day: Day;
  meal: Meal;
  /** Nothing is given then, and no rule is looked at. */
  notAccepted: NotAccepted | null;
  split: ExplainedSplit;
}

interface JudgedAt {
  /** Since midnight, what rules with hours are asked about. */
  minute: number;
  /** True where no instant was given, so that the minute is the middle of the meal's hours. */
  isAssumed: boolean;
}

/**
 * The explanation of a meal: the same rules over the same facts as the decision on its swipe. The meal does not
 * count against its own caps, so one that was had can be asked about. Undefined where the canteen serves no such meal.
 */
export function explainedMeal(asked: AskedMeal, facts: ExplainedFacts): ExplainedMeal | undefined {
  const { tap, mode, menu, grossFen } = asked;
  const { canteen, diner, past } = facts;
  const eaten = 'at' in tap ? mealAt(canteen.windows, tap.at, mode) : mealNamed(canteen.windows, tap);
  if (!eaten) return undefined;
  const { day, meal, minute } = eaten;
  const notAccepted = notAcceptedFor(asked, eaten, facts) ?? null;
  const subsidy = notAccepted ? { ...canteen.subsidy, sets: [] } : canteen.subsidy;
  const others = past.filter((other) => other.day !== day || other.meal !== meal);
  const split = splitPrice(subsidy, { diner, day, minute, meal, mode, menu, grossFen }, others);
  return { ...eaten, notAccepted, split };
}

interface EatenMeal extends JudgedAt {
  day: Day;
  meal: Meal;
}

/** The meal that a tap at that instant is taken for. */
function mealAt(windows: readonly ServingWindow[], at: Date, mode: DiningMode): EatenMeal | undefined {
  const tapped = minuteOfDay(at);
  const meal = mealServedAt(windows, tapped) ?? nearestMeal(windows, tapped);
  if (!meal) return undefined;
  // A meal that is brought may be handed over after its hours, and is judged within them.
  const minute = mode === 'DELIVERY' ? minuteWithin(windows, meal, tapped) : tapped;
  return { day: dayOf(at), meal, minute, isAssumed: false };
}

/** Of a meal without an instant, the middle of its hours: when most people eat. */
function mealNamed(
  windows: readonly ServingWindow[],
  { day, meal }: { day: Day; meal: Meal },
): EatenMeal | undefined {
  const window = windows.find((each) => each.meal === meal);
  if (!window) return undefined;
  return { day, meal, minute: Math.floor((window.fromMinute + window.toMinute) / 2), isAssumed: true };
}

function notAcceptedFor(
  { tap, grossFen }: AskedMeal,
  { day, meal, minute }: EatenMeal,
  { canteen, elderEndedOn, isMealTaken }: ExplainedFacts,
): NotAccepted | undefined {
  const { openedOn, closedOn, priceFenMax } = canteen;
  if (elderEndedOn !== null && day >= elderEndedOn) return { why: 'ELDER_NOT_ACTIVE', endedOn: elderEndedOn };
  if (!isWithinDays(day, openedOn, closedOn)) return { why: 'CANTEEN_NOT_OPEN', openedOn, closedOn };
  // Hours and the dearest price are known as they are today, and say nothing against a meal that was accepted.
  if (isMealTaken(day, meal)) return undefined;
  const tapped = 'at' in tap ? minuteOfDay(tap.at) : minute;
  if (servedAt(canteen, day, tapped) !== meal) return { why: 'MEAL_NOT_SERVED', minute: tapped };
  return grossFen > priceFenMax ? { why: 'PRICE_OUT_OF_RANGE', priceFenMax } : undefined;
}
