import type { Day } from '../../shared/china-time.js';
import { OperatorTally } from '../operator-tally.js';
import type { Split } from '../subsidy.rules.js';

/** What meals cost those who bear them, in fen. */
export interface MealCosts {
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

/** What the meals of some days cost, and what they would have cost under other rules. */
export interface RuleImpact {
  fromDay: Day;
  toDay: Day;
  /** False when the bound was reached first: all figures are then of the meals of the elders looked at, and of no others. */
  complete: boolean;
  /** How many elders with cards were looked at. */
  eldersLookedAt: number;
  /** How many there are. */
  eldersInAll: number;
  /** Accepted meals that were not taken back, in the canteens that the rules are for. */
  meals: number;
  /** Of these, the ones of which somebody would have paid another part. */
  changed: number;
  actual: MealCosts;
  proposed: MealCosts;
  /** What each funder would have borne of the meals, donors among them; the most first. */
  funding: { funder: string; fen: number }[];
  /** What funders owe operators beside the meals, and what they would have owed, in fen. */
  operators: { actualFen: number; proposedFen: number };
}

/** Adds up what was and what would have been, meal by meal. */
export class ImpactTally {
  readonly actualOperators = new OperatorTally();
  readonly proposedOperators = new OperatorTally();
  private meals = 0;
  private changed = 0;
  private readonly actual: MealCosts = { subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  private readonly proposed: MealCosts = { subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  private readonly funding = new Map<string, number>();

  add(was: MealCosts, split: Split): void {
    this.meals += 1;
    const isOther = was.subsidyFen !== split.subsidyFen || was.discountFen !== split.discountFen;
    if (isOther) this.changed += 1;
    for (const [costs, meal] of [
      [this.actual, was],
      [this.proposed, split],
    ] as const) {
      costs.subsidyFen += meal.subsidyFen;
      costs.discountFen += meal.discountFen;
      costs.selfPaidFen += meal.selfPaidFen;
    }
    for (const { funder, fen } of split.shares) {
      if (funder) this.funding.set(funder.name, (this.funding.get(funder.name) ?? 0) + fen);
    }
  }

  result(): Pick<RuleImpact, 'meals' | 'changed' | 'actual' | 'proposed' | 'funding' | 'operators'> {
    const { meals, changed, actual, proposed } = this;
    const funding = [...this.funding].map(([funder, fen]) => ({ funder, fen }));
    funding.sort((one, other) => other.fen - one.fen);
    const operators = { actualFen: this.actualOperators.fen, proposedFen: this.proposedOperators.fen };
    return { meals, changed, actual, proposed, funding, operators };
  }
}
