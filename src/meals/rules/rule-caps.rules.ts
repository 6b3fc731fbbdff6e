import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { addDays, type Day, weekdayOf } from '../../shared/china-time.js';
import type { RuleSetTerms } from '../subsidy.rules.js';
import type { Cap, Group, Rule } from './rule-language.rules.js';
import type { RuleNeeds } from './rule-needs.rules.js';

/** What a rule gave towards one meal. Rules keep their codes from version to version, and so what was had. */
export interface RuleUse {
  setCode: string;
  groupCode: string;
  ruleCode: string;
  fen: number;
}

/** A meal that an elder had and that was not taken back, with what rules gave towards it. */
export interface PastMeal {
  day: Day;
  meal: Meal;
  uses: readonly RuleUse[];
}

/** What a cap is on: a rule, a group without `ruleCode`, or a whole set with neither. */
export interface CapOwner {
  setCode: string;
  groupCode?: string;
  ruleCode?: string;
}

/** A cap, and what it is on. */
export interface OwnedCap {
  owner: CapOwner;
  cap: Cap;
}

/** Days that a cap counts together, both included. */
export interface Period {
  first: Day;
  last: Day;
}

/** Every cap that what a rule gives is counted against: its own, its group's and its set's. */
export function capsOn({ code: setCode, document }: RuleSetTerms, group: Group, rule: Rule): OwnedCap[] {
  if (!rule.caps && !group.caps && !document.caps) return [];
  const groupCode = group.code;
  return [
    ...(rule.caps ?? []).map((cap) => ({ owner: { setCode, groupCode, ruleCode: rule.code }, cap })),
    ...(group.caps ?? []).map((cap) => ({ owner: { setCode, groupCode }, cap })),
    ...(document.caps ?? []).map((cap) => ({ owner: { setCode }, cap })),
  ];
}

/** A cap that left less than the rule would have given, and what had been had of it. */
export interface ReachedCap extends OwnedCap {
  usedTimes: number;
  usedFen: number;
  /** The part of it that earlier rules gave towards this very meal. */
  mealFen: number;
}

/** The days that a cap counts together with `day`: itself, its week from Monday to Sunday, or its month. */
export function periodOf(per: Cap['per'], day: Day): Period {
  if (per === 'WEEK') {
    const first = addDays(day, 1 - weekdayOf(day));
    return { first, last: addDays(first, 6) };
  }
  if (per === 'MONTH') {
    const first = `${day.slice(0, 7)}-01`;
    // The 32nd day from the first lies in the next month, however long this one is.
    return { first, last: addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1) };
  }
  return { first: day, last: day };
}

/**
 * The days whose meals must be known on `day` where this is the longest period of a cap. A week may begin before the
 * month and end after it, so whoever counts a month knows its weeks whole.
 */
export function daysCounted(longest: RuleNeeds['past'], day: Day): Period {
  if (longest === 'NOTHING') return { first: day, last: day };
  const own = periodOf(longest, day);
  if (longest !== 'MONTH') return own;
  const week = periodOf('WEEK', day);
  return {
    first: week.first < own.first ? week.first : own.first,
    last: week.last > own.last ? week.last : own.last,
  };
}

/**
 * How much of `fen` the caps leave, and the one that left least where that is less.
 *
 * @param now what this very meal has been given so far
 */
export function withinCaps(
  fen: number,
  caps: readonly OwnedCap[],
  past: readonly PastMeal[],
  day: Day,
  now: readonly RuleUse[],
): { fen: number; reached: ReachedCap | null } {
  let least: { fen: number; reached: ReachedCap | null } = { fen, reached: null };
  for (const { owner, cap } of caps) {
    const { usedTimes, usedFen } =
      cap.per === 'MEAL' ? nothingUsed : usedOf(owner, past, periodOf(cap.per, day));
    const nowFen = sumOf(owner, now);
    const isOver = cap.times !== undefined && usedTimes >= cap.times;
    const leftFen = cap.fen === undefined ? fen : Math.max(0, cap.fen - usedFen - nowFen);
    const left = isOver ? 0 : Math.min(fen, leftFen);
    if (left >= least.fen) continue;
    const reached = { owner, cap, usedTimes, usedFen: usedFen + nowFen, mealFen: nowFen };
    least = { fen: left, reached };
  }
  return least;
}

const nothingUsed = { usedTimes: 0, usedFen: 0 };

/** What was had before of what a cap is on, over a period: meals towards which it gave anything, and fen. */
export function usedOf(
  owner: CapOwner,
  past: readonly PastMeal[],
  { first, last }: Period,
): { usedTimes: number; usedFen: number } {
  let usedTimes = 0;
  let usedFen = 0;
  for (const meal of past) {
    if (meal.day < first || meal.day > last) continue;
    const fen = sumOf(owner, meal.uses);
    if (fen === 0) continue;
    usedTimes += 1;
    usedFen += fen;
  }
  return { usedTimes, usedFen };
}

function sumOf({ setCode, groupCode, ruleCode }: CapOwner, uses: readonly RuleUse[]): number {
  let fen = 0;
  for (const use of uses) {
    const isOwn =
      use.setCode === setCode &&
      (groupCode === undefined || use.groupCode === groupCode) &&
      (ruleCode === undefined || use.ruleCode === ruleCode);
    if (isOwn) fen += use.fen;
  }
  return fen;
}
