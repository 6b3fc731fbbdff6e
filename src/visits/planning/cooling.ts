/** How hot the search begins and ends, as shares of the mean way. */
const hotShare = 1.2;
const coldShare = 0.014;
/** Moves of a cycle for each node that can be moved; a shorter budget has one shorter cycle. */
const movesPerNode = 20_000;
/** Where no end is known, each cycle is longer than the one before. */
const growth = 1.3;

/** How far a search has come, in moves or in shares of the time. */
export interface BudgetPosition {
  used: number;
  /** Infinity: no end is known. */
  left: number;
  /** What a move uses; NaN while nobody knows. */
  perMove: number;
}

/**
 * The temperature of simulated annealing. A budget is spent in cycles, each of which cools from hot to cold: where the
 * worst lateness is settled early and badly, a longer cycle does not mend it and another one does.
 */
export class Cooling {
  readonly #hot: number;
  readonly #cold: number;
  readonly #moves: number;
  #from = 0;
  #length = 0;
  #cycles = 0;

  constructor(meanWay: number, nodes: number) {
    this.#hot = meanWay * hotShare;
    this.#cold = meanWay * coldShare;
    this.#moves = Math.max(1, nodes) * movesPerNode;
  }

  /** Begins a new cycle where the last one is over: as many as have room in what is left, all equally long. */
  temperatureAt({ used, left, perMove }: BudgetPosition): number {
    if (Number.isNaN(perMove)) return this.#hot;
    if (this.#length === 0 || used >= this.#from + this.#length) {
      const wanted = this.#moves * perMove;
      this.#from = used;
      this.#length =
        left === Number.POSITIVE_INFINITY
          ? wanted * growth ** this.#cycles
          : left / Math.max(1, Math.round(left / wanted));
      this.#cycles++;
    }
    return this.#hot * (this.#cold / this.#hot) ** ((used - this.#from) / this.#length);
  }
}
