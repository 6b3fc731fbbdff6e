import { meals } from '../../../entities/meals/meal-window.entity.js';
import { diningModes, menuKinds } from '../../../entities/meals/swipe.entity.js';
import type { PersonConditions } from '../../elders/person-conditions.rules.js';
import { mealFenMax } from '../meal-price.rules.js';
import { minutesOf } from './rule-conditions.rules.js';
import type { Rule, When, Who } from './rule-language.rules.js';

/** One text for all ways to write the same conditions: in another order, or with one that every meal fulfils. */
export function conditionsKey({ who, when = {}, where, how, menus, bill }: Rule): string {
  const { weekdays, holidays = null, fromDay = null, toDay = null } = when;
  const days = [listed(weekdays, [1, 2, 3, 4, 5, 6, 7]), holidays, fromDay, toDay];
  const times = [listed(when.meals, meals), minutesWithin(when)];
  const places = beginnings(where?.divisions);
  return JSON.stringify([
    whoKey(who ?? {}),
    days,
    times,
    places,
    listed(how, diningModes),
    listed(menus, menuKinds),
    billWithin({ bill }),
  ]);
}

/** The same for whom a rule is for; every rule is held against every other, so each is looked at once. */
export function whoKey(who: Who): string {
  const known = keys.get(who);
  if (known !== undefined) return known;
  const { allOf = [], anyOf = [], noneOf = [], ...person } = who;
  const [ofAll, ofAny, ofNone] = [allOf, anyOf, noneOf].map((some) => [...new Set(some.map(whoKey))].sort());
  const key = personKey(
    person,
    ofAll?.filter((part) => part !== everybody),
    ofAny?.includes(everybody) ? [] : ofAny,
    ofNone,
  );
  keys.set(who, key);
  return key;
}

const keys = new WeakMap<Who, string>();

function personKey(
  { ageFrom = 0, ageTo = 150, categories, abilityFrom, abilityTo, residence }: PersonConditions,
  ...combined: (string[] | undefined)[]
): string {
  // Who has no assessment that counts is of no level at all, so even all levels ask for something.
  const isLevelAsked = abilityFrom !== undefined || abilityTo !== undefined;
  const levels = isLevelAsked ? [abilityFrom ?? 0, abilityTo ?? 4] : null;
  return JSON.stringify([ageFrom, ageTo, levels, listed(categories), beginnings(residence), ...combined]);
}

const everybody = personKey({}, [], [], []);

/** The first and the last price on the menu that a rule is for. */
export function billWithin({ bill = {} }: Pick<Rule, 'bill'>): readonly [number, number] {
  const { atLeastFen = 1, moreThanFen = 0, atMostFen = mealFenMax } = bill;
  return [Math.max(atLeastFen, moreThanFen + 1), atMostFen];
}

/** The first and the last minute of the day that a rule is for. */
export function minutesWithin({ fromTime = '00:00', toTime = '24:00' }: When): readonly [number, number] {
  return [minutesOf(fromTime), minutesOf(toTime) - 1];
}

/** Null for what is said of all there are, as for what is not said. */
function listed<Value>(values: readonly Value[] | undefined, all?: readonly Value[]): Value[] | null {
  if (!values || all?.every((each) => values.includes(each))) return null;
  return [...values].sort();
}

/** Without those that lie within another. */
function beginnings(codes: readonly string[] | undefined): string[] | null {
  if (!codes) return null;
  const outermost = codes.filter((code) => !codes.some((other) => other !== code && code.startsWith(other)));
  return [...new Set(outermost)].sort();
}
