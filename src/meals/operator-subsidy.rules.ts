import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { Day } from '../shared/china-time.js';
import type { DinerFacts } from './rules/rule-conditions.rules.js';
import { unmetBy } from './rules/rule-conditions.rules.js';
import type { DeliveryRule, OperatorRule, RuleDocument } from './rules/rule-language.rules.js';
import { type BorneShare, divided, type FunderFacts } from './rules/rule-shares.rules.js';

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

/** A version of a set of rules with the meals of the days on which it was in force. */
export interface VersionMeals {
  document: Pick<RuleDocument, 'operators'>;
  meals: readonly ServedMeal[];
}

/** Where a canteen is, and who may bear what its operator gets. */
export interface OperatorPlace {
  /** The canteen's division code. */
  division: string;
  funders: readonly FunderFacts[];
}

/**
 * What whoever runs a canteen gets beside the bills, by each operator rule of a document, for the meals of one
 * month, or of one day where nothing is counted by the month. Shares that nobody bears are not given.
 */
export function operatorSubsidies(
  document: Pick<RuleDocument, 'operators'>,
  meals: readonly ServedMeal[],
  place: OperatorPlace,
): OperatorSubsidy[] {
  return operatorMonth([{ document, meals }], place);
}

/**
 * The same by the versions of one set that were in force in a month, in their order. Each counts its own days;
 * what an earlier one counted by the month it counts no more, a least number of meals is that of the whole month,
 * and what an earlier one gave is part of the most that the month may bring.
 */
export function operatorMonth(versions: readonly VersionMeals[], place: OperatorPlace): OperatorSubsidy[] {
  const given = new Map<string, { meals: ServedMeal[]; fen: number }>();
  const all: OperatorSubsidy[] = [];
  for (const { document, meals } of versions) {
    for (const rule of document.operators ?? []) {
      const before = given.get(rule.code) ?? { meals: [], fen: 0 };
      const counted = [...before.meals, ...meals.filter((meal) => counts(rule, meal))];
      const due = dueFor(
        rule,
        {
          meals: mealsOfMonth(versions, rule.code),
          count: countOf(rule, counted) - countOf(rule, before.meals),
          beforeFen: before.fen,
        },
        place,
      );
      given.set(rule.code, { meals: counted, fen: before.fen + due.fen });
      all.push(due);
    }
  }
  return all;
}

/** How many meals a rule counts, and how many of what it pays for. */
export function countedBy(
  rule: OperatorRule,
  meals: readonly ServedMeal[],
): { meals: number; count: number } {
  const counted = meals.filter((meal) => counts(rule, meal));
  return { meals: counted.length, count: countOf(rule, counted) };
}

/**
 * What one rule brings, and who bears it.
 *
 * @param counted the meals of the month, what the rule pays for, and what it brought in the month before
 */
export function dueFor(
  rule: OperatorRule,
  { meals, count, beforeFen = 0 }: { meals: number; count: number; beforeFen?: number },
  { division, funders }: OperatorPlace,
): OperatorSubsidy {
  const paidFor = meals < (rule.mealsAtLeast ?? 0) ? 0 : count;
  const leftFen = Math.max(0, (rule.monthFenMax ?? Number.MAX_SAFE_INTEGER) - beforeFen);
  const places = { residence: division, canteen: division };
  const dueFen = Math.min(paidFor * rule.fen, leftFen);
  const { borne } = divided(dueFen, sharesOf(rule, paidFor), places, funders);
  return { rule, count: paidFor, fen: borne.reduce((sum, { fen }) => sum + fen, 0), shares: borne };
}

/** A share of so many fen is one of each that is counted, as the amount is. */
function sharesOf({ borneBy }: OperatorRule, count: number): OperatorRule['borneBy'] {
  return borneBy.map((share) => (share.fen === undefined ? share : { ...share, fen: share.fen * count }));
}

/** How many meals the rules of this code counted, each version those of its own days. */
function mealsOfMonth(versions: readonly VersionMeals[], code: string): number {
  return versions.reduce((sum, { document, meals }) => {
    const rule = document.operators?.find((each) => each.code === code);
    return rule ? sum + meals.filter((meal) => counts(rule, meal)).length : sum;
  }, 0);
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
