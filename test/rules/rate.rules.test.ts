import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Buckets } from '../../src/access/buckets.js';
import { charge } from '../../src/access/rate.rules.js';

const rate = { burst: 3, perSecond: 2 };

describe('a bucket', () => {
  it('gives the burst at once, then one as each is filled up', () => {
    let fullAtMs: number | undefined;
    const taken: (number | null)[] = [];
    for (const nowMs of [0, 0, 0, 0, 499, 500, 500, 1000]) {
      const charged = charge(fullAtMs, nowMs, rate);
      fullAtMs = charged.fullAtMs;
      taken.push(charged.retryAfterMs);
    }
    expect(taken).toEqual([null, null, null, 500, 1, null, 500, null]);
  });

  it('costs nothing when it refuses', () => {
    const { fullAtMs } = charge(1500, 0, rate);
    expect(fullAtMs).toBe(1500);
  });

  it('gives all it holds for what costs more, so that waiting helps', () => {
    expect(charge(undefined, 0, rate, 50)).toEqual({ fullAtMs: 1500, retryAfterMs: null });
    expect(charge(1500, 0, rate, 50).retryAfterMs).toBe(1500);
  });

  it('never gives more than the burst and the rate, and always after the wait it named', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let fullAtMs: number | undefined;
        let nowMs = 0;
        let given = 0;
        for (const step of steps) {
          nowMs += step;
          const charged = charge(fullAtMs, nowMs, rate);
          fullAtMs = charged.fullAtMs;
          if (charged.retryAfterMs === null) given += 1;
          else expect(charge(fullAtMs, nowMs + charged.retryAfterMs, rate).retryAfterMs).toBeNull();
        }
        expect(given).toBeLessThanOrEqual(rate.burst + (nowMs / 1000) * rate.perSecond);
      }),
    );
  });
});

describe('buckets', () => {
  it('are one for each key', () => {
    const buckets = new Buckets(rate);
    expect([1, 1, 1, 1, 2].map((key) => buckets.charge(key, 0))).toEqual([null, null, null, 500, null]);
  });

  it('of a rate of 0 let everything through and remember nobody', () => {
    const buckets = new Buckets({ burst: 0, perSecond: 0 });
    for (let count = 0; count < 100; count++) expect(buckets.charge('a', 0)).toBeNull();
    expect(buckets.size).toBe(0);
  });

  it('that are full again are forgotten, so that passers-by fill no memory', () => {
    const buckets = new Buckets(rate);
    for (let key = 0; key < 50_000; key++) buckets.charge(key, key);
    expect(buckets.size).toBeLessThan(5_000);
  });

  it('are a hundred thousand or so at most, however many callers there are at once', () => {
    const buckets = new Buckets(rate);
    for (let key = 0; key < 500_000; key++) buckets.charge(key, 0);
    expect(buckets.size).toBeLessThanOrEqual(200_001);
  });
});
