/** How hot a cycle begins and ends, as shares of the mean way. */
const hotShare = 2.4;
const coolShare = 0.06;
/** How hot the cycles from the best plan begin, and how cold they end. */
const warmShare = 0.36;
const coldShare = 0.014;
/** How much of a budget goes into cycles that begin hot; the rest begins warm, from the best plan. */
const hotPart = 0.7;
/** Moves of a cycle for each node that can be moved; a shorter budget has one shorter cycle. */
const movesPerNode = 40_000;
/** Where no end is known, each cycle is longer than the one before, and every so many begins warm. */
const growth = 1.3;
const warmEvery = 3;

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
 * worst lateness is settled early and badly, a longer cycle does not mend it and another one does. The last cycle
 * begins warm, and from the best plan.
 */
export class Cooling {
  readonly #meanWay: number;
  readonly #moves: number;
  #from = 0;
  #length = 0;
  #cycles = 0;
  #warm = false;

  constructor(meanWay: number, nodes: number) {
    this.#meanWay = meanWay;
    this.#moves = Math.max(1, nodes) * movesPerNode;
  }

  /** The temperature here, and whether a warm cycle begins, which is to begin from the best plan. */
  at(position: BudgetPosition): { temperature: number; fromBest: boolean } {
    const { used, perMove } = position;
    if (Number.isNaN(perMove)) return { temperature: this.#meanWay * hotShare, fromBest: false };
    const begins = this.#length === 0 || used >= this.#from + this.#length;
    if (begins) this.#begin(position);
    const from = this.#warm ? warmShare : hotShare;
    const to = this.#warm ? coldShare : coolShare;
    const temperature = this.#meanWay * from * (to / from) ** ((used - this.#from) / this.#length);
    return { temperature, fromBest: begins && this.#warm };
  }

  #begin({ used, left, perMove }: BudgetPosition): void {
    const wanted = this.#moves * perMove;
    this.#from = used;
    if (left === Number.POSITIVE_INFINITY) {
      this.#length = wanted * growth ** this.#cycles;
      this.#warm = this.#cycles % warmEvery === warmEvery - 1;
    } else {
      const hotLeft = hotPart * (used + left) - used;
      const least = this.#cycles === 0 && hotLeft > 0 ? 1 : 0;
      const count = Math.max(least, Math.round(hotLeft / wanted));
      this.#warm = count <= 0;
      this.#length = this.#warm ? left : hotLeft / count;
    }
    this.#cycles++;
  }
}
