/** A seeded stream of numbers, the same on every machine: xoshiro128** with its state filled by splitmix32. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let state = seed >>> 0;
    const next = () => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** A whole number from 0 to 2^32 - 1. */
  bits(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** From 0 to below 1. */
  share(): number {
    return this.bits() / 4294967296;
  }

  /** A whole number from 0 to below `count`, the small ones likelier. */
  skewed(count: number): number {
    const share = this.bits() / 4294967296;
    return Math.floor(share * share * count);
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor((this.bits() / 4294967296) * count);
  }
}
