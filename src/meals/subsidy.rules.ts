import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { completedYears, type Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';

/** A row of the rule table, with what a posting needs to know of its funder. */
export interface SubsidyTerms {
  ruleId: number;
  code: string;
  version: number;
  funderName: string;
  funderAccountId: number;
  meal: Meal;
  ageMin: number;
  amountFen: number;
  fromDay: Day;
  toDay: Day | null;
}

/** What a meal is about, as far as a rule asks. */
export interface MealFacts {
  meal: Meal;
  day: Day;
  birthDate: Day;
  grossFen: number;
}

/** Who pays what: grossFen = subsidyFen + discountFen + selfPaidFen, all of them zero or more. */
export interface Split {
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  /** The rule that gave the subsidy; null when none gave anything. */
  rule: SubsidyTerms | null;
}

/**
 * Splits the price of a meal. Of the rules in force on the day of the meal the one that gives most counts,
 * the one first in the alphabet among equals, and none gives more than the meal costs.
 */
export function splitPrice(rules: readonly SubsidyTerms[], facts: MealFacts): Split {
  const rule = rules.filter((terms) => applies(terms, facts)).sort(byAmountThenCode)[0] ?? null;
  const subsidyFen = rule ? Math.min(rule.amountFen, facts.grossFen) : 0;
  return { subsidyFen, discountFen: 0, selfPaidFen: facts.grossFen - subsidyFen, rule };
}

function applies(terms: SubsidyTerms, { meal, day, birthDate }: MealFacts): boolean {
  return (
    terms.meal === meal &&
    isWithinDays(day, terms.fromDay, terms.toDay) &&
    completedYears(birthDate, day) >= terms.ageMin
  );
}

function byAmountThenCode(one: SubsidyTerms, other: SubsidyTerms): number {
  return other.amountFen - one.amountFen || (one.code < other.code ? -1 : 1);
}
