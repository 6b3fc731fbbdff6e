import { describe, expect, it } from 'vitest';
import { flagRules } from '../../entities/meals/fraud-flag.entity.js';
import type { SwipeFact } from '../../src/meals/flags/flag-findings.rules.js';
import { manyCards } from '../../src/meals/flags/flag-many-cards.rules.js';
import { afterEnd, duringStay } from '../../src/meals/flags/flag-not-entitled.rules.js';
import { ownDeliveries } from '../../src/meals/flags/flag-own-deliveries.rules.js';
import { longBackfill, outsideWindows } from '../../src/meals/flags/flag-reader-habits.rules.js';
import { beyondSeats } from '../../src/meals/flags/flag-seats.rules.js';
import { wordsOf } from '../../src/meals/flags/flag-words.rules.js';
import { minute, noonMs, of, second, swiped, thresholds } from '../support/flag-facts.js';

describe('many cards within seconds on one reader', () => {
  const at = (...seconds: number[]) => seconds.map((each) => swiped(each * second));

  it('three within ten seconds are a sign, the last of them included', () => {
    expect(of(manyCards(at(0, 5, 10), thresholds))).toEqual(['reader:11 3/3']);
  });

  it('a millisecond more is none, and neither is a card that is tapped again and again', () => {
    expect(manyCards([...at(0, 5), swiped(10 * second + 1)], thresholds)).toEqual([]);
    const again = { cardUid: 'SAME', elderId: 1 };
    expect(
      manyCards(
        [0, 1, 2, 3].map((each) => swiped(each * second, again)),
        thresholds,
      ),
    ).toEqual([]);
  });

  it('each reader counts by itself; a meal handed over as ordered does not, whatever a reader calls a delivery does', () => {
    expect(manyCards([...at(0, 1), swiped(second, { readerId: 12 })], thresholds)).toEqual([]);
    const brought = swiped(second, { mode: 'DELIVERY', readerId: null });
    expect(manyCards([...at(0, 1), brought], thresholds)).toEqual([]);
    const [finding] = manyCards([...at(0, 1), swiped(second, { mode: 'DELIVERY' })], thresholds);
    expect(finding).toMatchObject({ rule: 'MANY_CARDS', measured: 3 });
  });

  it('shows every swipe of every pile once, and none beside them, in whatever order they came', () => {
    const [lone, ...piles] = [swiped(-minute), ...at(0, 1, 2, 3), ...at(60, 61, 62)];
    const [finding] = manyCards([...piles, lone as SwipeFact].reverse(), thresholds);
    expect(finding).toMatchObject({ measured: 4, swipeIds: piles.map(({ id }) => id) });
  });
});

describe('who is not entitled', () => {
  it('a swipe during a stay is a sign, also a refused one; of somebody else it is none', () => {
    const swipes = [swiped(0, { elderId: 7, outcome: 'MEAL_ALREADY_TAKEN' }), swiped(0, { elderId: 8 })];
    expect(of(duringStay(swipes, (elderId) => elderId === 7, thresholds))).toEqual(['elder:7:canteen:1 1/1']);
    expect(duringStay(swipes, (elderId) => elderId === 7, { ...thresholds, STAY_SWIPES: 2 })).toEqual([]);
  });

  it('a swipe on the day after a death is a sign; on the day itself the meal may have come first', () => {
    const day = '2026-03-10';
    expect(of(afterEnd([swiped(0, { elderId: 7, elderEndedOn: '2026-03-09' })], day, thresholds))).toEqual([
      'elder:7:canteen:1 1/1',
    ]);
    expect(afterEnd([swiped(0, { elderId: 7, elderEndedOn: '2026-03-10' })], day, thresholds)).toEqual([]);
  });
});

describe('what a reader does', () => {
  it('two swipes outside the windows are a sign, one is none, whether refused or kept for review', () => {
    const refused = swiped(0, { outcome: 'MEAL_NOT_SERVED', meal: null });
    const kept = swiped(0, { outcome: 'RECORDED_FOR_REVIEW', reviewReason: 'MEAL_NOT_SERVED' });
    expect(of(outsideWindows([refused, kept, swiped(0)], thresholds))).toEqual(['reader:11 2/2']);
    expect(outsideWindows([refused, swiped(0)], thresholds)).toEqual([]);
  });

  it('two uploads later than a day after the tap are a sign; exactly a day is none', () => {
    const later = (ms: number) => swiped(0, { receivedAtMs: noonMs + 24 * 60 * minute + ms });
    expect(of(longBackfill([later(1), later(1)], thresholds))).toEqual(['reader:11 2/2']);
    expect(longBackfill([later(1), later(0)], thresholds)).toEqual([]);
  });
});

describe('a canteen beyond its seats', () => {
  const eaten = (count: number) => Array.from({ length: count }, () => swiped(0));

  it('one more than seats times seatings is a sign, for whom there was no room first', () => {
    const [finding] = beyondSeats(eaten(7), { seats: 3, seatings: 2 }, thresholds);
    expect(finding).toMatchObject({ subject: 'canteen:1:LUNCH', measured: 7, threshold: 6 });
  });

  it('a full canteen is none, nor are take-away, another meal, or seats that nobody counted', () => {
    expect(beyondSeats(eaten(6), { seats: 3, seatings: 2 }, thresholds)).toEqual([]);
    expect(
      beyondSeats([...eaten(3), swiped(0, { mode: 'TAKE_AWAY' })], { seats: 3, seatings: null }, thresholds),
    ).toEqual([]);
    expect(
      beyondSeats([...eaten(3), swiped(0, { meal: 'DINNER' })], { seats: 3, seatings: 1 }, thresholds),
    ).toEqual([]);
    const brought = swiped(0, { mode: 'DELIVERY', readerId: null });
    expect(beyondSeats([...eaten(3), brought], { seats: 3, seatings: 1 }, thresholds)).toEqual([]);
    const outside = swiped(0, { outcome: 'RECORDED_FOR_REVIEW', reviewReason: 'MEAL_NOT_SERVED' });
    expect(beyondSeats([...eaten(3), outside], { seats: 3, seatings: 1 }, thresholds)).toEqual([]);
    expect(beyondSeats(eaten(999), { seats: null, seatings: null }, thresholds)).toEqual([]);
  });

  it('what a reader calls a delivery, with no order behind it, had a seat', () => {
    const tapped = swiped(0, { mode: 'DELIVERY' });
    const [finding] = beyondSeats([...eaten(3), tapped], { seats: 3, seatings: 1 }, thresholds);
    expect(finding).toMatchObject({ rule: 'BEYOND_SEATS', measured: 4, threshold: 3 });
  });

  it('some more may be allowed', () => {
    expect(beyondSeats(eaten(7), { seats: 6, seatings: 1 }, { ...thresholds, SEATS_PERCENT: 120 })).toEqual(
      [],
    );
  });
});

describe('meals that one person ordered and handed over', () => {
  const brought = (ownHandId: number | null, more: Partial<SwipeFact> = {}) =>
    swiped(0, { mode: 'DELIVERY', readerId: null, ownHandId, ...more });

  it('three of a day are a sign; two are none, and neither is a third that another ordered or brought', () => {
    const three = [brought(9), brought(9), brought(9)];
    const [finding] = ownDeliveries([brought(8), ...three, brought(null)], thresholds);
    expect(finding).toMatchObject({
      rule: 'OWN_DELIVERIES',
      subject: 'account:9:canteen:1',
      readerId: 9,
      measured: 3,
      swipeIds: three.map(({ id }) => id),
    });
    expect(ownDeliveries([brought(9), brought(9), brought(8), brought(null)], thresholds)).toEqual([]);
  });
});

it('says every sign in both languages with its numbers', () => {
  for (const rule of flagRules) {
    const { zh, en } = wordsOf(rule, { measured: 87, threshold: 60 });
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(zh).toMatch(/87/);
    expect(en).toMatch(/87/);
  }
});
