import { charge, type Rate } from './rate.rules.js';

/** Callers that are remembered at once; an attacker with more addresses than these meets the proxy first. */
const bucketsMax = 100_000;
const sweepAtLeast = 1_000;

/** One bucket for each key, in this process's memory: a look costs a fraction of a microsecond. */
export class Buckets {
  private readonly fullAtMs = new Map<string | number, number>();
  private sweepAt = sweepAtLeast;

  /** A rate of 0 a second is no limit. */
  constructor(private readonly rate: Rate) {}

  /** Takes `cost` tokens; null when they were there, else after how many milliseconds they will be. */
  charge(key: string | number, nowMs: number, cost = 1): number | null {
    if (this.rate.perSecond === 0 || cost === 0) return null;
    const { fullAtMs, retryAfterMs } = charge(this.fullAtMs.get(key), nowMs, this.rate, cost);
    this.fullAtMs.set(key, fullAtMs);
    if (this.fullAtMs.size > this.sweepAt) this.sweep(nowMs);
    return retryAfterMs;
  }

  /** How many are remembered. */
  get size(): number {
    return this.fullAtMs.size;
  }

  /** Forgets the full ones, which are as good as untouched, and the oldest when there are still too many. */
  private sweep(nowMs: number): void {
    for (const [key, fullAtMs] of this.fullAtMs) if (fullAtMs <= nowMs) this.fullAtMs.delete(key);
    for (const key of this.fullAtMs.keys()) {
      if (this.fullAtMs.size <= bucketsMax) break;
      this.fullAtMs.delete(key);
    }
    this.sweepAt = Math.max(sweepAtLeast, this.fullAtMs.size * 2);
  }
}
