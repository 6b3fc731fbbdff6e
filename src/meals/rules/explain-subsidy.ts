import type { EntityManager } from 'typeorm';
import { cityCategoryNames } from '../../elders/city-categories.js';
import { findElder } from '../../elders/find-elder.js';
import { type InstitutionStays, noStays, stayKey } from '../../elders/institution-stays.js';
import { areaNames } from '../../network/area-names.js';
import type { Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { readCanteenTerms, termsKey } from '../canteen-terms.js';
import { readDiners } from '../diner-facts.js';
import { MealsTaken } from '../meals-taken.js';
import { type AskedMeal, type ExplainedMeal, explainedMeal } from './explained-meal.rules.js';
import type { CityNames } from './rule-words.rules.js';

export interface SubsidyQuestion extends AskedMeal {
  elderId: number;
  canteenId: number;
  now: Date;
  /** Who lives in an institution; nobody without it. */
  stays?: InstitutionStays;
}

export interface SubsidyExplanation extends ExplainedMeal {
  canteenId: number;
  /** What the places and categories that rules ask for are called. */
  names: CityNames;
}

/**
 * How a meal of an elder would be split, or was, by the very rules that decide swipes: the trace of that decision.
 * Undefined when there is no such elder in `scope`, no such canteen, or no such meal is served there.
 */
export async function explainSubsidy(
  manager: EntityManager,
  question: SubsidyQuestion,
  scope: Scope,
): Promise<SubsidyExplanation | undefined> {
  const { elderId, canteenId, tap, now, stays = noStays } = question;
  const elder = await findElder(manager, elderId, scope, dayOf(now));
  const diner = (await readDiners(manager, elder ? [elderId] : [])).get(elderId);
  const day = 'at' in tap ? dayOf(tap.at) : tap.day;
  const key = { canteenId, day };
  const canteen = elder ? (await readCanteenTerms(manager, [key])).get(termsKey(key)) : undefined;
  if (!elder || !diner || !canteen) return undefined;
  const taken = await MealsTaken.read(manager, [elderId], [day], canteen.needs.past);
  const living = await stays.on(manager, [elderId], [day]);
  const explained = explainedMeal(question, {
    canteen,
    diner: { ...diner, inInstitution: living.has(stayKey(elderId, day)) },
    elderEndedOn: elder.endedOn,
    past: taken.past(elderId, canteen.versions),
    isMealTaken: (mealDay, meal) => taken.has(elderId, mealDay, meal),
  });
  if (!explained) return undefined;
  const names = { areas: await areaNames(manager, day), categories: await cityCategoryNames(manager) };
  return { ...explained, canteenId, names };
}
