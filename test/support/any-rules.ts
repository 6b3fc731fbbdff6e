import fc from 'fast-check';
import { elderCategories } from '../../entities/elders/elder-category-membership.entity.js';
import { meals } from '../../entities/meals/meal-window.entity.js';
import type { PastMeal } from '../../src/meals/rules/rule-caps.rules.js';
import type { Cap, Group, Rule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { type RuleSetTerms, splitPrice } from '../../src/meals/subsidy.rules.js';
import { anyShares, divisions, funders } from './any-shares.js';

const words = { zh: '字', en: 'words' };

const anyGives: fc.Arbitrary<Rule['gives']> = fc.oneof(
  fc.record({
    kind: fc.constant('AMOUNT' as const),
    fen: fc.integer({ min: 1, max: 1_000_000 }),
    ifBillIsLess: fc.constant('PAY_THE_BILL' as const),
  }),
  fc.record({ kind: fc.constant('SELF_PAY' as const), fen: fc.integer({ min: 0, max: 1_000_000 }) }),
  fc.record({
    kind: fc.constantFrom('PERCENT_OFF' as const, 'PERCENT_PAID' as const),
    percent: fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100),
    of: fc.constantFrom('PRICE' as const, 'REST' as const),
    rounding: fc.constantFrom('DOWN' as const, 'UP' as const, 'HALF_UP' as const),
    toFen: fc.constantFrom(1 as const, 10 as const, 100 as const),
  }),
  fc.constant({ kind: 'FREE' as const }),
);
const anyCaps: fc.Arbitrary<Cap[] | undefined> = fc.option(
  fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          per: fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const),
          times: fc.integer({ min: 1, max: 4 }),
          fen: fc.integer({ min: 1, max: 2000 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ per: fc.constant('MEAL' as const), fen: fc.integer({ min: 1, max: 2000 }) }),
      },
    ),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: undefined, freq: 2 },
);
const anyRule = fc.record({
  gives: anyGives,
  borneBy: anyShares,
  caps: anyCaps,
  who: fc.option(
    fc.record(
      {
        ageFrom: fc.integer({ min: 50, max: 70 }),
        ageTo: fc.integer({ min: 70, max: 100 }),
        categories: fc.subarray([...elderCategories], { minLength: 1 }),
        noneOf: fc.tuple(fc.record({ categories: fc.subarray([...elderCategories], { minLength: 1 }) })),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined, freq: 2 },
  ),
  when: fc.option(
    fc.record(
      {
        meals: fc.subarray([...meals], { minLength: 1 }),
        weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 3 }),
        fromTime: fc.constantFrom('06:00', '11:00', '11:30'),
        toTime: fc.constantFrom('12:00', '12:30', '24:00'),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined, freq: 2 },
  ),
});
export const anyDocument: fc.Arbitrary<RuleDocument> = fc
  .record({
    alongside: fc.constantFrom('BEST' as const, 'ADD' as const),
    caps: anyCaps,
    groups: fc.array(
      fc.record({
        pick: fc.constantFrom<Group['pick']>('ALL', 'BEST', 'FIRST', 'ONE'),
        caps: anyCaps,
        rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ alongside, caps, groups }) => ({
    format: 1,
    name: words,
    alongside,
    caps,
    groups: groups.map((group, index) => ({
      ...group,
      code: `G${index}`,
      name: words,
      rules: group.rules.map((rule, at) => ({ ...rule, code: `R${index}-${at}`, name: words })),
    })),
  }));
const anyDay = fc
  .integer({ min: 0, max: 60 })
  .map((days) => new Date(Date.UTC(2026, 1, 20 + days)).toISOString().slice(0, 10));
export const anyPast: fc.Arbitrary<PastMeal[]> = fc.array(
  fc.record({
    day: anyDay,
    meal: fc.constantFrom('LUNCH' as const, 'DINNER' as const),
    uses: fc.array(
      fc.record({
        setCode: fc.constantFrom('S0', 'S1'),
        groupCode: fc.constantFrom('G0', 'G1'),
        ruleCode: fc.constantFrom('R0-0', 'R0-1', 'R1-0'),
        fen: fc.integer({ min: 1, max: 1000 }),
      }),
      { maxLength: 2 },
    ),
  }),
  { maxLength: 6 },
);
export const anyMeal = fc.record({
  day: anyDay,
  minute: fc.integer({ min: 360, max: 1200 }),
  meal: fc.constantFrom('BREAKFAST' as const, 'LUNCH' as const, 'DINNER' as const),
  mode: fc.constantFrom('DINE_IN' as const, 'DELIVERY' as const),
  menu: fc.constantFrom('SET_MEAL' as const, 'A_LA_CARTE' as const),
  grossFen: fc.integer({ min: 1, max: 1_000_000 }),
  diner: fc.record({
    birthDate: fc.constantFrom('1930-05-05', '1960-02-29', '1966-03-10'),
    categories: fc.subarray([...elderCategories]),
    abilityLevel: fc.option(fc.integer({ min: 0, max: 4 })),
    abilityExpiresOn: fc.constantFrom(null, '2026-03-10'),
    residence: fc.option(fc.constantFrom(...divisions)),
  }),
});

export const anySets: fc.Arbitrary<RuleSetTerms[]> = fc
  .array(anyDocument, { maxLength: 3 })
  .map((documents) =>
    documents.map((document, index) => ({
      ruleSetId: index,
      code: `S${index}`,
      version: 1,
      scopeDivision: '11',
      document,
    })),
  );

/** A meal, the rules that it is split by, what its elder had before, and the split. */
export const anySplit = fc
  .record({ sets: anySets, meal: anyMeal, past: anyPast, division: fc.constantFrom(...divisions) })
  .map(({ sets, meal, past, division }) => ({
    sets,
    meal,
    past,
    split: splitPrice({ sets, funders, division }, meal, past),
  }));
