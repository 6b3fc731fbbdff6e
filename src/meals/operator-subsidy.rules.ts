import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { Day } from '../shared/china-time.js';
import type { DinerFacts } from './rule-conditions.rules.js';
import { unmetBy } from './rule-conditions.rules.js';
import type { DeliveryRule, OperatorRule, RuleDocument } from './rule-language.rules.js';
import { type BorneShare, divided, type FunderFacts } from './rule-shares.rules.js';

/** A meal of a canteen that counts, without those that were taken back. */
export interface ServedMeal {
  elderId: number;
  day: Day;
  meal: Meal;
  mode: DiningMode;
  /** Codes of the rules of the document that gave something towards it. */
  rules: readonly string[];
}

/** What whoever runs a canteen gets by one rule for a month's meals. */
export interface OperatorSubsidy {
  rule: OperatorRule;
  /** Meals, persons and days, persons, or one month, as the rule counts. */
  count: number;
  fen: number;
  shares: readonly BorneShare[];
}

/**
 * What whoever runs a canteen gets beside the bills, by each operator rule of a document, for the meals of one
 * month, or of one day where nothing is counted by the month. Shares that nobody bears are not given.
 *
 * @param division the canteen's division code
 */
export function operatorSubsidies(
  { operators = [] }: Pick<RuleDocument, 'operators'>,
  meals: readonly ServedMeal[],
  { division, funders }: { division: string; funders: readonly FunderFacts[] },
): OperatorSubsidy[] {
  const places = { residence: division, canteen: division };
  return operators.map((rule) => {
    const counted = meals.filter((meal) => counts(rule, meal));
    const count = counted.length < (rule.mealsAtLeast ?? 0) ? 0 : countOf(rule, counted);
    const dueFen = Math.min(count * rule.fen, rule.monthFenMax ?? count * rule.fen);
    const { borne } = divided(dueFen, rule.borneBy, places, funders);
    return { rule, count, fen: borne.reduce((sum, { fen }) => sum + fen, 0), shares: borne };
  });
}

function counts(rule: OperatorRule, { meal, mode, rules }: ServedMeal): boolean {
  if (rule.meals && !rule.meals.includes(meal)) return false;
  if (rule.how && !rule.how.includes(mode)) return false;
  if (rule.counts === 'ALL') return true;
  return rule.rules ? rules.some((code) => rule.rules?.includes(code)) : rules.length > 0;
}

function countOf({ per }: OperatorRule, meals: readonly ServedMeal[]): number {
  switch (per) {
    case 'MEAL':
      return meals.length;
    case 'PERSON_DAY':
      return new Set(meals.map(({ elderId, day }) => `${elderId} ${day}`)).size;
    case 'PERSON_MONTH':
      return new Set(meals.map(({ elderId, day }) => `${elderId} ${day.slice(0, 7)}`)).size;
    case 'MONTH':
      return new Set(meals.map(({ day }) => day.slice(0, 7))).size;
  }
}

/** On which terms an elder may have meals brought; undefined when by no rule of the document. */
export function deliveryFor(
  { deliveries = [] }: Pick<RuleDocument, 'deliveries'>,
  facts: { diner: DinerFacts; day: Day },
  scopeDivision: string,
): DeliveryRule | undefined {
  return deliveries.find(({ who }) => !who || unmetBy(who, facts, scopeDivision) === undefined);
}
