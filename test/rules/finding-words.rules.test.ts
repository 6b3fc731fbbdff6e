import { describe, expect, it } from 'vitest';
import { explanationText } from '../../src/meals/rules/explanation-words.rules.js';
import { findingText } from '../../src/meals/rules/finding-words.rules.js';
import type { Cap } from '../../src/meals/rules/rule-language.rules.js';
import { noNames } from '../../src/meals/rules/rule-words.rules.js';
import type { ExplainedSplit } from '../../src/meals/subsidy.rules.js';
import { groupOf, hadBefore, lunchBy, ruleOf, setOf } from '../support/splits.js';

/** What is said of each rule, in both languages. */
function said({ looked }: ExplainedSplit, areas: ReadonlyMap<string, string> = new Map()) {
  return Object.fromEntries(
    looked.map((each) => {
      const { zh, en } = findingText(each, { ...noNames, areas });
      return [each.rule.code, [each.finding.found, zh, en]];
    }),
  );
}

function summaryOf(split: ExplainedSplit): string {
  return explanationText({ split, notAccepted: null, minute: 720, isAssumed: false }).en;
}

const onceADay: Cap[] = [{ per: 'DAY', times: 1 }];
const reachedOnce = [
  'CAP',
  '已达上限：每天最多 1 次，已享受 1 次',
  'the limit is reached: 1 times a day, 1 were had',
];

describe('in a group of which the best rule counts', () => {
  it('a limit that is reached is said, though the first rule is not for the elder', () => {
    const poor = ruleOf('POOR', 500, { who: { categories: ['MINIMUM_LIVING'] } });
    const aged = ruleOf('AGED', 300, { who: { ageFrom: 60 }, caps: onceADay });
    const split = lunchBy([setOf('S', [groupOf('BEST', [poor, aged])])], {
      past: [hadBefore('S', 'AGED', 300)],
    });
    expect(said(split)).toEqual({
      POOR: ['UNMET', '须为低保', 'it is for those on the minimum living allowance'],
      AGED: reachedOnce,
    });
    expect(summaryOf(split)).toMatch(/No rule applies\.$/);
  });

  it('a limit that is reached is said of the dearer rule when the cheaper one gives something', () => {
    const rules = [ruleOf('A', 500, { caps: onceADay }), ruleOf('B', 300)];
    const split = lunchBy([setOf('S', [groupOf('BEST', rules)])], { past: [hadBefore('S', 'A', 500)] });
    expect(said(split)).toEqual({
      A: reachedOnce,
      B: ['APPLIED', '适用，补 3.00 元', 'applies: 3.00 yuan'],
    });
    expect(split.subsidyFen).toBe(300);
  });

  it('no rule that gave nothing is said to count instead of another', () => {
    const capped = ['A', 'B'].map((code) => ruleOf(code, 500, { caps: onceADay }));
    const past = [hadBefore('S', 'A', 500), hadBefore('S', 'B', 500, '2026-03-10')].map((meal, index) =>
      index === 0 ? meal : { ...meal, meal: 'DINNER' as const },
    );
    expect(said(lunchBy([setOf('S', [groupOf('BEST', capped)])], { past }))).toEqual({
      A: reachedOnce,
      B: reachedOnce,
    });
  });

  it('nor are rules to which nothing is left, or that nobody bears', () => {
    const dear = [ruleOf('A', 0, { gives: { kind: 'SELF_PAY', fen: 2000 } })];
    dear.push(ruleOf('B', 0, { gives: { kind: 'SELF_PAY', fen: 1500 } }));
    const nothingLeft = [
      'NOTHING_LEFT',
      '餐费中已没有该规则可补的部分',
      'nothing of the bill is left for it to pay',
    ];
    expect(said(lunchBy([setOf('S', [groupOf('BEST', dear)])]))).toEqual({ A: nothingLeft, B: nothingLeft });
    const borneBy = [{ level: 'PROVINCE' as const, rest: true as const }];
    const unborne = ['A', 'B'].map((code) => ruleOf(code, 500, { borneBy }));
    const lost = [
      'LOST',
      '符合条件，但没有出资方承担；因所在地没有登记出资方，其中 5.00 元不予补贴',
      'the conditions are met, but nobody bears it; 5.00 yuan of it are not paid, because no funder is known for the place',
    ];
    expect(said(lunchBy([setOf('S', [groupOf('BEST', unborne)])]))).toEqual({ A: lost, B: lost });
  });

  it('what gives less, or as much and later, is passed over for the rule that gives', () => {
    const rules = [ruleOf('A', 200), ruleOf('B', 300), ruleOf('C', 300)];
    const other = [
      'OTHER_RULE',
      '符合条件，但已按“B规则”执行',
      'the conditions are met, but “rule B” counts instead',
    ];
    expect(said(lunchBy([setOf('S', [groupOf('BEST', rules)])]))).toMatchObject({ A: other, C: other });
  });
});

it('where the first rule counts, it does so with nothing left of it, and that is said', () => {
  const rules = [ruleOf('A', 500, { caps: onceADay }), ruleOf('B', 300)];
  const split = lunchBy([setOf('S', [groupOf('FIRST', rules)])], { past: [hadBefore('S', 'A', 500)] });
  expect(split.selfPaidFen).toBe(1000);
  expect(said(split)).toEqual({
    A: reachedOnce,
    B: [
      'OTHER_RULE',
      '符合条件，但“A规则”排在前面，虽未给补贴也以其为准',
      'the conditions are met, but “rule A” stands before it, even though it gives nothing',
    ],
  });
});

describe('of sets beside each other', () => {
  it('the one that gives more is named', () => {
    const sets = [
      setOf('S', [groupOf('ONE', [ruleOf('A', 300)])]),
      setOf('T', [groupOf('ONE', [ruleOf('B', 500)])]),
    ];
    expect(said(lunchBy(sets)).A).toEqual([
      'OTHER_SET',
      '符合条件，但“T规则”补得更多',
      'the conditions are met, but “rule T” gives more',
    ]);
  });

  it('the one that gives as much and stands before it is not said to give more', () => {
    const sets = [
      setOf('S', [groupOf('ONE', [ruleOf('A', 300)])]),
      setOf('T', [groupOf('ONE', [ruleOf('B', 300)])]),
    ];
    expect(said(lunchBy(sets)).B).toEqual([
      'OTHER_SET',
      '符合条件，但“S规则”补得同样多，且排在前面',
      'the conditions are met, but “rule S” gives as much and stands before it',
    ]);
  });

  it('what the rules of a set that does not count left to each other is not said', () => {
    const town = { code: 'H', caps: [{ per: 'MEAL' as const, fen: 100 }] };
    const passed = setOf('S', [
      groupOf('BEST', [ruleOf('A', 100), ruleOf('B', 50)]),
      groupOf('ALL', [ruleOf('C', 100), ruleOf('D', 50)], town),
    ]);
    const spent = hadBefore('S', 'E', 70);
    passed.document.groups.push(groupOf('ONE', [ruleOf('E', 70, { caps: onceADay })], { code: 'I' }));
    const past = [{ ...spent, uses: spent.uses.map((use) => ({ ...use, groupCode: 'I' })) }];
    const found = said(lunchBy([passed, setOf('T', [groupOf('ONE', [ruleOf('F', 500)])])], { past }));
    for (const code of ['A', 'B', 'C', 'D']) expect(found[code]?.[0]).toBe('OTHER_SET');
    expect(found.E).toEqual(reachedOnce);
    expect(found.F?.[0]).toBe('APPLIED');
  });

  it('one for which a meal has no room is shown with the reason', () => {
    const six = (code: string) =>
      setOf(
        code,
        [
          groupOf(
            'ALL',
            Array.from({ length: 6 }, (_, index) => ruleOf(`${code}${index}`, 10)),
          ),
        ],
        {
          alongside: 'ADD',
        },
      );
    const old = ruleOf('OLD', 10, { who: { ageFrom: 90 } });
    const late = setOf('D', [groupOf('ALL', [ruleOf('NEW', 10), old])], { alongside: 'ADD' });
    const split = lunchBy([six('A'), six('B'), six('C'), late]);
    expect(split.uses).toHaveLength(18);
    expect(said(split)).toMatchObject({
      C5: ['APPLIED', '适用，补 0.10 元', 'applies: 0.10 yuan'],
      NEW: [
        'TOO_MANY',
        '符合条件，但一餐最多计 20 条规则，余位不够再计这一套',
        'the conditions are met, but a meal has room for 20 rules, and too little is left for this set',
      ],
      OLD: [
        'UNMET',
        '当日 76 周岁，须为 90 周岁及以上',
        '76 years old on that day, and it is for 90 and over',
      ],
    });
  });
});

describe('what was had of a limit', () => {
  it('counts what earlier rules gave towards this very meal', () => {
    const caps: Cap[] = [{ per: 'MEAL', fen: 500 }];
    const split = lunchBy([setOf('S', [groupOf('ALL', [ruleOf('A', 500), ruleOf('B', 300)], { caps })])]);
    expect(said(split).B).toEqual([
      'CAP',
      '已达上限：每餐最多 5.00 元，已享受 5.00 元',
      'the limit is reached: 5.00 yuan a meal, 5.00 were had',
    ]);
  });

  it('tells this meal from those before it', () => {
    const caps: Cap[] = [{ per: 'DAY', fen: 800 }];
    const rules = [ruleOf('A', 500), ruleOf('B', 300)];
    const split = lunchBy([setOf('S', [groupOf('ALL', rules, { caps })])], {
      past: [hadBefore('S', 'A', 200)],
    });
    expect(said(split).B).toEqual([
      'APPLIED',
      '适用，补 1.00 元（每天最多 8.00 元，已享受 7.00 元，其中本餐 5.00 元，只余此数）',
      'applies: 1.00 yuan (no more is left: 8.00 yuan a day, 7.00 were had, 5.00 of them at this meal)',
    ]);
  });
});

it('what is lost for several reasons is said with the part of each', () => {
  const borneBy = [
    { funder: 'CITY', fen: 100, elsewhere: { OTHER_TOWN: 'LOST' as const } },
    { level: 'PROVINCE' as const, fen: 200 },
    { canteen: true as const, rest: true as const },
  ];
  const sets = [setOf('S', [groupOf('ONE', [ruleOf('A', 500, { borneBy })])])];
  const [, zh, en] = said(lunchBy(sets, { division: '110105002001' })).A ?? [];
  expect(zh).toBe(
    '适用，补 2.00 元；因在其他街镇或区县就餐，其中 1.00 元不予补贴；因所在地没有登记出资方，其中 2.00 元不予补贴',
  );
  expect(en).toBe(
    'applies: 2.00 yuan; 1.00 yuan of it are not paid, because of eating in another town or district; 2.00 yuan of it are not paid, because no funder is known for the place',
  );
});

describe('places', () => {
  const rules = [
    ruleOf('HOME', 500, { who: { residence: ['110106', '1201'] } }),
    ruleOf('CANTEEN', 500, { where: { divisions: ['110105002'] } }),
  ];
  const sets = [setOf('S', [groupOf('FIRST', rules)])];

  it('are named as the network names them, a home by the nearest area that has a name', () => {
    const names = new Map([
      ['1101', '北京市'],
      ['110105', '朝阳区'],
      ['110106', '丰台区'],
      ['110105002', '二街'],
    ]);
    expect(said(lunchBy(sets), names)).toEqual({
      HOME: [
        'UNMET',
        '居住在“朝阳区”辖区，须在“丰台区”辖区、区划 1201',
        'lives in the area of “朝阳区”, and it is for the area of “丰台区”, division 1201',
      ],
      CANTEEN: ['UNMET', '食堂须在“二街”辖区', 'it is for canteens in the area of “二街”'],
    });
  });

  it('are read out by their codes where nobody has a name for them', () => {
    expect(said(lunchBy(sets))).toEqual({
      HOME: [
        'UNMET',
        '居住在区划 110105001001，须在区划 110106、区划 1201',
        'lives in division 110105001001, and it is for division 110106, division 1201',
      ],
      CANTEEN: ['UNMET', '食堂须在区划 110105002', 'it is for canteens in division 110105002'],
    });
  });
});
