import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { type PersonFacts, type PersonUnmet, unmetPerson } from '../../elders/person-conditions.rules.js';
import { type Day, weekdayOf } from '../../shared/china-time.js';
import { isWithinDays } from '../../shared/interval.js';
import type { Rule, RuleDocument, Who } from './rule-language.rules.js';

/** An elder, as far as rules ask. */
export interface DinerFacts extends PersonFacts {
  /** Whether the elder lives in an institution on the day of the meal. */
  inInstitution?: boolean;
}

/** A meal, as far as rules ask. */
export interface MealFacts {
  diner: DinerFacts;
  day: Day;
  /** Of the tap, since midnight. */
  minute: number;
  meal: Meal;
  mode: DiningMode;
  menu: MenuKind;
  grossFen: number;
  /** Of the canteen. */
  division: string;
}

/** The conditions of one rule, with what its document says for all of them. */
export interface RuleContext {
  document: Pick<RuleDocument, 'holidays' | 'institutions'>;
  /** The division code of the place that the rules are for. */
  scopeDivision: string;
}

/** Why a rule is not for a meal: the first condition, in the order of the language, that is not met. */
export type Unmet =
  | { why: 'INSTITUTION' }
  | PersonUnmet
  | { why: 'NONE_OF_SEVERAL'; each: readonly Unmet[] }
  | { why: 'EXCLUDED' }
  | { why: 'MEAL'; wanted: readonly Meal[] }
  | { why: 'WEEKDAY'; wanted: readonly number[] }
  | { why: 'TIME'; from: string; to: string }
  | { why: 'HOLIDAY'; wanted: 'ONLY' | 'EXCEPT' }
  | { why: 'DAY'; from: Day | null; to: Day | null }
  | { why: 'PLACE'; wanted: readonly string[] }
  | { why: 'MODE'; wanted: readonly DiningMode[] }
  | { why: 'MENU'; wanted: readonly MenuKind[] }
  | { why: 'BILL_BELOW'; fen: number }
  | { why: 'BILL_NOT_ABOVE'; fen: number }
  | { why: 'BILL_ABOVE'; fen: number };

/** Undefined when the rule is for this meal. */
export function unmetCondition(rule: Rule, facts: MealFacts, context: RuleContext): Unmet | undefined {
  if (facts.diner.inInstitution && context.document.institutions !== 'PAID') return { why: 'INSTITUTION' };
  const who = rule.who && unmetBy(rule.who, facts, context.scopeDivision);
  return who ?? unmetTime(rule, facts, context) ?? unmetPlace(rule, facts) ?? unmetBill(rule, facts);
}

/** Undefined when it is this elder, on the day of the meal. */
export function unmetBy(
  who: Who,
  facts: Pick<MealFacts, 'diner' | 'day'>,
  scopeDivision: string,
): Unmet | undefined {
  return (
    unmetPerson(who, facts.diner, facts.day, scopeDivision) ?? unmetCombination(who, facts, scopeDivision)
  );
}

function unmetCombination(
  { allOf, anyOf, noneOf }: Who,
  facts: Pick<MealFacts, 'diner' | 'day'>,
  scopeDivision: string,
): Unmet | undefined {
  for (const part of allOf ?? []) {
    const unmet = unmetBy(part, facts, scopeDivision);
    if (unmet) return unmet;
  }
  if (anyOf) {
    const each: Unmet[] = [];
    for (const part of anyOf) {
      const unmet = unmetBy(part, facts, scopeDivision);
      if (!unmet) break;
      each.push(unmet);
    }
    if (each.length === anyOf.length) return { why: 'NONE_OF_SEVERAL', each };
  }
  const isExcluded = noneOf?.some((part) => unmetBy(part, facts, scopeDivision) === undefined);
  return isExcluded ? { why: 'EXCLUDED' } : undefined;
}

function unmetTime({ when }: Rule, facts: MealFacts, { document }: RuleContext): Unmet | undefined {
  if (!when) return undefined;
  const { meals, weekdays, fromTime = '00:00', toTime = '24:00', holidays, fromDay, toDay } = when;
  const { day, meal, minute } = facts;
  if (meals && !meals.includes(meal)) return { why: 'MEAL', wanted: meals };
  if (weekdays && !weekdays.includes(weekdayOf(day))) return { why: 'WEEKDAY', wanted: weekdays };
  if (minute < minutesOf(fromTime) || minute >= minutesOf(toTime))
    return { why: 'TIME', from: fromTime, to: toTime };
  if (holidays && (holidays === 'ONLY') !== (document.holidays ?? []).includes(day))
    return { why: 'HOLIDAY', wanted: holidays };
  if (!isWithinDays(day, fromDay ?? day, toDay ?? null))
    return { why: 'DAY', from: fromDay ?? null, to: toDay ?? null };
  return undefined;
}

function unmetPlace({ where, how, menus }: Rule, facts: MealFacts): Unmet | undefined {
  const { division, mode, menu } = facts;
  if (where && !where.divisions.some((prefix) => division.startsWith(prefix)))
    return { why: 'PLACE', wanted: where.divisions };
  if (how && !how.includes(mode)) return { why: 'MODE', wanted: how };
  if (menus && !menus.includes(menu)) return { why: 'MENU', wanted: menus };
  return undefined;
}

function unmetBill({ bill }: Rule, { grossFen }: MealFacts): Unmet | undefined {
  if (!bill) return undefined;
  const { atLeastFen, moreThanFen, atMostFen } = bill;
  if (atLeastFen !== undefined && grossFen < atLeastFen) return { why: 'BILL_BELOW', fen: atLeastFen };
  if (moreThanFen !== undefined && grossFen <= moreThanFen)
    return { why: 'BILL_NOT_ABOVE', fen: moreThanFen };
  if (atMostFen !== undefined && grossFen > atMostFen) return { why: 'BILL_ABOVE', fen: atMostFen };
  return undefined;
}

/** Minutes since midnight of HH:MM. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** HH:MM of minutes since midnight. */
export function timeOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
