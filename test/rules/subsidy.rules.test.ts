import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elderCategories } from '../../entities/elders/elder-category-membership.entity.js';
import { type PastMeal, periodOf } from '../../src/meals/rules/rule-caps.rules.js';
import type { Cap, Group, Rule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { ruleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { isDiscount, splitPrice } from '../../src/meals/subsidy.rules.js';
import { anyShares, divisions, funders } from '../support/any-shares.js';

const words = { zh: '字', en: 'words' };

const anyGives: fc.Arbitrary<Rule['gives']> = fc.oneof(
  fc.record({
    kind: fc.constant('AMOUNT' as const),
    fen: fc.integer({ min: 1, max: 1_000_000 }),
    ifBillIsLess: fc.constant('PAY_THE_BILL' as const),
  }),
  fc.record({ kind: fc.constant('SELF_PAY' as const), fen: fc.integer({ min: 0, max: 1_000_000 }) }),
  fc.record({
    kind: fc.constant('PERCENT_OFF' as const),
    percent: fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100),
    of: fc.constantFrom('PRICE' as const, 'REST' as const),
    rounding: fc.constantFrom('DOWN' as const, 'UP' as const, 'HALF_UP' as const),
    toFen: fc.constantFrom(1 as const, 10 as const, 100 as const),
  }),
  fc.constant({ kind: 'FREE' as const }),
);
const anyCaps: fc.Arbitrary<Cap[] | undefined> = fc.option(
  fc.array(
    fc.record({
      per: fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const),
      times: fc.integer({ min: 1, max: 4 }),
      fen: fc.integer({ min: 1, max: 2000 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: undefined },
);
const anyRule = fc.record({
  gives: anyGives,
  borneBy: anyShares,
  caps: anyCaps,
  who: fc.option(
    fc.record({
      ageFrom: fc.integer({ min: 50, max: 80 }),
      categories: fc.subarray([...elderCategories], { minLength: 1 }),
    }),
    { nil: undefined },
  ),
});
const anyDocument: fc.Arbitrary<RuleDocument> = fc
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
const anyPast: fc.Arbitrary<PastMeal[]> = fc.array(
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
const anyMeal = fc.record({
  day: anyDay,
  minute: fc.integer({ min: 0, max: 1439 }),
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

describe('any rules and any meal', () => {
  const anySplit = fc
    .record({
      documents: fc.array(anyDocument, { maxLength: 3 }),
      meal: anyMeal,
      past: anyPast,
      division: fc.constantFrom(...divisions),
    })
    .map(({ documents, meal, past, division }) => {
      const sets = documents.map((document, index) => ({
        ruleSetId: index,
        code: `S${index}`,
        version: 1,
        scopeDivision: '11',
        document,
      }));
      return { sets, meal, past, split: splitPrice({ sets, funders, division }, meal, past) };
    });

  it('split the price into parts of zero or more, and the shares sum to what is given, in whole fen', () => {
    fc.assert(
      fc.property(anySplit, ({ meal, split }) => {
        const { subsidyFen, discountFen, selfPaidFen, shares, uses } = split;
        expect(subsidyFen + discountFen + selfPaidFen).toBe(meal.grossFen);
        expect(Math.min(subsidyFen, discountFen, selfPaidFen)).toBeGreaterThanOrEqual(0);
        const sumOf = (some: readonly { fen: number }[]) => some.reduce((sum, { fen }) => sum + fen, 0);
        expect(sumOf(shares.filter((share) => !isDiscount(share)))).toBe(subsidyFen);
        expect(sumOf(shares.filter(isDiscount))).toBe(discountFen);
        expect(sumOf(uses)).toBe(subsidyFen + discountFen);
        expect(new Set(shares.map(({ funder }) => funder)).size).toBe(shares.length);
        for (const { fen } of [...shares, ...uses]) expect(Number.isSafeInteger(fen) && fen > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('hold every cap, together with what the elder had before', () => {
    fc.assert(
      fc.property(anySplit, ({ meal, past, split }) => {
        for (const use of split.uses) {
          const group = use.set.document.groups.find(({ code }) => code === use.groupCode);
          const rule = group?.rules.find(({ code }) => code === use.ruleCode);
          const owned: [Cap[], (each: typeof use | PastMeal['uses'][number]) => boolean][] = [
            [use.set.document.caps ?? [], () => true],
            [group?.caps ?? [], (each) => each.groupCode === use.groupCode],
            [rule?.caps ?? [], (each) => each.groupCode === use.groupCode && each.ruleCode === use.ruleCode],
          ];
          for (const [caps, isOf] of owned) {
            const own = (uses: PastMeal['uses']) =>
              uses.filter((each) => each.setCode === use.setCode && isOf(each));
            for (const { per, times, fen } of caps) {
              const { first, last } = periodOf(per, meal.day);
              const before = past.filter(({ day }) => first <= day && day <= last);
              const counted = before.filter(({ uses }) => own(uses).length > 0);
              if (times !== undefined) expect(counted.length).toBeLessThan(times);
              const total = [...before.flatMap(({ uses }) => own(uses)), ...own(split.uses)];
              if (fen !== undefined)
                expect(total.reduce((sum, each) => sum + each.fen, 0)).toBeLessThanOrEqual(fen);
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('look at every rule once, and those that applied are those that gave', () => {
    fc.assert(
      fc.property(anySplit, ({ sets, split }) => {
        const all = sets.flatMap(({ code, document }) =>
          document.groups.flatMap(({ rules }) => rules.map((rule) => `${code} ${rule.code}`)),
        );
        expect(split.looked.map(({ set, rule }) => `${set.code} ${rule.code}`).sort()).toEqual(all.sort());
        const applied = split.looked.filter(({ finding }) => finding.found === 'APPLIED');
        expect(applied.map(({ rule }) => rule.code)).toEqual(split.uses.map(({ ruleCode }) => ruleCode));
      }),
    );
  });

  it('are documents of the language', () => {
    fc.assert(fc.property(anyDocument, (document) => ruleDocument.safeParse(document).success));
  });
});

it('who lives in an institution gets nothing, unless the rules say so', () => {
  const document = ruleDocument.parse({
    format: 1,
    name: words,
    alongside: 'BEST',
    groups: [
      {
        code: 'G',
        name: words,
        pick: 'ONE',
        rules: [
          { code: 'R', name: words, gives: { kind: 'FREE' }, borneBy: [{ funder: 'CITY', rest: true }] },
        ],
      },
    ],
  });
  const subsidyOf = (change: Partial<RuleDocument>, inInstitution: boolean) => {
    const set = { ruleSetId: 1, code: 'S', version: 1, scopeDivision: '11' };
    const sets = [{ ...set, document: { ...document, ...change } }];
    const diner = {
      birthDate: '1950-01-01',
      categories: [],
      abilityLevel: null,
      abilityExpiresOn: null,
      residence: null,
      inInstitution,
    };
    const meal = {
      day: '2026-03-10',
      minute: 720,
      meal: 'LUNCH',
      mode: 'DINE_IN',
      menu: 'SET_MEAL',
    } as const;
    return splitPrice({ sets, funders, division: '11' }, { ...meal, diner, grossFen: 1000 }, []).subsidyFen;
  };
  expect(subsidyOf({}, false)).toBe(1000);
  expect(subsidyOf({}, true)).toBe(0);
  expect(subsidyOf({ institutions: 'PAID' }, true)).toBe(1000);
});
