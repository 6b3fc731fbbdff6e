import { expect, it } from 'vitest';
import { unknownFunder } from '../../src/meals/rules/rule-bearers.rules.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { documentBytesMax } from '../../src/rule-versions/rule-document.rules.js';
import { manyCaps } from '../support/rule-documents.js';
import {
  plainDocument as document,
  plainGroup as group,
  plainRule as rule,
  verdictOn,
  withRules,
} from '../support/rule-verdicts.js';

const name = { zh: '字', en: 'words' };
const withRule = (change: object) => ({
  ...document,
  groups: [{ ...group, rules: [{ ...rule, ...change }] }],
});
const percents = (...each: number[]) => each.map((percent) => ({ funder: 'A', percent }));

const at = 'groups.0.rules.0';

it.each<[string, unknown, string]>([
  ['a plain document', document, 'well'],
  ['a set that gives nothing from now on', { ...document, groups: [] }, 'well'],
  ['no JSON', '{', 'DOCUMENT_INVALID '],
  ['nothing', '', 'DOCUMENT_INVALID '],
  ['too long when its numbers are written out', manyCaps('1e8'), 'DOCUMENT_INVALID '],
  ['as long with short numbers', manyCaps('100'), 'well'],
  ['too long', JSON.stringify({ ...document, source: 'x'.repeat(documentBytesMax) }), 'DOCUMENT_INVALID '],
  ['nested without end', '['.repeat(20_000), 'DOCUMENT_INVALID '],
  [
    'an amount said twice',
    JSON.stringify(document).replace('"fen":300', '"fen":300,"fen":500'),
    `DOCUMENT_INVALID ${at}.gives.fen`,
  ],
  [
    'a field twice that stands nowhere in the format',
    JSON.stringify(document).replace('"format":1', '"format":1,"x":1,"x":1'),
    'DOCUMENT_INVALID x',
  ],
  ['another format', { ...document, format: 2 }, 'DOCUMENT_INVALID format'],
  ['a misspelt condition', withRule({ whoo: {} }), `DOCUMENT_INVALID ${at}`],
  ['a prototype', JSON.stringify(document).replace('"R"', '"R","__proto__":{}'), `DOCUMENT_INVALID ${at}`],
  [
    'a category that is no code',
    withRule({ who: { categories: ['the rich'] } }),
    `DOCUMENT_INVALID ${at}.who.categories.0`,
  ],
  [
    'a category twice',
    withRule({ who: { categories: ['DISABLED', 'DISABLED'] } }),
    `DOCUMENT_INVALID ${at}.who.categories`,
  ],
  ['an empty list', withRule({ who: { anyOf: [] } }), `DOCUMENT_INVALID ${at}.who.anyOf`],
  [
    'the eighth day of the week',
    withRule({ when: { weekdays: [8] } }),
    `DOCUMENT_INVALID ${at}.when.weekdays.0`,
  ],
  ['half past twenty-four', withRule({ when: { toTime: '24:30' } }), `DOCUMENT_INVALID ${at}.when.toTime`],
  ['30 February', { ...document, holidays: ['2026-02-30'] }, 'DOCUMENT_INVALID holidays.0'],
  ['nothing given', withRule({ gives: { kind: 'AMOUNT', fen: 0 } }), `AMOUNT_OUT_OF_RANGE ${at}.gives.fen`],
  [
    'an amount below zero',
    withRule({ gives: { kind: 'SELF_PAY', fen: -1 } }),
    `AMOUNT_OUT_OF_RANGE ${at}.gives.fen`,
  ],
  [
    'more than any meal costs',
    withRule({ gives: { kind: 'AMOUNT', fen: 1_000_001 } }),
    `AMOUNT_OUT_OF_RANGE ${at}.gives.fen`,
  ],
  [
    'the edge of safe integers',
    withRule({ gives: { kind: 'AMOUNT', fen: 2 ** 53 } }),
    `AMOUNT_OUT_OF_RANGE ${at}.gives.fen`,
  ],
  ['half a fen', withRule({ gives: { kind: 'AMOUNT', fen: 0.5 } }), `DOCUMENT_INVALID ${at}.gives.fen`],
  [
    'an amount as text',
    withRule({ gives: { kind: 'AMOUNT', fen: '300' } }),
    `DOCUMENT_INVALID ${at}.gives.fen`,
  ],
  [
    'more than all off',
    withRule({ gives: { kind: 'PERCENT_OFF', percent: 101, of: 'PRICE', rounding: 'UP', toFen: 1 } }),
    `DOCUMENT_INVALID ${at}.gives.percent`,
  ],
  [
    'a thousandth of a per cent',
    withRule({ gives: { kind: 'PERCENT_OFF', percent: 0.001, of: 'PRICE', rounding: 'UP', toFen: 1 } }),
    `DOCUMENT_INVALID ${at}.gives.percent`,
  ],
  ['an empty age band', withRule({ who: { ageFrom: 80, ageTo: 79 } }), `INTERVAL_INVALID ${at}.who.ageTo`],
  [
    'an empty band inside',
    withRule({ who: { anyOf: [{ abilityFrom: 4, abilityTo: 3 }] } }),
    `INTERVAL_INVALID ${at}.who.anyOf.0.abilityTo`,
  ],
  [
    'an empty window',
    withRule({ when: { fromTime: '12:00', toTime: '12:00' } }),
    `INTERVAL_INVALID ${at}.when.toTime`,
  ],
  [
    'days that end before they begin',
    withRule({ when: { fromDay: '2026-02-01', toDay: '2026-02-01' } }),
    `INTERVAL_INVALID ${at}.when.toDay`,
  ],
  [
    'a bill that cannot be',
    withRule({ bill: { moreThanFen: 500, atMostFen: 500 } }),
    `INTERVAL_INVALID ${at}.bill`,
  ],
  [
    'holidays without a list',
    withRule({ when: { holidays: 'ONLY' } }),
    `RULES_CONTRADICT ${at}.when.holidays`,
  ],
  [
    'more than the bill',
    withRule({ gives: { kind: 'AMOUNT', fen: 300 } }),
    `PAYS_MORE_THAN_BILL ${at}.gives.fen`,
  ],
  [
    'a fen more than the least bill',
    withRule({ gives: { kind: 'AMOUNT', fen: 501 }, bill: { atLeastFen: 500 } }),
    `PAYS_MORE_THAN_BILL ${at}.gives.fen`,
  ],
  [
    'all of the least bill',
    withRule({ gives: { kind: 'AMOUNT', fen: 500 }, bill: { atLeastFen: 500 } }),
    'well',
  ],
  ['nobody bears it', withRule({ borneBy: [] }), `DOCUMENT_INVALID ${at}.borneBy`],
  [
    'two bearers of one share',
    withRule({ borneBy: [{ funder: 'A', canteen: true, rest: true }] }),
    `SHARES_INVALID ${at}.borneBy.0`,
  ],
  ['no bearer', withRule({ borneBy: [{ rest: true }] }), `SHARES_INVALID ${at}.borneBy.0`],
  [
    'a place without a level',
    withRule({ borneBy: [{ funder: 'A', of: 'CANTEEN', rest: true }] }),
    `SHARES_INVALID ${at}.borneBy.0`,
  ],
  ['no rest', withRule({ borneBy: [{ funder: 'A', fen: 300 }] }), `SHARES_INVALID ${at}.borneBy.0`],
  [
    'a rest before the end',
    withRule({
      borneBy: [
        { funder: 'A', rest: true },
        { funder: 'B', rest: true },
      ],
    }),
    `SHARES_INVALID ${at}.borneBy.0`,
  ],
  [
    'two sizes',
    withRule({
      borneBy: [
        { funder: 'A', fen: 1, percent: 1 },
        { funder: 'B', rest: true },
      ],
    }),
    `SHARES_INVALID ${at}.borneBy.0`,
  ],
  [
    'shares above the amount',
    withRule({
      borneBy: [
        { funder: 'A', fen: 301 },
        { funder: 'B', rest: true },
      ],
    }),
    `SHARES_INVALID ${at}.borneBy`,
  ],
  [
    'nobody takes it over',
    withRule({ borneBy: [{ funder: 'A', rest: true, elsewhere: { OTHER_TOWN: {} } }] }),
    `SHARES_INVALID ${at}.borneBy.0.elsewhere.OTHER_TOWN`,
  ],
  ['a cap of nothing', withRule({ caps: [{ per: 'DAY' }] }), `DOCUMENT_INVALID ${at}.caps.0`],
  ['a meal twice', withRule({ caps: [{ per: 'MEAL', times: 1 }] }), `DOCUMENT_INVALID ${at}.caps.0`],
  [
    'a code twice',
    withRules('FIRST', { code: 'R' }, { code: 'R', who: { ageFrom: 1 } }),
    'CODE_REUSED groups.0.rules.1.code',
  ],
  [
    'a code twice in two groups',
    { ...document, groups: [group, { ...group, code: 'H' }] },
    'CODE_REUSED groups.1.rules.0.code',
  ],
  ['two groups of one code', { ...document, groups: [group, group] }, 'CODE_REUSED groups.1.code'],
  [
    'an operator of an unknown rule',
    {
      ...document,
      operators: [
        { code: 'O', name, per: 'MEAL', fen: 1, counts: 'SUBSIDISED', rules: ['X'], borneBy: rule.borneBy },
      ],
    },
    'DOCUMENT_INVALID operators.0.rules.0',
  ],
  [
    'a canteen that pays its own operator',
    {
      ...document,
      operators: [
        { code: 'O', name, per: 'MEAL', fen: 1, counts: 'ALL', borneBy: [{ canteen: true, rest: true }] },
      ],
    },
    'SHARES_INVALID operators.0.borneBy.0',
  ],
  [
    'shares that are all there is to the hundredth of a per cent',
    withRule({ borneBy: [...percents(0.01, 65.4, 34.59), { funder: 'B', rest: true }] }),
    'well',
  ],
  [
    'shares that are a hundredth of a per cent more',
    withRule({ borneBy: [...percents(0.02, 65.4, 34.59), { funder: 'B', rest: true }] }),
    `SHARES_INVALID ${at}.borneBy`,
  ],
  [
    'more in a month than any canteen gets',
    {
      ...document,
      operators: [
        { code: 'O', name, per: 'MEAL', fen: 1, counts: 'ALL', monthFenMax: 1e15, borneBy: rule.borneBy },
      ],
    },
    'AMOUNT_OUT_OF_RANGE operators.0.monthFenMax',
  ],
  [
    'more rules at once than a swipe has room for',
    withRules('ALL', ...[60, 61, 62, 63, 64, 65, 66].map((ageFrom) => ({ who: { ageFrom } }))),
    'DOCUMENT_INVALID groups',
  ],
])('%s', (_, given, verdict) => {
  expect(verdictOn(given)).toBe(verdict);
});

it('names the funder that nobody is', () => {
  const facts = { name: 'x', divisionCode: null, accountId: 1 };
  const known = [
    { ...facts, code: 'CITY', level: null },
    { ...facts, code: 'TOWN-1', level: 'TOWN' as const },
  ];
  const pathOf = (...borneBy: object[]) =>
    unknownFunder(withRule({ borneBy }) as unknown as RuleDocument, known)?.path.join('.');
  expect(pathOf({ funder: 'CITY', rest: true })).toBeUndefined();
  expect(pathOf({ canteen: true, rest: true })).toBeUndefined();
  expect(pathOf({ level: 'TOWN', rest: true })).toBeUndefined();
  expect(pathOf({ level: 'CITY', rest: true })).toBe(`${at}.borneBy.0`);
  expect(pathOf({ funder: 'CITY', fen: 1 }, { funder: 'city', rest: true })).toBe(`${at}.borneBy.1`);
  const elsewhere = { OTHER_TOWN: { funder: 'GONE' } };
  expect(pathOf({ funder: 'CITY', rest: true, elsewhere })).toBe(`${at}.borneBy.0.elsewhere.OTHER_TOWN`);
});

it('measures a document as it is kept', () => {
  expect(manyCaps('1e8').length).toBeLessThan(documentBytesMax);
  expect(JSON.stringify(JSON.parse(manyCaps('1e8'))).length).toBeGreaterThan(65_535);
});
