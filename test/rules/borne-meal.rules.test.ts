import { expect, it } from 'vitest';
import { type BorneMeal, borneMeal, isBorneAlike } from '../../src/meals/rules/borne-meal.rules.js';
import { funders } from '../support/any-shares.js';

const [city, district, , donor] = funders as Required<typeof funders>;
const accounts = new Map(funders.map((funder) => [funder.accountId, funder]));
/** Of a meal of 12 yuan; 90 is the account of the canteen's discounts. */
const borne = (...entries: [accountId: number, fen: number][]) =>
  borneMeal(
    1200,
    entries.map(([accountId, fen]) => ({ accountId, fen })),
    accounts,
  );

it('what a funder of a level bears is a subsidy, what the canteen or a donor bears a discount', () => {
  expect(borne([1, -300], [4, -50], [90, -20])).toEqual({
    subsidyFen: 300,
    discountFen: 70,
    selfPaidFen: 830,
    shares: [
      { funder: city, fen: 300 },
      { funder: donor, fen: 50 },
      { funder: null, fen: 20 },
    ],
  });
});

it('whoever was given all of it back bears nothing', () => {
  expect(borne([90, -1200], [90, 1200])).toEqual({
    subsidyFen: 0,
    discountFen: 0,
    selfPaidFen: 1200,
    shares: [],
  });
  expect(borne([1, -300], [1, 300], [90, -300]).shares).toEqual([{ funder: null, fen: 300 }]);
});

it.each<[string, BorneMeal, BorneMeal, boolean]>([
  ['in whatever order', borne([1, -3], [90, -2]), borne([90, -2], [1, -3]), true],
  ['another funder', borne([1, -3]), borne([2, -3]), false],
  ['the canteen instead of a donor', borne([90, -3]), borne([4, -3]), false],
  ['two funders the other way round', borne([1, -3], [2, -2]), borne([1, -2], [2, -3]), false],
  ['one funder more', borne([1, -3]), borne([1, -3], [2, -1]), false],
])('is borne alike or not: %s', (_, one, other, alike) => {
  expect(isBorneAlike(one, other)).toBe(alike);
  expect(isBorneAlike(other, one)).toBe(alike);
});

it('a funder is known by its account', () => {
  const again = { ...borne(), shares: [{ funder: { ...district } as typeof city, fen: 3 }], subsidyFen: 3 };
  expect(isBorneAlike(borne([2, -3]), again as BorneMeal)).toBe(true);
});
