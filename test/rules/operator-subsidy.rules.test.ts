import { describe, expect, it } from 'vitest';
import { operatorMonth, operatorSubsidies, type ServedMeal } from '../../src/meals/operator-subsidy.rules.js';
import type { OperatorRule } from '../../src/meals/rules/rule-language.rules.js';
import type { FunderFacts } from '../../src/meals/rules/rule-shares.rules.js';

const name = { zh: '字', en: 'words' };
const funders: FunderFacts[] = [
  { code: 'CITY', name: 'city', level: 'CITY', divisionCode: '1101', accountId: 1 },
  { code: 'DISTRICT', name: 'district', level: 'DISTRICT', divisionCode: '110105', accountId: 2 },
];
const rule: OperatorRule = {
  code: 'O',
  name,
  per: 'MEAL',
  fen: 100,
  counts: 'SUBSIDISED',
  borneBy: [
    { funder: 'CITY', percent: 33.33 },
    { level: 'DISTRICT', rest: true },
  ],
};

/** Two elders over three days of a month: six meals, of which five were subsidised. */
const meals: ServedMeal[] = [
  { elderId: 1, day: '2026-03-29', meal: 'LUNCH', mode: 'DINE_IN', rules: ['A'] },
  { elderId: 1, day: '2026-03-29', meal: 'DINNER', mode: 'DELIVERY', rules: ['A', 'B'] },
  { elderId: 1, day: '2026-03-30', meal: 'LUNCH', mode: 'DINE_IN', rules: ['B'] },
  { elderId: 2, day: '2026-03-30', meal: 'LUNCH', mode: 'DELIVERY', rules: ['A'] },
  { elderId: 2, day: '2026-03-31', meal: 'LUNCH', mode: 'DINE_IN', rules: ['A'] },
  { elderId: 2, day: '2026-03-31', meal: 'DINNER', mode: 'DINE_IN', rules: [] },
];

function givenBy(change: Partial<OperatorRule>, division = '110105001001') {
  const document = { operators: [{ ...rule, ...change }] };
  const [given] = operatorSubsidies(document, meals, { division, funders });
  return { count: given?.count, fen: given?.fen, shares: given?.shares.map(({ fen }) => fen) };
}

describe('an operator gets', () => {
  it.each<[string, Partial<OperatorRule>, number, number]>([
    ['so much a subsidised meal', {}, 5, 500],
    ['so much a meal', { counts: 'ALL' }, 6, 600],
    ['a meal that one rule paid for', { rules: ['B'] }, 2, 200],
    ['a delivered meal', { how: ['DELIVERY'] }, 2, 200],
    ['a dinner, whoever paid', { counts: 'ALL', meals: ['DINNER'] }, 2, 200],
    ['a person and day', { per: 'PERSON_DAY' }, 4, 400],
    ['a person and month', { per: 'PERSON_MONTH' }, 2, 200],
    ['a month', { per: 'MONTH' }, 1, 100],
    ['from five meals on', { mealsAtLeast: 5 }, 5, 500],
    ['nothing below six', { mealsAtLeast: 6 }, 0, 0],
    ['no more than so much', { monthFenMax: 450 }, 5, 450],
  ])('%s', (_, change, count, fen) => {
    const given = givenBy(change);
    expect(given).toMatchObject({ count, fen });
    expect(given.shares?.reduce((sum, share) => sum + share, 0)).toBe(fen);
  });

  it('a share of so many fen is one of each meal, as far as the most of a month goes', () => {
    const borneBy: OperatorRule['borneBy'] = [
      { funder: 'CITY', fen: 30 },
      { level: 'DISTRICT', rest: true },
    ];
    expect(givenBy({ borneBy }).shares).toEqual([150, 350]);
    expect(givenBy({ borneBy, monthFenMax: 200 }).shares).toEqual([150, 50]);
  });

  it('shares to the fen, and nothing that nobody bears', () => {
    expect(givenBy({}).shares).toEqual([166, 334]);
    expect(givenBy({}, '110106001001')).toEqual({ count: 5, fen: 166, shares: [166] });
  });
});

describe('when the rule changes within a month', () => {
  const [early, late] = [meals.slice(0, 2), meals.slice(2, 4)];
  const place = { division: '110105001001', funders };
  const versions = (change: Partial<OperatorRule>) =>
    operatorMonth(
      [
        { document: { operators: [{ ...rule, ...change }] }, meals: early },
        { document: { operators: [{ ...rule, ...change, fen: 200 }] }, meals: late },
      ],
      place,
    ).map(({ count, fen }) => [count, fen]);

  it.each<[string, Partial<OperatorRule>, number[][]]>([
    [
      'each version counts the meals of its own days',
      {},
      [
        [2, 200],
        [2, 400],
      ],
    ],
    [
      'a person of the month is counted once',
      { per: 'PERSON_MONTH' },
      [
        [1, 100],
        [1, 200],
      ],
    ],
    [
      'so is the month',
      { per: 'MONTH' },
      [
        [1, 100],
        [0, 0],
      ],
    ],
    [
      'a least number of meals is that of the month',
      { mealsAtLeast: 4 },
      [
        [2, 200],
        [2, 400],
      ],
    ],
    [
      'and so is the most',
      { monthFenMax: 300 },
      [
        [2, 200],
        [2, 100],
      ],
    ],
    [
      'nothing is given below it',
      { mealsAtLeast: 5 },
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ])('%s', (_, change, given) => expect(versions(change)).toEqual(given));
});
