import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodOf } from '../../src/meals/rules/rule-caps.rules.js';
import { distanceOf, divided } from '../../src/meals/rules/rule-shares.rules.js';
import { anyShares, funders } from '../support/any-shares.js';

describe('shares', () => {
  const home = { residence: '110105001001', canteen: '110105001009' };

  it('are divided without a remainder wherever nothing is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), anyShares, (fen, shares) => {
        const { borne, lost } = divided(fen, shares, home, funders);
        expect([...borne, ...lost].reduce((sum, part) => sum + part.fen, 0)).toBe(fen);
        expect(lost).toEqual([]);
      }),
    );
  });

  it.each([
    ['110105001001', '110105001002', 'HOME'],
    ['110105001001', '110105002001', 'OTHER_TOWN'],
    ['110105001001', '110106001001', 'OTHER_DISTRICT'],
    ['110105001001', '120101001001', 'OTHER_CITY'],
    ['110105001001', '110105', 'HOME'],
    ['110105001001', '110106', 'OTHER_DISTRICT'],
    [null, '110105001001', 'OTHER_CITY'],
  ])('%s in %s: %s', (residence, canteen, distance) => {
    expect(distanceOf({ residence, canteen })).toBe(distance);
  });
});

describe('periods', () => {
  it.each([
    ['WEEK', '2026-03-09', '2026-03-09', '2026-03-15'],
    ['WEEK', '2026-03-15', '2026-03-09', '2026-03-15'],
    ['WEEK', '2026-03-01', '2026-02-23', '2026-03-01'],
    ['WEEK', '2024-12-31', '2024-12-30', '2025-01-05'],
    ['MONTH', '2024-02-29', '2024-02-01', '2024-02-29'],
    ['MONTH', '2026-12-31', '2026-12-01', '2026-12-31'],
    ['DAY', '2026-03-10', '2026-03-10', '2026-03-10'],
  ] as const)('the %s of %s', (per, day, first, last) => {
    expect(periodOf(per, day)).toEqual({ first, last });
  });
});
