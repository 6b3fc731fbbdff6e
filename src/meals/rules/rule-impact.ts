import type { Day } from '../../shared/china-time.js';
import { OperatorTally } from '../operator-tally.js';
import { type BorneMeal, isBorneAlike } from './borne-meal.rules.js';

/** What meals cost those who bear them, in fen. */
export interface MealCosts {
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

/** What one funder bears of the meals, in fen. */
export interface FunderCosts {
  /** Its name. */
  funder: string;
  /** By the ledger. */
  actualFen: number;
  /** By the other rules. */
  proposedFen: number;
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
  /** Recorded meals that were not taken back, in the canteens that the rules are for. */
  meals: number;
  /** Of these, the ones of which somebody would have paid another part. */
  changed: number;
  /** What was borne, after what reviews and disputes decided. */
  actual: MealCosts;
  proposed: MealCosts;
  /** Everybody who bore or would have borne a part of the meals, donors among them; whoever would bear most first. */
  funding: FunderCosts[];
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
  /** By their accounts: two may have one name. */
  private readonly funding = new Map<number, FunderCosts>();

  add(actual: BorneMeal, proposed: BorneMeal): void {
    this.meals += 1;
    if (!isBorneAlike(actual, proposed)) this.changed += 1;
    for (const [costs, meal] of [
      [this.actual, actual],
      [this.proposed, proposed],
    ] as const) {
      costs.subsidyFen += meal.subsidyFen;
      costs.discountFen += meal.discountFen;
      costs.selfPaidFen += meal.selfPaidFen;
    }
    this.fund('actualFen', actual);
    this.fund('proposedFen', proposed);
  }

  private fund(which: 'actualFen' | 'proposedFen', { shares }: BorneMeal): void {
    for (const { funder, fen } of shares) {
      if (!funder) continue;
      const costs = this.funding.get(funder.accountId);
      if (costs) costs[which] += fen;
      else {
        const none = { funder: funder.name, actualFen: 0, proposedFen: 0 };
        this.funding.set(funder.accountId, { ...none, [which]: fen });
      }
    }
  }

  result(): Pick<RuleImpact, 'meals' | 'changed' | 'actual' | 'proposed' | 'funding' | 'operators'> {
    const { meals, changed, actual, proposed } = this;
    const funding = [...this.funding.values()].sort(
      (one, other) => other.proposedFen - one.proposedFen || other.actualFen - one.actualFen,
    );
    const operators = { actualFen: this.actualOperators.fen, proposedFen: this.proposedOperators.fen };
    return { meals, changed, actual, proposed, funding, operators };
  }
}
