/** The few nodes that cost least among all that are added, the cheapest first; of equals the one added first. */
export class Likeliest {
  readonly nodes: Int32Array;
  readonly #costs: Float64Array;
  readonly #size: number;
  count = 0;

  constructor(size: number) {
    this.#size = size;
    this.nodes = new Int32Array(size);
    this.#costs = new Float64Array(size);
  }

  clear(): void {
    this.count = 0;
  }

  add(node: number, cost: number): void {
    const costs = this.#costs;
    if (this.count === this.#size && cost >= costs[this.#size - 1]!) return;
    let at = this.count < this.#size ? this.count++ : this.#size - 1;
    while (at > 0 && costs[at - 1]! > cost) {
      costs[at] = costs[at - 1]!;
      this.nodes[at] = this.nodes[at - 1]!;
      at--;
    }
    costs[at] = cost;
    this.nodes[at] = node;
  }
}
