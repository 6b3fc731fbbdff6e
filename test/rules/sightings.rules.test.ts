import { describe, expect, it } from 'vitest';
import {
  addressesMax,
  extended,
  lastOverlap,
  latestAddresses,
  merged,
  type ReaderTraces,
  type Streak,
  smoothed,
} from '../../src/access/sightings.rules.js';

const minute = 60_000;

/** The streaks that calls leave, each an address and the minute of the call. */
function streaksOf(calls: readonly [string, number][]): Map<string, Streak> {
  const streaks = new Map<string, Streak>();
  for (const [address, at] of calls) streaks.set(address, extended(streaks.get(address), at * minute));
  return streaks;
}

describe('a reader is at two addresses at once', () => {
  it.each<[string, [string, number][], number | null]>([
    [
      'not when it never moves',
      [
        ['A', 0],
        ['A', 5],
        ['A', 9],
      ],
      null,
    ],
    [
      'not when it moves once',
      [
        ['A', 0],
        ['A', 5],
        ['B', 5.1],
        ['B', 9],
      ],
      null,
    ],
    [
      'when it is back at the first within minutes',
      [
        ['A', 0],
        ['B', 1],
        ['A', 2],
      ],
      1,
    ],
    [
      'at the latest time that both were there',
      [
        ['A', 0],
        ['B', 1],
        ['A', 2],
        ['B', 3],
        ['A', 4],
      ],
      3,
    ],
    [
      'not when it comes back after a silence, as after a night',
      [
        ['A', 0],
        ['B', 5],
        ['A', 600],
      ],
      null,
    ],
    [
      'not when a silence of ten minutes and more lies between',
      [
        ['A', 0],
        ['B', 5],
        ['A', 10.1],
      ],
      null,
    ],
    [
      'when it is ten minutes to the second',
      [
        ['A', 0],
        ['B', 5],
        ['A', 10],
      ],
      5,
    ],
    [
      'in the same instant',
      [
        ['A', 0],
        ['B', 0],
      ],
      0,
    ],
    [
      'of three addresses, by any two',
      [
        ['C', 0],
        ['A', 1],
        ['B', 2],
        ['A', 3],
      ],
      2,
    ],
  ])('%s', (_what, calls, at) => {
    expect(lastOverlap(streaksOf(calls))).toBe(at === null ? null : at * minute);
  });
});

it('a clock is smoothed: the first look counts whole, each further a fifth', () => {
  expect(smoothed(null, 1_000)).toBe(1_000);
  expect(smoothed(1_000, 2_000)).toBe(1_200);
  expect(smoothed(1_000, -4_000)).toBe(0);
  let skew: number | null = null;
  for (let look = 0; look < 40; look++) skew = smoothed(skew, look === 20 ? 60_000 : 500);
  expect(skew).toBeGreaterThan(450);
  expect(skew).toBeLessThan(1_000);
});

it('of many addresses the latest are kept', () => {
  const calls = Array.from({ length: 20 }, (_, n): [string, number] => [`A${n}`, n]);
  const kept = latestAddresses(streaksOf(calls));
  expect([...kept.keys()]).toEqual(Array.from({ length: addressesMax }, (_, n) => `A${19 - n}`));
});

describe('what two servers saw', () => {
  const traces = (calls: [string, number][], more: Partial<ReaderTraces> = {}): ReaderTraces => ({
    lastSeenAtMs: Math.max(...calls.map(([, at]) => at * minute)),
    softwareVersion: null,
    clockSkewMs: null,
    possiblyClonedAtMs: null,
    addresses: streaksOf(calls),
    ...more,
  });

  it('is what the later one knows, and else the earlier one', () => {
    const early = traces([['A', 0]], { softwareVersion: '1.0', clockSkewMs: 7 });
    const late = traces([['A', 4]], { softwareVersion: '1.1' });
    const wanted = {
      lastSeenAtMs: 4 * minute,
      softwareVersion: '1.1',
      clockSkewMs: 7,
      possiblyClonedAtMs: null,
      addresses: new Map([['A', { firstAtMs: 0, lastAtMs: 4 * minute }]]),
    };
    expect(merged(early, late)).toEqual(wanted);
    expect(merged(late, early)).toEqual(wanted);
    expect(merged(undefined, late)).toEqual(late);
  });

  it('shows a copy that neither saw alone', () => {
    const one = traces([
      ['A', 0],
      ['A', 3],
    ]);
    const other = traces([
      ['B', 1],
      ['B', 2],
    ]);
    expect([one, other].map(({ addresses }) => lastOverlap(addresses))).toEqual([null, null]);
    expect(merged(one, other).possiblyClonedAtMs).toBe(2 * minute);
  });

  it('keeps the flag of a copy that was seen before', () => {
    const before = traces([['A', 0]], { possiblyClonedAtMs: 1 });
    expect(merged(before, traces([['A', 9_000]])).possiblyClonedAtMs).toBe(1);
  });

  it('takes a new streak for the old one after a silence', () => {
    const { addresses } = merged(traces([['A', 0]]), traces([['A', 60]]));
    expect(addresses).toEqual(new Map([['A', { firstAtMs: 60 * minute, lastAtMs: 60 * minute }]]));
  });
});
