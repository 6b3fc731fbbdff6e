import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { Day } from '../shared/china-time.js';
import type { RuleUse } from './rules/rule-caps.rules.js';
import type { DinerFacts } from './rules/rule-conditions.rules.js';
import { unmetBy } from './rules/rule-conditions.rules.js';
import type { DeliveryRule, OperatorRule, RuleDocument } from './rules/rule-language.rules.js';
import { type BorneShare, divided, type FunderFacts } from './rules/rule-shares.rules.js';
import type { SubsidyTerms } from './subsidy.rules.js';

/** A meal of a canteen that counts, without those that were taken back. */
export interface ServedMeal {
  elderId: number;
  day: Day;
  meal: Meal;
  mode: DiningMode;
  /** Codes of the rules of the document that gave something towards it. */
  rules: readonly string[];
}

/** A meal of a canteen, the rules there on its day, and what they gave towards it. */
export interface JudgedMeal extends Omit<ServedMeal, 'rules'> {
  terms: SubsidyTerms;
  uses: readonly RuleUse[];
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

/** What one rule of a version counts of its meals. Of elders who were counted apart it adds up. */
export interface OperatorCount {
  rule: OperatorRule;
  meals: number;
  /** Meals, persons and days, or persons that no earlier version of the month counted; months are told by the meals. */
  count: number;
}

/** Where a canteen is, and who may bear what its operator gets. */
export interface OperatorPlace {
  /** The canteen's division code. */
  division: string;
  funders: readonly FunderFacts[];
}

/**
 * The meals of one canteen and month by the code of each set that grants operators anything, and by its versions in
 * their order, which is that of any of their days: on each day one is in force.
 */
export function servedByVersion(meals: Iterable<JudgedMeal>): Map<string, ServedVersion[]> {
  const sets = new Map<string, ServedVersion[]>();
  for (const { terms, uses, ...meal } of meals) {
    for (const { ruleSetId, code, document } of terms.sets) {
      if (!document.operators) continue;
      const versions = sets.get(code) ?? [];
      sets.set(code, versions);
      const known = versions.find((each) => each.ruleSetId === ruleSetId);
      const version = known ?? { ruleSetId, document, day: meal.day, terms, meals: [] };
      if (!known) versions.push(version);
      const given = uses.filter(({ setCode }) => setCode === code).map(({ ruleCode }) => ruleCode);
      version.meals.push({ ...meal, rules: given });
    }
  }
  for (const versions of sets.values()) versions.sort(byDay);
  return sets;
}

export interface ServedVersion extends VersionMeals {
  ruleSetId: number;
  /** One of its days, and the rules of the canteen on it. */
  day: Day;
  terms: SubsidyTerms;
  meals: ServedMeal[];
}

export function byDay(one: { day: Day }, other: { day: Day }): number {
  return one.day < other.day ? -1 : 1;
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
  return dueFor(
    counted(versions).flatMap(({ counts }) => counts),
    place,
  );
}

/** The versions with what each counts of the month: of all elders, or of some of whom all meals are there. */
export function counted<Version extends VersionMeals>(
  versions: readonly Version[],
): (Version & { counts: OperatorCount[] })[] {
  const before = new Map<string, ServedMeal[]>();
  return versions.map((version) => {
    const counts = (version.document.operators ?? []).map((rule) => {
      const earlier = before.get(rule.code) ?? [];
      const own = version.meals.filter((meal) => isCounted(rule, meal));
      const all = [...earlier, ...own];
      before.set(rule.code, all);
      return { rule, meals: own.length, count: countOf(rule, all) - countOf(rule, earlier) };
    });
    return { ...version, counts };
  });
}

/** What the rules of a set bring in a month by what its versions counted, in their order, and who bears it. */
export function dueFor(counts: readonly OperatorCount[], place: OperatorPlace): OperatorSubsidy[] {
  const before = new Map<string, { meals: number; fen: number }>();
  return counts.map(({ rule, meals, count }) => {
    const earlier = before.get(rule.code) ?? { meals: 0, fen: 0 };
    const month = meals > 0 && earlier.meals === 0 ? 1 : 0;
    const paidFor = {
      meals: mealsOfMonth(counts, rule.code),
      count: rule.per === 'MONTH' ? month : count,
      beforeFen: earlier.fen,
    };
    const due = dueBy(rule, paidFor, place);
    before.set(rule.code, { meals: earlier.meals + meals, fen: earlier.fen + due.fen });
    return due;
  });
}

/**
 * What one rule brings, and who bears it.
 *
 * @param counted the meals of the month, what the rule pays for, and what it brought in the month before
 */
function dueBy(
  rule: OperatorRule,
  { meals, count, beforeFen }: { meals: number; count: number; beforeFen: number },
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
function mealsOfMonth(counts: readonly OperatorCount[], code: string): number {
  return counts.reduce((sum, { rule, meals }) => (rule.code === code ? sum + meals : sum), 0);
}

function isCounted(rule: OperatorRule, { meal, mode, rules }: ServedMeal): boolean {
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
      return new Set(meals.map(({ elderId }) => elderId)).size;
    case 'MONTH':
      return 0;
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
