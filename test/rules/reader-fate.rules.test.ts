import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitAfter } from '../../reader/backoff.rules.js';
import { anchorAfterRestart, anchorBy, timeBy } from '../../reader/clock.rules.js';
import { isFinal, isSameTap, mayBeSentAt, needsSecondTap } from '../../reader/tap-fate.rules.js';
import { readSettings, SettingsError } from '../../src/config/settings.js';

const minute = 60_000;

function mayBeSet(minutes: number): boolean {
  try {
    readSettings({ LIVE_SWIPE_AGE_MINUTES_MAX: String(minutes) });
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

describe('when a stored tap is sent', () => {
  const at = 1_000_000;
  it.each<[string, boolean, boolean, number]>([
    ['offline', true, true, 0],
    ['live, and the clerk saw it taken', false, true, 0],
    ['live, and nobody saw it taken: only when it can no longer be new', false, false, at + 11 * minute],
  ])('%s', (_, offline, mealGiven, from) => {
    expect(mayBeSentAt({ swipedAtMs: at, offline, mealGiven })).toBe(from);
  });

  it('no city can set that the server takes it as new even then', () => {
    const ages = Array.from({ length: 1440 }, (_, index) => index + 1).filter(mayBeSet);
    const { clockSkewSecondsMax } = readSettings({});
    const sentMs = mayBeSentAt({ swipedAtMs: 0, offline: false, mealGiven: false });
    expect(ages).toContain(10);
    expect(sentMs).toBeGreaterThanOrEqual(Math.max(...ages) * minute + clockSkewSecondsMax * 1000);
  });
});

describe('a tap is handed in once more', () => {
  const [given, live, offline] = [{ mealGiven: true }, { offline: false }, { offline: true }];
  it.each(['MEAL_ALREADY_TAKEN', 'CLOCK_OUT_OF_RANGE', 'INSUFFICIENT_BALANCE'] as const)(
    'when it was handed out and is refused live: %s',
    (outcome) => {
      expect(needsSecondTap(given, live, outcome)).toBe(true);
      expect(needsSecondTap(given, offline, outcome)).toBe(false);
      expect(needsSecondTap({ mealGiven: false }, live, outcome)).toBe(false);
    },
  );

  it('when its id is another tap’s', () => {
    for (const sent of [live, offline]) {
      expect(needsSecondTap(given, sent, 'SWIPE_ID_REUSED')).toBe(true);
      expect(needsSecondTap({ mealGiven: false }, sent, 'SWIPE_ID_REUSED')).toBe(false);
    }
  });

  it.each([
    'ACCEPTED',
    'RECORDED_FOR_REVIEW',
    'CARD_UNKNOWN',
    'INPUT_MALFORMED',
    'READER_NOT_ACTIVE',
  ] as const)('not after %s', (outcome) => {
    expect(needsSecondTap(given, live, outcome)).toBe(false);
  });

  it('waits on while the reader is not active, and for nothing else', () => {
    expect(isFinal('READER_NOT_ACTIVE')).toBe(false);
    expect(isFinal('SWIPE_ID_REUSED')).toBe(true);
    expect(isFinal('CLOCK_OUT_OF_RANGE')).toBe(true);
  });
});

it.each<[string, number, boolean, boolean]>([
  ['held too long', 5_000, true, true],
  ['later', 5_001, true, false],
  ['nobody saw what became of it', 9 * minute, false, true],
  ['nobody saw it, and it is no longer live', 9 * minute + 1, false, false],
  ['the clock went back', -1, true, false],
])('the same card again: %s', (_, ageMs, shown, same) => {
  expect(isSameTap({ swipedAtMs: 0, shown }, ageMs)).toBe(same);
});

describe('the clock', () => {
  const anchor = { serverMs: 5_000_000, wallMs: 1_000, monotonicMs: 100 };

  it('runs by what only runs on', () => {
    expect(timeBy(anchor, { wallMs: 3_000, monotonicMs: 2_100 })).toBe(5_002_000);
  });

  it.each([31_000, -31_000])('is lost when somebody sets the wall clock by %i ms', (jumpMs) => {
    expect(timeBy(anchor, { wallMs: 3_000 + jumpMs, monotonicMs: 2_100 })).toBeUndefined();
    expect(timeBy(anchor, { wallMs: 3_000 + Math.sign(jumpMs) * 30_000, monotonicMs: 2_100 })).toBe(
      5_002_000,
    );
  });

  it('takes the server to have looked half way', () => {
    const heard = anchorBy(9_000, { wallMs: 0, monotonicMs: 0 }, { wallMs: 400, monotonicMs: 400 });
    expect(timeBy(heard, { wallMs: 400, monotonicMs: 400 })).toBe(9_200);
  });

  const day = 86_400_000;
  it.each<[string, number, boolean]>([
    ['a minute later', minute, true],
    ['a second before what is known to have passed', -1_000, true],
    ['six seconds before', -6_000, false],
    ['in 1970, without a battery', -50 * 365 * day, false],
    ['seven days later', 7 * day, true],
    ['longer than a reader may be away', 7 * day + 1, false],
  ])('after a power cut, when the wall shows %s', (_, awayMs, believed) => {
    const remembered = { offsetMs: 500, latestMs: 60 * 365 * day };
    const now = { wallMs: remembered.latestMs - 500 + awayMs, monotonicMs: 7 };
    const found = anchorAfterRestart(remembered, now);
    expect(found === undefined).toBe(!believed);
    // It never goes back behind what it has dated.
    if (found) expect(found.serverMs).toBe(remembered.latestMs + Math.max(0, awayMs));
  });
});

it('waits by chance up to twice as long each time, five minutes at most, and as long as it is asked to', () => {
  expect([1, 2, 3, 8, 9, 60].map((failures) => waitAfter(failures, 1))).toEqual(
    [2, 4, 8, 256, 300, 300].map((seconds) => seconds * 1000),
  );
  expect([waitAfter(5, 0), waitAfter(1, 0, 7000), waitAfter(60, 1, 7000)]).toEqual([100, 7000, 8750]);
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const waitMs = waitAfter(failures, chance);
      expect(waitMs).toBeGreaterThanOrEqual(100);
      expect(waitMs).toBeLessThanOrEqual(300_000);
    }),
  );
});
