import type { BudgetPosition } from './cooling.js';
import type { PlanningOptions } from './plan.js';

/** A share below this says little about how fast the search is: its code is still being compiled. */
const tellingShare = 0.02;

/** How much of what a search may use is used. The search has no clock of its own: who starts it may hand one in. */
export class Budget {
  readonly #options: PlanningOptions;

  constructor(options: PlanningOptions) {
    if (options.iterations === undefined && !options.share && !options.until) {
      throw new Error('A search needs iterations, a share of time or a signal, or it would never end.');
    }
    this.#options = options;
  }

  isOver(iterations: number): boolean {
    const { iterations: most = Number.POSITIVE_INFINITY, share, until } = this.#options;
    return iterations >= most || (share !== undefined && share() >= 1) || until?.() === true;
  }

  /** From 0 to 1; null: nobody knows when the search ends. */
  share(iterations: number): number | null {
    const { iterations: most, share } = this.#options;
    if (share) return Math.min(1, share());
    return most === undefined ? null : Math.min(1, iterations / most);
  }

  position(iterations: number): BudgetPosition {
    const { iterations: most, share } = this.#options;
    if (!share)
      return { used: iterations, left: (most ?? Number.POSITIVE_INFINITY) - iterations, perMove: 1 };
    const used = share();
    return { used, left: 1 - used, perMove: used < tellingShare ? Number.NaN : used / iterations };
  }
}
