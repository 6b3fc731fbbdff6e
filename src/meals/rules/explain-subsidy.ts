import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { findElder } from '../../elders/find-elder.js';
import { type InstitutionStays, noStays, stayKey } from '../../elders/institution-stays.js';
import type { Scope } from '../../network/scope.js';
import { type Day, dayOf, minuteOfDay } from '../../shared/china-time.js';
import { readCanteenTerms, termsKey } from '../canteen-terms.js';
import { readDiners } from '../diner-facts.js';
import { mealServedAt, nearestMeal } from '../meal-window.rules.js';
import { MealsTaken } from '../meals-taken.js';
import { type ExplainedSplit, splitPrice, termsUntilEnd } from '../subsidy.rules.js';
import type { CanteenTerms } from '../swipe.rules.js';

export interface SubsidyQuestion {
  elderId: number;
  canteenId: number;
  /** The instant of the tap, or a day and a meal of it. */
  tap: { at: Date } | { day: Day; meal: Meal };
  mode: DiningMode;
  menu: MenuKind;
  grossFen: number;
  now: Date;
  /** Who lives in an institution; nobody without it. */
  stays?: InstitutionStays;
}

export interface SubsidyExplanation {
  canteenId: number;
  day: Day;
  meal: Meal;
  /** The day of death, of moving away or of closing the file, when it is not after the meal: nothing is given then. */
  endedOn: Day | null;
  split: ExplainedSplit;
}

/**
 * How a meal of an elder would be split, or was, by the very rules that decide swipes: the trace of that
 * decision. The meal itself does not count against its own caps, so one that was had can be asked about.
 * Undefined when there is no such elder in `scope`, no such canteen, or no meal is served there.
 */
export async function explainSubsidy(
  manager: EntityManager,
  question: SubsidyQuestion,
  scope: Scope,
): Promise<SubsidyExplanation | undefined> {
  const { elderId, canteenId, tap, mode, menu, grossFen, now, stays = noStays } = question;
  const elder = await findElder(manager, elderId, scope, dayOf(now));
  const diner = (await readDiners(manager, elder ? [elderId] : [])).get(elderId);
  const day = 'at' in tap ? dayOf(tap.at) : tap.day;
  const key = { canteenId, day };
  const canteen = elder ? (await readCanteenTerms(manager, [key])).get(termsKey(key)) : undefined;
  const eaten = canteen && mealOf(canteen, tap);
  if (!elder || !diner || !canteen || !eaten) return undefined;
  const { meal, minute } = eaten;
  const endedOn = elder.endedOn !== null && elder.endedOn <= day ? elder.endedOn : null;
  const subsidy = termsUntilEnd(canteen.subsidy, endedOn, day);
  const taken = await MealsTaken.read(manager, [elderId], [day], canteen.needs.past);
  const past = taken
    .past(elderId, canteen.versions)
    .filter((other) => other.day !== day || other.meal !== meal);
  const living = await stays.on(manager, [elderId], [day]);
  const eater = { ...diner, inInstitution: living.has(stayKey(elderId, day)) };
  const split = splitPrice(subsidy, { diner: eater, day, minute, meal, mode, menu, grossFen }, past);
  return { canteenId, day, meal, endedOn, split };
}

/** The meal that a tap at that instant is taken for; of a meal that is asked for by name, its first minute. */
function mealOf(
  { windows }: CanteenTerms,
  tap: SubsidyQuestion['tap'],
): { meal: Meal; minute: number } | undefined {
  if ('at' in tap) {
    const minute = minuteOfDay(tap.at);
    const meal = mealServedAt(windows, minute) ?? nearestMeal(windows, minute);
    return meal && { meal, minute };
  }
  const window = windows.find((each) => each.meal === tap.meal);
  return window && { meal: tap.meal, minute: window.fromMinute };
}
