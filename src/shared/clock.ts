/** The one source of "now". Rules never ask it; they are given the instant. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * A clock that can be set and sped up, so that a demonstration can play a day in seconds.
 * The server builds it only outside production.
 */
export class SettableClock implements Clock {
  private setAtMs = Date.now();
  private startsAtMs = this.setAtMs;
  private rate = 1;

  now(): Date {
    return new Date(this.startsAtMs + (Date.now() - this.setAtMs) * this.rate);
  }

  /** From now on the clock shows `at` and runs `rate` times as fast as the wall clock; 0 stops it. */
  set(at: Date, rate: number): void {
    this.setAtMs = Date.now();
    this.startsAtMs = at.getTime();
    this.rate = rate;
  }

  /** Back to the machine's own time. */
  reset(): void {
    this.set(new Date(), 1);
  }
}
