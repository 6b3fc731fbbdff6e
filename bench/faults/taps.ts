import { randomUUID } from 'node:crypto';
import { demoElder } from '../../seeds/elders/demo-elder.js';
import { addDays, type Day, dayOf, instantOn } from '../../src/shared/china-time.js';
import type { SwipeInput } from './swipe-client.js';

/** Days that lie behind a tap at the most; a reader may stay offline for seven. */
export const days = 5;

/** Five of these, less the subsidy, are less than the least that an elder of the demo city has. */
const grossFen = 600;

/** More than any canteen's dearest meal, and still a meal's: it is recorded for review. */
const dearFen = 5000;
/** One tap in so many. */
const dearEvery = 20;

/** Whether the tap is to be recorded for review instead of being accepted. */
export function isForReview({ grossFen }: Pick<SwipeInput, 'grossFen'>): boolean {
  return grossFen === dearFen;
}

/**
 * Lunches of the past days, eaten while the reader was offline: each elder once a day, so that every one is
 * to be accepted, but for a few whose price is no lunch's. An elder's days come one after the other, so that several readers ask for one card at once.
 */
export class Taps {
  private taken = 0;
  private readonly noons: string[];

  constructor(
    private readonly elders: number,
    now: Date,
  ) {
    const noonOf = (day: Day) => instantOn(day, 12 * 60).toISOString();
    this.noons = Array.from({ length: days }, (_, index) => noonOf(addDays(dayOf(now), -1 - index)));
  }

  /** As many as are left, `count` at the most. `sequence` is the reader's counter of the first. */
  next(count: number, sequence: number): SwipeInput[] {
    const left = Math.min(count, this.elders * days - this.taken);
    return Array.from({ length: left }, (_, index) => this.tap(sequence + index));
  }

  private tap(sequence: number): SwipeInput {
    const tap = this.taken++;
    const { cardUid } = demoElder(Math.floor(tap / days));
    const swipedAt = this.noons[tap % days] as string;
    const priceFen = tap % dearEvery === dearEvery - 1 ? dearFen : grossFen;
    return { swipeId: randomUUID(), sequence, cardUid, swipedAt, grossFen: priceFen, offline: true };
  }
}
