/** How often something may be done: `burst` times at once, and then `perSecond` on average. */
export interface Rate {
  burst: number;
  perSecond: number;
}

export interface Charged {
  /** When the bucket will be full again, in epoch milliseconds; unchanged by a refusal. */
  fullAtMs: number;
  /** How long to wait before the same would be allowed; null when it is allowed now. */
  retryAfterMs: number | null;
}

/**
 * Takes `cost` tokens out of a bucket. All that is kept of a bucket is the instant at which it is full again, so
 * one number is read and one is written, and a bucket whose instant has passed need not be kept at all.
 *
 * @param fullAtMs undefined for a bucket that nobody has touched
 */
export function charge(fullAtMs: number | undefined, nowMs: number, rate: Rate, cost = 1): Charged {
  const msEach = 1000 / rate.perSecond;
  const startMs = Math.max(fullAtMs ?? nowMs, nowMs);
  // More than a bucket holds would never be allowed, however long one waits.
  const nextMs = startMs + Math.min(cost, rate.burst) * msEach;
  const waitMs = nextMs - nowMs - rate.burst * msEach;
  if (waitMs > 0) return { fullAtMs: startMs, retryAfterMs: Math.ceil(waitMs) };
  return { fullAtMs: nextMs, retryAfterMs: null };
}
