import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceededCaps, type GivenMeal } from '../../src/meals/rules/kept-caps.rules.js';
import { capsOn } from '../../src/meals/rules/rule-caps.rules.js';
import type { GivingRule } from '../../src/meals/rules/rule-catalog.js';
import type { Cap, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { type RuleSetTerms, splitPrice } from '../../src/meals/subsidy.rules.js';
import { anyDocument, anyMeal } from '../support/any-rules.js';
import { funders } from '../support/any-shares.js';
import { amount, oneRule } from '../support/rule-documents.js';

const division = '110105001';

function version(number: number, document: RuleDocument): RuleSetTerms {
  return { ruleSetId: number, code: 'S', version: number, scopeDivision: '11', document };
}

/** What the only rule of a document gave. */
function gave(set: RuleSetTerms, fen: number): GivingRule {
  const [group] = set.document.groups;
  const rule = group?.rules[0];
  if (!group || !rule) throw new Error('there is no rule');
  return { set, group, rule, fen };
}

const levels = ['rule', 'group', 'set'] as const;

function capped(level: (typeof levels)[number], ...caps: Cap[]): RuleDocument {
  const document = oneRule({ gives: amount(1000), ...(level === 'rule' ? { caps } : {}) });
  if (level === 'set') return { ...document, caps };
  const groups = document.groups.map((group) => (level === 'group' ? { ...group, caps } : group));
  return { ...document, groups };
}

const meals = (set: RuleSetTerms, ...had: [day: string, fen: number][]): GivenMeal[] =>
  had.map(([day, fen]) => ({ day, given: [gave(set, fen)] }));

describe.each(levels)('a cap of a %s', (level) => {
  const over = (cap: Cap, ...had: [string, number][]) =>
    exceededCaps(meals(version(1, capped(level, cap)), ...had)).map(
      ({ per, first, unit, given, most }) => `${per} ${first}: ${given} of ${most} ${unit}`,
    );

  it.each<[Cap, [string, number][], string]>([
    [{ per: 'MEAL', fen: 300 }, [['2026-03-02', 300]], ''],
    [{ per: 'MEAL', fen: 300 }, [['2026-03-02', 301]], 'MEAL 2026-03-02: 301 of 300 fen'],
    [
      { per: 'DAY', times: 1 },
      [
        ['2026-03-02', 1],
        ['2026-03-03', 1],
      ],
      '',
    ],
    [
      { per: 'DAY', times: 1 },
      [
        ['2026-03-02', 1],
        ['2026-03-02', 1],
      ],
      'DAY 2026-03-02: 2 of 1 times',
    ],
    [
      { per: 'DAY', fen: 500 },
      [
        ['2026-03-02', 300],
        ['2026-03-02', 200],
      ],
      '',
    ],
    [
      { per: 'DAY', fen: 500 },
      [
        ['2026-03-02', 300],
        ['2026-03-02', 201],
      ],
      'DAY 2026-03-02: 501 of 500 fen',
    ],
    [
      { per: 'WEEK', times: 1 },
      [
        ['2026-03-08', 1],
        ['2026-03-09', 1],
      ],
      '',
    ],
    [
      { per: 'WEEK', times: 1 },
      [
        ['2026-03-09', 1],
        ['2026-03-15', 1],
      ],
      'WEEK 2026-03-09: 2 of 1 times',
    ],
    [
      { per: 'WEEK', fen: 500 },
      [
        ['2026-03-30', 300],
        ['2026-04-05', 200],
      ],
      '',
    ],
    [
      { per: 'WEEK', fen: 500 },
      [
        ['2026-03-30', 300],
        ['2026-04-05', 201],
      ],
      'WEEK 2026-03-30: 501 of 500 fen',
    ],
    [
      { per: 'MONTH', times: 1 },
      [
        ['2026-03-31', 1],
        ['2026-04-01', 1],
      ],
      '',
    ],
    [
      { per: 'MONTH', times: 1 },
      [
        ['2026-04-01', 1],
        ['2026-04-30', 1],
      ],
      'MONTH 2026-04-01: 2 of 1 times',
    ],
    [
      { per: 'MONTH', fen: 500 },
      [
        ['2026-02-01', 300],
        ['2026-02-28', 200],
      ],
      '',
    ],
    [
      { per: 'MONTH', fen: 500 },
      [
        ['2026-02-01', 300],
        ['2026-02-28', 201],
      ],
      'MONTH 2026-02-01: 501 of 500 fen',
    ],
  ])('of %j and meals of %j is exceeded: %j', (cap, had, expected) => {
    expect(over(cap, ...had).join()).toBe(expected);
  });
});

it('the narrower of two caps of one period counts, and the meal once', () => {
  const set = version(1, capped('rule', { per: 'DAY', fen: 500 }, { per: 'DAY', fen: 400, times: 2 }));
  expect(exceededCaps(meals(set, ['2026-03-02', 400]))).toEqual([]);
  expect(exceededCaps(meals(set, ['2026-03-02', 401]))).toMatchObject([{ given: 401, most: 400 }]);
});

describe('caps that differ from version to version', () => {
  const wide = version(1, capped('group', { per: 'WEEK', times: 5 }));
  const narrow = version(2, capped('group', { per: 'WEEK', times: 2 }));
  const none = version(3, capped('group'));
  const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07'];
  const some = (set: RuleSetTerms, count: number) =>
    meals(set, ...days.slice(0, count).map((day): [string, number] => [day, 100]));

  it('are kept where the narrower one was used first, however late the days of the wider one came', () => {
    expect(exceededCaps([...some(narrow, 2), ...some(wide, 3)])).toEqual([]);
  });

  it('are not where even so one of them is passed', () => {
    expect(exceededCaps([...some(narrow, 2), ...some(wide, 4)])).toMatchObject([{ given: 6, most: 5 }]);
    expect(exceededCaps([...some(narrow, 3), ...some(wide, 1)])).toMatchObject([{ given: 3, most: 2 }]);
  });

  it('bind nothing of a version without one', () => {
    expect(exceededCaps([...some(narrow, 2), ...some(none, 6)])).toEqual([]);
  });
});

/** What is recorded one after the other: a meal, and whether it is voided before the next. */
const anyLife = fc.record({
  documents: fc.array(anyDocument, { minLength: 1, maxLength: 3 }),
  steps: fc.array(
    fc.record({
      eaten: anyMeal,
      day: fc.integer({ min: 1, max: 20 }).map((day) => `2026-03-${String(day).padStart(2, '0')}`),
      voids: fc.option(fc.nat({ max: 20 }), { freq: 4 }),
    }),
    { maxLength: 25 },
  ),
});

/** Meals that stand, of those that were decided in this order; each version counts for a third of the days. */
function lived({ documents, steps }: typeof anyLife extends fc.Arbitrary<infer Life> ? Life : never) {
  const standing: { meal: GivenMeal; wasBound: boolean }[] = [];
  const versions = documents.map((document, index) => version(index + 1, document));
  for (const { eaten, day, voids } of steps) {
    const set = versions[Math.floor((Number(day.slice(8)) - 1) / 7) % versions.length] as RuleSetTerms;
    const past = standing.map(({ meal }) => ({
      day: meal.day,
      meal: eaten.meal,
      uses: meal.given.map((each) => ({
        ...{ setCode: each.set.code, groupCode: each.group.code, ruleCode: each.rule.code, fen: each.fen },
      })),
    }));
    const { looked } = splitPrice({ sets: [set], funders, division }, { ...eaten, day }, past);
    const given = looked.flatMap(({ group, rule, finding }) =>
      finding.found === 'APPLIED' ? [{ set, group, rule, fen: finding.fen }] : [],
    );
    const wasBound = looked.some(
      ({ finding }) => finding.found === 'APPLIED' && finding.reached?.cap.fen !== undefined,
    );
    if (voids !== null) standing.splice(voids, 1);
    standing.push({ meal: { day, given }, wasBound });
  }
  return standing;
}

it('nothing is exceeded by what the rules themselves give, in whatever order, with voids and new versions', () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      expect(exceededCaps(lived(life).map(({ meal }) => meal))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

it('the fen above what a cap left to the last meal is found', () => {
  let found = 0;
  fc.assert(
    fc.property(anyLife, ({ documents, steps }) => {
      const standing = lived({
        documents: documents.slice(0, 1),
        steps: steps.map((step) => ({ ...step, voids: null })),
      });
      const last = standing.at(-1);
      const use = last?.meal.given.at(-1);
      if (!last?.wasBound || !use || !capsOn(use.set, use.group, use.rule).some(({ cap }) => cap.fen)) return;
      const isLostNowhere = use.rule.borneBy.every(({ elsewhere, level }) => !elsewhere && !level);
      if (last.meal.given.length > 1 || !isLostNowhere) return;
      found += 1;
      const more = { ...last.meal, given: [{ ...use, fen: use.fen + 1 }] };
      expect(exceededCaps([...standing.slice(0, -1).map(({ meal }) => meal), more])).not.toEqual([]);
    }),
    { numRuns: 2000 },
  );
  expect(found).toBeGreaterThan(10);
});
