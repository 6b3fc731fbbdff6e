import type { Day } from '../shared/china-time.js';
import { grouped } from '../shared/grouped.js';
import { monthOf } from '../shared/month.js';
import {
  byDay,
  counted,
  dueFor,
  type JudgedMeal,
  type OperatorCount,
  type ServedVersion,
  servedByVersion,
} from './operator-subsidy.rules.js';
import type { SubsidyTerms } from './subsidy.rules.js';

/** A meal of any canteen. */
export interface TalliedMeal extends JudgedMeal {
  canteenId: number;
}

/** What the versions of one set counted at a canteen in a month, each by its id. */
interface TalliedSet {
  place: SubsidyTerms;
  versions: Map<number, { day: Day; counts: OperatorCount[] }>;
}

/**
 * What operators get for the meals of a city, counted elder by elder: no more is kept than a number for each rule,
 * canteen and month. What it comes to is said by the rules that a statement is made by.
 */
export class OperatorTally {
  private readonly sets = new Map<string, TalliedSet>();

  /** All meals of one elder. */
  add(meals: readonly TalliedMeal[]): void {
    const months = grouped(meals, ({ canteenId, day }) => `${canteenId} ${monthOf(day)}`);
    for (const [month, own] of months) {
      for (const [code, versions] of servedByVersion(own)) this.count(`${month} ${code}`, versions);
    }
  }

  private count(key: string, versions: readonly ServedVersion[]): void {
    for (const { ruleSetId, day, terms, counts } of counted(versions)) {
      const set = this.sets.get(key) ?? { place: terms, versions: new Map() };
      this.sets.set(key, set);
      const earlier = set.versions.get(ruleSetId)?.counts;
      set.versions.set(ruleSetId, { day, counts: together(counts, earlier) });
    }
  }

  /** What funders would owe for it, in fen. */
  get fen(): number {
    let sum = 0;
    for (const { place, versions } of this.sets.values()) {
      const counts = [...versions.values()].sort(byDay).flatMap((version) => version.counts);
      for (const { shares } of dueFor(counts, place)) {
        for (const { funder, fen } of shares) if (funder) sum += fen;
      }
    }
    return sum;
  }
}

/** Of one version's rules, in their order. */
function together(some: readonly OperatorCount[], others: readonly OperatorCount[] = []): OperatorCount[] {
  return some.map(({ rule, meals, count }, index) => {
    const other = others[index] ?? { meals: 0, count: 0 };
    return { rule, meals: meals + other.meals, count: count + other.count };
  });
}
