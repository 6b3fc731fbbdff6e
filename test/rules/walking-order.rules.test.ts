import { describe, expect, it } from 'vitest';
import { exactStopsMax, lengthOf, walkingOrder } from '../../src/meals/deliveries/walking-order.rules.js';

const start = { latitudeMicro: 32_990_000, longitudeMicro: 112_520_000 };

/** The same places each time, within two kilometres: a linear congruential generator of small numbers. */
function places(count: number, seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % 20_000;
  };
  return Array.from({ length: count }, () => ({
    latitudeMicro: start.latitudeMicro + next() - 10_000,
    longitudeMicro: start.longitudeMicro + next() - 10_000,
  }));
}

function* permutations(left: readonly number[]): Generator<number[]> {
  if (left.length === 0) yield [];
  for (const first of left) {
    for (const rest of permutations(left.filter((each) => each !== first))) yield [first, ...rest];
  }
}

function shortestByTrying(from: typeof start | null, stops: ReturnType<typeof places>): number {
  let best = Number.POSITIVE_INFINITY;
  for (const order of permutations(stops.map((_, index) => index))) {
    best = Math.min(best, lengthOf(from, stops, order));
  }
  return best;
}

describe('the order in which to walk', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'is the shortest there is through %i stops, found by trying all',
    (count) => {
      for (let seed = 1; seed <= 5; seed++) {
        const stops = places(count, seed * 7919 + count);
        for (const from of [start, null]) {
          const found = lengthOf(from, stops, walkingOrder(from, stops));
          expect(found).toBeCloseTo(shortestByTrying(from, stops), 6);
        }
      }
    },
  );

  it('visits each of many stops once, in time, the same way each time, and no stretch crosses another', () => {
    const stops = places(200, 5);
    const order = walkingOrder(start, stops);
    expect([...order].sort((one, other) => one - other)).toEqual(stops.map((_, index) => index));
    expect(walkingOrder(start, stops)).toEqual(order);
    const asListed = lengthOf(
      start,
      stops,
      stops.map((_, index) => index),
    );
    expect(lengthOf(start, stops, order)).toBeLessThan(asListed / 4);
  });

  it('is hardly longer than the shortest where that is not looked for any more', () => {
    const stops = places(exactStopsMax + 1, 11);
    const found = lengthOf(start, stops, walkingOrder(start, stops));
    // The shortest way through one stop fewer is never longer than the shortest through all.
    const fewer = stops.slice(0, exactStopsMax);
    expect(found).toBeLessThan(lengthOf(start, fewer, walkingOrder(start, fewer)) * 1.5);
  });

  it('goes along a street from its near end', () => {
    const street = [3, 1, 4, 2, 5].map((step) => ({
      ...start,
      longitudeMicro: start.longitudeMicro + step * 500,
    }));
    expect(walkingOrder(start, street)).toEqual([1, 3, 0, 2, 4]);
    expect(walkingOrder(start, [])).toEqual([]);
    expect(walkingOrder(start, [start, start])).toHaveLength(2);
  });
});
