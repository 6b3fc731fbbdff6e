import { describe, expect, it } from 'vitest';
import type { SwipeFact } from '../../src/meals/flags/flag-findings.rules.js';
import type { Thresholds } from '../../src/meals/flags/flag-thresholds.rules.js';
import { metersBetween, tooFastTravel, wayMsMax } from '../../src/meals/flags/flag-travel.rules.js';
import { minute, of, second, swiped, thresholds } from '../support/flag-facts.js';

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
