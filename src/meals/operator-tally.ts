import { monthOf } from '../shared/month.js';
import { countedBy, dueFor, type ServedMeal } from './operator-subsidy.rules.js';
import type { RuleUse } from './rules/rule-caps.rules.js';
import type { OperatorRule } from './rules/rule-language.rules.js';
import type { SubsidyTerms } from './subsidy.rules.js';

/** A meal, the rules of its canteen on its day, and what they gave towards it. */
export interface TalliedMeal extends Omit<ServedMeal, 'rules'> {
  canteenId: number;
  terms: SubsidyTerms;
  uses: readonly RuleUse[];
}

interface Counted {
  rule: OperatorRule;
  terms: SubsidyTerms;
  meals: number;
  count: number;
}

/**
 * What operators get for the meals of a city, counted elder by elder: no more is kept than a number for each rule,
 * canteen and month. What is counted by the month begins anew with a version that begins within it.
 */
export class OperatorTally {
  private readonly counted = new Map<string, Counted>();

  /** All meals of one elder. */
  add(meals: readonly TalliedMeal[]): void {
    const served = new Map<
      string,
      { terms: SubsidyTerms; set: SubsidyTerms['sets'][number]; own: ServedMeal[] }
    >();
    for (const { terms, uses, ...meal } of meals) {
      for (const set of terms.sets) {
        if (!set.document.operators) continue;
        const key = `${meal.canteenId} ${monthOf(meal.day)} ${set.ruleSetId}`;
        const group = served.get(key) ?? { terms, set, own: [] };
        served.set(key, group);
        const given = uses.filter(({ setCode }) => setCode === set.code).map(({ ruleCode }) => ruleCode);
        group.own.push({ ...meal, rules: given });
      }
    }
    for (const [key, { terms, set, own }] of served) {
      for (const rule of set.document.operators ?? [])
        this.count(`${key} ${rule.code}`, { rule, terms }, own);
    }
  }

  private count(key: string, found: Pick<Counted, 'rule' | 'terms'>, own: readonly ServedMeal[]): void {
    const { meals, count } = countedBy(found.rule, own);
    const counted = this.counted.get(key) ?? { ...found, meals: 0, count: 0 };
    this.counted.set(key, counted);
    counted.meals += meals;
    // A month is one, however many elders ate in it.
    counted.count = found.rule.per === 'MONTH' ? Math.max(counted.count, count) : counted.count + count;
  }

  /** What funders would owe for it, in fen. */
  get fen(): number {
    let sum = 0;
    for (const { rule, terms, meals, count } of this.counted.values()) {
      for (const { funder, fen } of dueFor(rule, { meals, count }, terms).shares) if (funder) sum += fen;
    }
    return sum;
  }
}
