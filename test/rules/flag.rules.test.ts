import { describe, expect, it } from 'vitest';
import { flagRules } from '../../entities/meals/fraud-flag.entity.js';
import type { SwipeFact } from '../../src/meals/flags/flag-findings.rules.js';
import { manyCards } from '../../src/meals/flags/flag-many-cards.rules.js';
import { afterEnd, duringStay } from '../../src/meals/flags/flag-not-entitled.rules.js';
import { longBackfill, outsideWindows } from '../../src/meals/flags/flag-reader-habits.rules.js';
import { type EarlierTap, sameOrder, sharePercent } from '../../src/meals/flags/flag-same-order.rules.js';
import { beyondSeats } from '../../src/meals/flags/flag-seats.rules.js';
import type { Thresholds } from '../../src/meals/flags/flag-thresholds.rules.js';
import { metersBetween, tooFastTravel, wayMsMax } from '../../src/meals/flags/flag-travel.rules.js';
import { wordsOf } from '../../src/meals/flags/flag-words.rules.js';

const thresholds: Thresholds = {
  MANY_CARDS_COUNT: 3,
  MANY_CARDS_SECONDS: 10,
  TRAVEL_KMH: 60,
  TRAVEL_METERS_MIN: 1000,
  TRAVEL_COUNTY_MINUTES: 30,
  STAY_SWIPES: 1,
  ENDED_SWIPES: 1,
  OUTSIDE_COUNT: 2,
  BACKFILL_HOURS: 24,
  BACKFILL_COUNT: 2,
  SEATS_PERCENT: 100,
  ORDER_CARDS: 5,
  ORDER_PERCENT: 80,
  ORDER_DAYS: 3,
};

const noonMs = Date.parse('2026-03-10T12:00:00+08:00');
const second = 1000;
const minute = 60 * second;

let made = 0;

/** A lunch eaten in at canteen 1 and reader 11, `afterMs` after noon, of a card that nobody else has. */
function swiped(afterMs: number, given: Partial<SwipeFact> = {}): SwipeFact {
  made += 1;
  return {
    id: made,
    canteenId: 1,
    readerId: 11,
    elderId: made,
    cardUid: `CARD${made}`,
    swipedAtMs: noonMs + afterMs,
    receivedAtMs: noonMs + afterMs,
    mode: 'DINE_IN',
    outcome: 'ACCEPTED',
    reviewReason: null,
    meal: 'LUNCH',
    elderEndedOn: null,
    ...given,
  };
}

const of = (findings: { subject: string; measured: number; threshold: number }[]) =>
  findings.map(({ subject, measured, threshold }) => `${subject} ${measured}/${threshold}`);

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

describe('one elder at two canteens faster than one can travel', () => {
  const place = (divisionCode: string, latitude: number | null, longitude: number | null) => ({
    divisionCode,
    latitudeMicrodegrees: latitude === null ? null : Math.round(latitude * 1e6),
    longitudeMicrodegrees: longitude === null ? null : Math.round(longitude * 1e6),
  });
  // Twelve hundredths of a degree of latitude are 13.343 km, which take 801 s at 60 km/h.
  const places = new Map([
    [1, place('411302001001', 33, 112.5)],
    [2, place('411302002001', 33.12, 112.5)],
    [3, place('411303001001', null, null)],
    [4, place('411302003001', null, null)],
    [5, place('411302001002', 33.005, 112.5)],
  ]);
  const travelled = (canteenId: number, afterMs: number, given: Partial<SwipeFact> = {}) => [
    swiped(0, { elderId: 7 }),
    swiped(afterMs, { elderId: 7, canteenId, readerId: 12, ...given }),
  ];

  it('knows how far canteens are apart', () => {
    const here = place('411302001001', 33, 112.5);
    expect(Math.round(metersBetween(here, place('411302002001', 33.12, 112.5)) ?? 0)).toBe(13_343);
    expect(metersBetween(here, place('411303001001', null, null))).toBeUndefined();
  });

  it('a second less than the way takes is a sign, at the second canteen', () => {
    const found = tooFastTravel(travelled(2, 800 * second), places, thresholds);
    expect(of(found)).toEqual(['elder:7 800/801']);
    expect(found[0]).toMatchObject({ canteenId: 2, elderId: 7 });
  });

  it('as long as the way takes is none', () => {
    expect(tooFastTravel(travelled(2, 801 * second), places, thresholds)).toEqual([]);
  });

  it('next door is never too fast, at the same canteen neither, and an ordered meal comes by itself', () => {
    expect(tooFastTravel(travelled(5, second), places, thresholds)).toEqual([]);
    expect(tooFastTravel(travelled(1, second), places, thresholds)).toEqual([]);
    const brought = { mode: 'DELIVERY', readerId: null } as const;
    expect(tooFastTravel(travelled(2, second, brought), places, thresholds)).toEqual([]);
    expect(of(tooFastTravel(travelled(2, second, { mode: 'DELIVERY' }), places, thresholds))).toEqual([
      'elder:7 1/801',
    ]);
  });

  it('without positions another county takes half an hour, and the same county can be next door', () => {
    expect(of(tooFastTravel(travelled(3, 30 * minute - second), places, thresholds))).toEqual([
      'elder:7 1799/1800',
    ]);
    expect(tooFastTravel(travelled(3, 30 * minute), places, thresholds)).toEqual([]);
    expect(tooFastTravel(travelled(4, second), places, thresholds)).toEqual([]);
  });

  it('a tap in between hides no way, and makes none of a way that took its time', () => {
    const through = (afterMs: number) => [
      swiped(0, { elderId: 7 }),
      swiped(30 * second, { elderId: 7, canteenId: 4 }),
      swiped(afterMs, { elderId: 7, canteenId: 2 }),
    ];
    const hurried = through(60 * second);
    const [finding, ...more] = tooFastTravel(hurried, places, thresholds);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ measured: 60, threshold: 801, canteenId: 2 });
    expect(finding?.swipeIds).toEqual([hurried[0]?.id, hurried[2]?.id]);
    expect(tooFastTravel(through(801 * second), places, thresholds)).toEqual([]);
  });

  it('many short ways are a long one: fourteen canteens in a row a second from each other are one sign', () => {
    const row = new Map(
      Array.from({ length: 15 }, (_, index) => [index, place('411302001001', 33 + 0.008 * index, 112.5)]),
    );
    const hops = (pauseMs: number) =>
      [...row.keys()].map((canteenId) => swiped(canteenId * pauseMs, { elderId: 7, canteenId }));
    const [finding, ...more] = tooFastTravel(hops(second), row, thresholds);
    expect(more).toEqual([]);
    // From the first to the last, 12.5 km.
    expect(finding).toMatchObject({ canteenId: 14, measured: 14, threshold: 748 });
    expect(finding?.swipeIds).toHaveLength(15);
    expect(tooFastTravel(hops(54 * second), row, thresholds)).toEqual([]);
  });

  it('over midnight it is a sign of the day of arrival alone', () => {
    const eve = [swiped(-60 * second, { elderId: 7 })];
    const arrived = [swiped(0, { elderId: 7, canteenId: 2 })];
    expect(of(tooFastTravel(arrived, places, thresholds, eve))).toEqual(['elder:7 60/801']);
    expect(tooFastTravel(eve, places, thresholds)).toEqual([]);
    const [before, after] = [swiped(-801 * second, { elderId: 7 }), swiped(-120 * second, { elderId: 8 })];
    expect(tooFastTravel(arrived, places, thresholds, [before, after])).toEqual([]);
    const ways = [...eve, swiped(-90 * second, { elderId: 7, canteenId: 2 })];
    expect(tooFastTravel([swiped(0, { elderId: 7 })], places, thresholds, ways)).toMatchObject([
      { measured: 90 },
    ]);
  });

  it('the worst of a long day is found without comparing each tap with each', () => {
    const taps = Array.from({ length: 20_000 }, (_, index) =>
      swiped(index * second, { elderId: 7, canteenId: index === 19_999 ? 2 : 1 }),
    );
    expect(of(tooFastTravel(taps, places, thresholds))).toEqual(['elder:7 1/801']);
  });

  it('looks back as far as a way through the city takes, and no further than a day', () => {
    const hours = (given: Partial<Thresholds>) => wayMsMax({ ...thresholds, ...given }) / 3_600_000;
    expect(hours({ TRAVEL_KMH: 50 })).toBe(10);
    expect(hours({ TRAVEL_KMH: 500, TRAVEL_COUNTY_MINUTES: 90 })).toBe(1.5);
    expect(hours({ TRAVEL_KMH: 1 })).toBe(24);
  });

  it('tells the worst of a day once, with the swipes of all', () => {
    const day = [...travelled(2, 700 * second), swiped(710 * second, { elderId: 7 })];
    const [finding, ...more] = tooFastTravel(day, places, thresholds);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ measured: 10, swipeIds: day.map(({ id }) => id) });
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

describe('the same order of cards day after day', () => {
  const cards = 'ABCDEFGHIJ'.split('');
  const today = (order: readonly string[]) =>
    order.map((cardUid, index) => swiped(index * minute, { cardUid }));
  const tapsOf = (day: string, order: readonly string[], readerId = 11): EarlierTap[] =>
    today(order).map(({ id, swipedAtMs, cardUid }) => ({
      id,
      readerId,
      cardUid,
      swipedAtMs,
      day,
      meal: 'LUNCH',
    }));
  /** The same cards with so many of them, from the end, put to the front. */
  const mixed = (moved: number) => [...cards.slice(10 - moved).reverse(), ...cards.slice(0, 10 - moved)];

  it('eight of ten in the same order on three days are a sign, whatever days the canteen was closed', () => {
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', mixed(2))];
    expect(of(sameOrder(today(cards), earlier, thresholds))).toEqual(['reader:11:LUNCH 80/80']);
  });

  it('seven of ten are none', () => {
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', mixed(3))];
    expect(sameOrder(today(cards), earlier, thresholds)).toEqual([]);
  });

  it('nor are two days, orders of few cards, or another day between', () => {
    expect(sameOrder(today(cards), tapsOf('2026-03-09', cards), thresholds)).toEqual([]);
    const few = cards.slice(0, 4);
    const daysOfFew = [...tapsOf('2026-03-08', few), ...tapsOf('2026-03-09', few)];
    expect(sameOrder(today(few), daysOfFew, thresholds)).toEqual([]);
    const broken = [...tapsOf('2026-03-08', cards), ...tapsOf('2026-03-09', [...cards].reverse())];
    expect(sameOrder(today(cards), broken, thresholds)).toEqual([]);
  });

  it('a pile that goes from reader to reader is one, whichever it began at', () => {
    const earlier = [...tapsOf('2026-03-08', mixed(2), 11), ...tapsOf('2026-03-09', cards, 12)];
    expect(of(sameOrder(today(cards), earlier, thresholds))).toEqual(['reader:11:LUNCH 80/80']);
    expect(
      sameOrder(today(cards), [...tapsOf('2026-03-08', mixed(3)), ...earlier.slice(10)], thresholds),
    ).toEqual([]);
  });

  it('what other readers did in between, and a day of a few, is no excuse for the own one', () => {
    const [honest, few] = [[...cards].reverse(), cards.slice(0, 4)];
    const own = [...tapsOf('2026-03-05', cards), ...tapsOf('2026-03-07', cards)];
    const others = [...tapsOf('2026-03-06', honest, 12), ...tapsOf('2026-03-08', honest, 12)];
    expect(of(sameOrder(today(cards), [...own, ...others], thresholds))).toEqual(['reader:11:LUNCH 100/80']);
    expect(
      of(sameOrder(today(cards), [...own, ...others, ...tapsOf('2026-03-09', few)], thresholds)),
    ).toEqual(['reader:11:LUNCH 100/80']);
    expect(sameOrder(today(cards), [...others, ...tapsOf('2026-03-09', cards)], thresholds)).toEqual([]);
  });

  it('each of two readers has its own sign, and only that of the same cards', () => {
    const beside = Array.from({ length: 6 }, (_, index) => swiped(index * minute, { readerId: 12 }));
    const earlier = [...tapsOf('2026-03-08', cards, 12), ...tapsOf('2026-03-09', cards, 12)];
    expect(of(sameOrder([...today(cards), ...beside], earlier, thresholds))).toEqual([
      'reader:11:LUNCH 100/80',
    ]);
  });

  it('nor is the walking order of whoever hands meals over', () => {
    const brought = today(cards).map((swipe) => ({ ...swipe, readerId: null, mode: 'DELIVERY' as const }));
    const earlier = [...tapsOf('2026-03-06', cards), ...tapsOf('2026-03-09', cards)];
    expect(sameOrder(brought, earlier, thresholds)).toEqual([]);
    const asReader0 = earlier.map((each) => ({ ...each, readerId: 0 }));
    expect(sameOrder(brought, asReader0, thresholds)).toEqual([]);
  });

  it('counts what two orders have in common against the longer', () => {
    expect(sharePercent(['A', 'B', 'C'], ['A', 'X', 'C'])).toBe(66);
    expect(sharePercent(['A'], ['A', 'B'])).toBe(50);
    expect(sharePercent([], [])).toBe(0);
    const many = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    expect(sharePercent(many, [...many].reverse())).toBe(0);
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
