import { expect, it } from 'vitest';
import { afterLastMs, beforeFirstMs, betweenMs } from '../../src/visits/between.rules.js';
import { greatCircleMetres, unknownWaySeconds, waySeconds } from '../../src/visits/travel.rules.js';

const place = (latitude: number, longitude: number) => ({
  latitudeMicro: latitude * 1_000_000,
  longitudeMicro: longitude * 1_000_000,
});

it('a degree of a meridian is 111.2 km, and half of the globe the longest way', () => {
  expect(greatCircleMetres(place(0, 0), place(1, 0))).toBeCloseTo(111_195, -1);
  expect(greatCircleMetres(place(90, 0), place(-90, 0))).toBeCloseTo(20_015_115, -2);
  // Nanyang to Zhengzhou, about 217 km.
  expect(greatCircleMetres(place(32.99, 112.53), place(34.75, 113.63))).toBeGreaterThan(215_000);
  expect(greatCircleMetres(place(32.99, 112.53), place(34.75, 113.63))).toBeLessThan(225_000);
});

it('a way is as long back as there, crosses the date line, and takes nothing from a door to itself', () => {
  const [one, other] = [place(33, 112.5), place(33.02, 112.53)];
  expect(waySeconds('WALK', one, other)).toBe(waySeconds('WALK', other, one));
  expect(waySeconds('CAR', one, one)).toBe(0);
  expect(greatCircleMetres(place(0, 179.999), place(0, -179.999))).toBeLessThan(250);
});

it('whoever drives is sooner there than on a bicycle, and on a bicycle than on foot; a minute at least', () => {
  const [one, other] = [place(33, 112.5), place(33.02, 112.53)];
  const [walk, cycle, car] = (['WALK', 'CYCLE', 'CAR'] as const).map((mode) => waySeconds(mode, one, other));
  expect(car).toBeLessThan(cycle as number);
  expect(cycle).toBeLessThan(walk as number);
  expect(waySeconds('CAR', one, place(33.0001, 112.5))).toBe(60);
  expect(waySeconds('CAR', one, null)).toBe(unknownWaySeconds);
});

it('between two visits lie the buffer of the one, the way, and the preparation of the other', () => {
  const bath = { preparationMinutes: 20, bufferMinutes: 10 };
  const walk = { preparationMinutes: 0, bufferMinutes: 5 };
  expect(betweenMs(bath, 90, walk)).toBe(10 * 60_000 + 90_000);
  expect(betweenMs(walk, 90, bath)).toBe(25 * 60_000 + 90_000);
  expect(beforeFirstMs(90, bath)).toBe(20 * 60_000 + 90_000);
  expect(afterLastMs(bath, 90)).toBe(10 * 60_000 + 90_000);
});
