import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PastMeal, periodOf } from '../../src/meals/rules/rule-caps.rules.js';
import type { Cap, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { ruleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { isDiscount, splitPrice } from '../../src/meals/subsidy.rules.js';
import { anyDocument, anySplit } from '../support/any-rules.js';
import { funders } from '../support/any-shares.js';

describe('any rules and any meal', () => {
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
              const before = past.filter(({ day }) => per !== 'MEAL' && first <= day && day <= last);
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

  it('are documents of the language', () => {
    fc.assert(fc.property(anyDocument, (document) => ruleDocument.safeParse(document).success));
  });
});

it('who lives in an institution gets nothing, unless the rules say so', () => {
  const words = { zh: '字', en: 'words' };
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
