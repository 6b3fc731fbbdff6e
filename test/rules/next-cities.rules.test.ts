import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asExpected, decide, type RuleCase, ruleFileOf } from '../support/rule-cases.js';

/**
 * Two cities that exist nowhere: the next city needs no code. They use what the seven real ones do not:
 * fixed self-pay, free meals, windows, weekdays, holidays, caps in money, donors, shares in per cent, a set
 * that is added to another, and a share that somebody else takes over.
 */

const harbour = ruleFileOf(readFileSync('test/support/cities-harbour.json', 'utf8'));

const home = '990101001001';
const base: Omit<RuleCase, 'name' | 'expect' | 'billFen'> = {
  elder: { born: '1950-01-01', categories: [], home },
  canteen: home,
  // A Wednesday.
  day: '2026-09-02',
  meal: 'LUNCH',
};
const poor = { ...base.elder, categories: ['MINIMUM_LIVING' as const] };

const harbourCases: (Partial<RuleCase> & Pick<RuleCase, 'name' | 'billFen' | 'expect'>)[] = [
  {
    name: 'half of 9.50 is 4.75, to the jiao 4.70, in three parts',
    billFen: 950,
    expect: {
      subsidyFen: 470,
      discountFen: 0,
      selfPaidFen: 480,
      funding: { PROVINCE: 156, CITY: 156, EAST: 158 },
    },
  },
  {
    name: '6 yuan at most',
    billFen: 2000,
    expect: { subsidyFen: 600, discountFen: 0, selfPaidFen: 1400 },
  },
  {
    name: 'the window ends at one',
    billFen: 950,
    time: '13:00',
    expect: { subsidyFen: 0, discountFen: 0, selfPaidFen: 950 },
  },
  {
    name: 'a minute before',
    billFen: 950,
    time: '12:59',
    expect: { subsidyFen: 470, discountFen: 0, selfPaidFen: 480 },
  },
  {
    name: 'Saturday',
    billFen: 950,
    day: '2026-09-05',
    expect: { subsidyFen: 0, discountFen: 0, selfPaidFen: 950 },
  },
  {
    name: 'a holiday',
    billFen: 950,
    day: '2026-10-01',
    expect: { subsidyFen: 0, discountFen: 0, selfPaidFen: 950 },
  },
  {
    name: 'in the other district, which takes the share over',
    billFen: 950,
    canteen: '990102001001',
    expect: {
      subsidyFen: 470,
      discountFen: 0,
      selfPaidFen: 480,
      funding: { PROVINCE: 156, CITY: 156, WEST: 158 },
    },
  },
  {
    name: 'the poor pay two yuan, which is more than half',
    billFen: 1200,
    elder: poor,
    expect: {
      subsidyFen: 1000,
      discountFen: 0,
      selfPaidFen: 200,
      funding: { CITY: 1000 },
      rules: ['TWO-YUAN'],
    },
  },
  {
    name: 'delivered, the poor have half',
    billFen: 1200,
    elder: poor,
    mode: 'DELIVERY',
    expect: { subsidyFen: 600, discountFen: 0, selfPaidFen: 600, rules: ['HALF'] },
  },
  {
    name: 'of 1.50 there is nothing above two yuan, so half counts',
    billFen: 150,
    elder: poor,
    expect: { subsidyFen: 70, discountFen: 0, selfPaidFen: 80, rules: ['HALF'] },
  },
  {
    name: 'what is left of 30 yuan a month, by whatever rule',
    billFen: 1200,
    elder: poor,
    past: [
      { day: '2026-09-01', meal: 'LUNCH', gave: { 'TWO-YUAN': 1500 } },
      { day: '2026-09-30', meal: 'DINNER', gave: { HALF: 1100 } },
      { day: '2026-08-31', meal: 'DINNER', gave: { HALF: 600 } },
      { day: '2026-10-01', meal: 'DINNER', gave: { HALF: 600 } },
    ],
    expect: { subsidyFen: 400, discountFen: 0, selfPaidFen: 800 },
  },
];

describe('a harbour', () => {
  it.each(harbourCases.map((given) => [given.name, { ...base, ...given }] as const))('%s', (_, given) => {
    expect(asExpected(decide(harbour, given), given.expect)).toEqual(given.expect);
  });
});

const hills = ruleFileOf(readFileSync('test/support/cities-hills.json', 'utf8'));

describe('hills', () => {
  const up = { ...base, elder: { ...base.elder, home: '990201100001' }, canteen: '990201100001' };
  const cases: (Partial<RuleCase> & Pick<RuleCase, 'name' | 'billFen' | 'expect'>)[] = [
    {
      name: 'two yuan, and a tenth of the rest of 10.05',
      billFen: 1005,
      day: '2026-05-31',
      // 8.05 are left, of which 0.805 is rounded up.
      expect: { subsidyFen: 200, discountFen: 81, selfPaidFen: 724, rules: ['COUNTY-2', 'LOTTERY-10'] },
    },
    {
      name: "in June the town's yuan is added",
      billFen: 1005,
      day: '2026-06-01',
      expect: {
        subsidyFen: 300,
        discountFen: 81,
        selfPaidFen: 624,
        funding: { COUNTY: 200, LOTTERY: 81, TOWN: 100 },
      },
    },
    {
      name: 'in July no longer',
      billFen: 1005,
      day: '2026-07-01',
      expect: { subsidyFen: 200, discountFen: 81, selfPaidFen: 724 },
    },
    {
      name: 'beside the town there is none',
      billFen: 1005,
      day: '2026-06-01',
      canteen: '990201101001',
      expect: { subsidyFen: 200, discountFen: 81, selfPaidFen: 724 },
    },
    {
      name: 'free from a hundred on: the canteen half of the rest, an odd fen to the county, nothing to the town',
      billFen: 1005,
      day: '2026-06-01',
      elder: { ...up.elder, born: '1926-06-01' },
      expect: {
        subsidyFen: 562,
        discountFen: 443,
        selfPaidFen: 0,
        funding: { COUNTY: 562, LOTTERY: 81 },
      },
    },
    {
      name: 'a bill of 2 yuan leaves nothing for the others',
      billFen: 200,
      day: '2026-06-01',
      expect: { subsidyFen: 200, discountFen: 0, selfPaidFen: 0, rules: ['COUNTY-2'] },
    },
  ];
  it.each(cases.map((given) => [given.name, { ...up, ...given }] as const))('%s', (_, given) => {
    expect(asExpected(decide(hills, given), given.expect)).toEqual(given.expect);
  });
});
