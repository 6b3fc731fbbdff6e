import { describe, expect, it } from 'vitest';
import {
  accountPace,
  addressPace,
  afterTry,
  forgottenAfterMs,
  type Tries,
} from '../../src/access/throttle.rules.js';

const start = 1_800_000_000_000;

/** The waits, in seconds, after each of so many tries, every one made when the wait before is over. */
function waits(pace: ReturnType<typeof accountPace>, count: number): number[] {
  let known: Tries | undefined;
  let now = start;
  return Array.from({ length: count }, () => {
    known = afterTry(known, pace, now);
    const wait = Math.max(0, (known?.blockedUntil ?? 0) - now);
    now += wait;
    return wait / 1000;
  });
}

describe('tries', () => {
  it('are free at first, and then wait twice as long each time, up to a quarter of an hour', () => {
    expect(waits(accountPace(5), 12)).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    expect(waits(addressPace(2), 4)).toEqual([0, 2, 4, 8]);
  });

  it('stay within numbers, however many there are', () => {
    expect(waits(accountPace(1), 3000).at(-1)).toBe(900);
  });

  it('come too early until the very instant at which the wait is over', () => {
    const blocked = { tries: 5, lastAt: start, blockedUntil: start + 30_000 };
    expect(afterTry(blocked, accountPace(5), start + 29_999)).toBeUndefined();
    expect(afterTry(blocked, accountPace(5), start + 30_000)).toMatchObject({ tries: 6 });
  });

  it('are forgotten after an hour without one', () => {
    const before = { tries: 4, lastAt: start, blockedUntil: 0 };
    expect(afterTry(before, accountPace(5), start + forgottenAfterMs - 1)).toMatchObject({ tries: 5 });
    expect(afterTry(before, accountPace(5), start + forgottenAfterMs)).toMatchObject({ tries: 1 });
  });
});
