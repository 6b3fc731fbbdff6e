import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SubsidyTerms, splitPrice } from '../../src/meals/subsidy.rules.js';

const nanning: SubsidyTerms = {
  ruleId: 1,
  code: 'NANNING-LUNCH-60',
  version: 1,
  funderName: '民政局',
  funderAccountId: 9,
  meal: 'LUNCH',
  ageMin: 60,
  amountFen: 200,
  fromDay: '2019-01-01',
  toDay: '2024-07-01',
};
const raised: SubsidyTerms = {
  ...nanning,
  ruleId: 2,
  version: 2,
  amountFen: 300,
  fromDay: '2024-07-01',
  toDay: null,
};
const rules = [nanning, raised];

const meal = { meal: 'LUNCH' as const, day: '2026-03-10', birthDate: '1950-01-01', grossFen: 1200 };

describe("Nanning's rule", () => {
  it('gives 2 yuan up to the day of the change and 3 from it on', () => {
    const on = (day: string) => splitPrice(rules, { ...meal, day });
    expect(on('2018-12-31').subsidyFen).toBe(0);
    expect(on('2019-01-01')).toMatchObject({ subsidyFen: 200, selfPaidFen: 1000, rule: nanning });
    expect(on('2024-06-30').subsidyFen).toBe(200);
    expect(on('2024-07-01')).toMatchObject({ subsidyFen: 300, selfPaidFen: 900, rule: raised });
  });

  it('begins on the sixtieth birthday', () => {
    const born = (birthDate: string) => splitPrice(rules, { ...meal, birthDate }).subsidyFen;
    expect(born('1966-03-11')).toBe(0);
    expect(born('1966-03-10')).toBe(300);
    expect(born('1966-03-09')).toBe(300);
  });

  it('is for lunch alone', () => {
    expect(splitPrice(rules, { ...meal, meal: 'DINNER' })).toEqual({
      subsidyFen: 0,
      discountFen: 0,
      selfPaidFen: 1200,
      rule: null,
    });
  });

  it('never gives more than the meal costs', () => {
    expect(splitPrice(rules, { ...meal, grossFen: 250 })).toMatchObject({ subsidyFen: 250, selfPaidFen: 0 });
  });
});

describe('any rules', () => {
  const anyRule = fc.record({
    ruleId: fc.integer(),
    code: fc.string(),
    version: fc.integer(),
    funderName: fc.string(),
    funderAccountId: fc.integer(),
    meal: fc.constantFrom('BREAKFAST' as const, 'LUNCH' as const, 'DINNER' as const),
    ageMin: fc.integer({ min: 0, max: 120 }),
    amountFen: fc.integer({ min: 1, max: 1_000_000 }),
    fromDay: fc.constantFrom('2019-01-01', '2026-03-10', '2026-03-11'),
    toDay: fc.constantFrom(null, '2026-03-10', '2026-03-11', '2030-01-01'),
  });

  it('split a price into parts of zero or more that sum to it, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyRule), fc.integer({ min: 1, max: 1_000_000 }), (many, grossFen) => {
        const split = splitPrice(many, { ...meal, grossFen });
        expect(split.subsidyFen + split.discountFen + split.selfPaidFen).toBe(grossFen);
        expect(Math.min(split.subsidyFen, split.discountFen, split.selfPaidFen)).toBeGreaterThanOrEqual(0);
        expect(splitPrice([...many].reverse(), { ...meal, grossFen }).subsidyFen).toBe(split.subsidyFen);
      }),
    );
  });
});
