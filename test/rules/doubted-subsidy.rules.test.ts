import { expect, it } from 'vitest';
import { doubtedOfResident } from '../../src/meals/doubted-subsidy.rules.js';
import type { GivingRule } from '../../src/meals/rules/rule-catalog.js';
import type { RuleDocument, Share } from '../../src/meals/rules/rule-language.rules.js';
import { amount, oneRule } from '../support/rule-documents.js';

const funder = (code: string, accountId: number) => ({
  ...{ code, name: code, level: null, divisionCode: null, accountId },
});
const funders = [funder('TOWN', 1), funder('CITY', 2)];
const places = { residence: null, canteen: '411302001001' };
const meal = { grossFen: 1200, places, funders };

/** A rule that gave so much, of a set that pays for residents or does not. */
function given(fen: number, borneBy: Share[], institutions?: RuleDocument['institutions']): GivingRule {
  const document = { ...oneRule({ gives: amount(fen), borneBy }), ...(institutions ? { institutions } : {}) };
  const [group] = document.groups;
  const rule = group?.rules[0];
  if (!group || !rule) throw new Error('there is no rule');
  return { set: { ruleSetId: 1, code: 'S', version: 1, scopeDivision: '4113', document }, group, rule, fen };
}

const town: Share[] = [{ funder: 'TOWN', rest: true }];
const both: Share[] = [
  { funder: 'CITY', fen: 50 },
  { funder: 'TOWN', rest: true },
];
const halfLost: Share[] = [
  { funder: 'CITY', percent: 50, elsewhere: { OTHER_CITY: 'LOST' } },
  { funder: 'TOWN', rest: true },
];
const canteenToo: Share[] = [
  { canteen: true, percent: 25 },
  { funder: 'CITY', rest: true },
];

it.each<[string, [number, number][], GivingRule[], [number, number][]]>([
  ['all, where no set pays for residents', [[1, 300]], [given(300, town)], [[1, 300]]],
  ['all, where nobody can say by which rules', [[1, 300]], [], [[1, 300]]],
  ['nothing, where every set does', [[1, 300]], [given(300, town, 'PAID')], []],
  [
    'what the other set gave of one funder',
    [[1, 500]],
    [given(300, town), given(200, town, 'PAID')],
    [[1, 300]],
  ],
  [
    'each funder’s part of it',
    [
      [1, 450],
      [2, 50],
    ],
    [given(300, town), given(200, both, 'PAID')],
    [[1, 300]],
  ],
  [
    'it beside a share that was lost',
    [[1, 400]],
    [given(300, town), given(100, halfLost, 'PAID')],
    [[1, 300]],
  ],
  [
    'it beside what the canteen bears itself',
    [
      [1, 300],
      [2, 150],
    ],
    [given(300, town), given(200, canteenToo, 'PAID')],
    [[1, 300]],
  ],
])('doubts of a resident %s', (_, borne, rules, doubted) => {
  expect([...doubtedOfResident(new Map(borne), rules, meal)]).toEqual(doubted);
});
