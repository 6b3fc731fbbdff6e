import { describe, expect, it } from 'vitest';
import { readRuleDocument } from '../../src/meals/rules/rule-checks.rules.js';

const name = { zh: '字', en: 'words' };
const rule = {
  code: 'R',
  name,
  gives: { kind: 'AMOUNT', fen: 300, ifBillIsLess: 'PAY_THE_BILL' },
  borneBy: [{ funder: 'CITY', rest: true }],
};
const group = { code: 'G', name, pick: 'ONE', rules: [rule] };
const document = { format: 1, name, alongside: 'BEST', groups: [group] };

const withRules = (pick: string, ...changes: object[]) => ({
  ...document,
  groups: [
    { ...group, pick, rules: changes.map((change, index) => ({ ...rule, code: `R${index}`, ...change })) },
  ],
});

function verdictOn(given: unknown): string {
  const read = readRuleDocument(typeof given === 'string' ? given : JSON.stringify(given), ['document']);
  if (!('refused' in read)) return 'well';
  expect(read.message.zh).not.toBe('');
  expect(read.message.en).not.toBe('');
  return `${read.refused} ${read.field?.slice(1).join('.')}`;
}

describe('rules of one group', () => {
  const aged = (ageFrom: number, ageTo?: number) => ({ who: { ageFrom, ageTo } });
  const poor = { categories: ['MINIMUM_LIVING', 'DESTITUTE'] };
  const free = { gives: { kind: 'FREE' } };

  it.each<[string, unknown, string]>([
    ['bands that touch', withRules('ONE', aged(60, 79), aged(80)), 'well'],
    [
      'bands that overlap by a year',
      withRules('ONE', aged(60, 80), aged(80)),
      'RULES_OVERLAP groups.0.rules.1',
    ],
    [
      'the same bands where the first counts',
      withRules('FIRST', aged(60), aged(60)),
      'RULES_CONTRADICT groups.0.rules.1',
    ],
    ['overlapping bands where the first counts', withRules('FIRST', aged(80), aged(60)), 'well'],
    ['the same twice to be added', withRules('ALL', {}, {}), 'RULES_CONTRADICT groups.0.rules.1'],
    [
      'two that say what is left to pay',
      withRules('ALL', { ...free, ...aged(60) }, { gives: { kind: 'SELF_PAY', fen: 1 }, ...aged(70) }),
      'RULES_CONTRADICT groups.0.rules.1',
    ],
    [
      'two that say so for others',
      withRules('ALL', { ...free, ...aged(60, 69) }, { ...free, ...aged(70) }),
      'well',
    ],
    ['meals', withRules('ONE', { when: { meals: ['LUNCH'] } }, { when: { meals: ['DINNER'] } }), 'well'],
    [
      'weekdays',
      withRules('ONE', { when: { weekdays: [1, 2] } }, { when: { weekdays: [2] } }),
      'RULES_OVERLAP groups.0.rules.1',
    ],
    [
      'windows that touch',
      withRules('ONE', { when: { toTime: '12:00' } }, { when: { fromTime: '12:00' } }),
      'well',
    ],
    [
      'days that touch',
      withRules('ONE', { when: { toDay: '2026-02-01' } }, { when: { fromDay: '2026-02-01' } }),
      'well',
    ],
    [
      'bills that touch',
      withRules('ONE', { bill: { atMostFen: 800 } }, { bill: { moreThanFen: 800 } }),
      'well',
    ],
    [
      'bills that share a fen',
      withRules('ONE', { bill: { atMostFen: 800 } }, { bill: { atLeastFen: 800 } }),
      'RULES_OVERLAP groups.0.rules.1',
    ],
    [
      'places',
      withRules('ONE', { where: { divisions: ['1101'] } }, { where: { divisions: ['110105'] } }),
      'RULES_OVERLAP groups.0.rules.1',
    ],
    [
      'other places',
      withRules('ONE', { where: { divisions: ['110106'] } }, { where: { divisions: ['110105'] } }),
      'well',
    ],
    [
      'the poor and the others',
      withRules('ONE', { who: { ageFrom: 60, ...poor } }, { who: { ageFrom: 60, noneOf: [poor] } }),
      'well',
    ],
    [
      'the poor and all but some of them',
      withRules('ONE', { who: poor }, { who: { noneOf: [{ categories: ['DESTITUTE'] }] } }),
      'RULES_OVERLAP groups.0.rules.1',
    ],
    [
      'the poor and all but the old poor',
      withRules('ONE', { who: poor }, { who: { noneOf: [{ ...poor, ageFrom: 80 }] } }),
      'RULES_OVERLAP groups.0.rules.1',
    ],
  ])('%s', (_, given, verdict) => {
    expect(verdictOn(given)).toBe(verdict);
  });
});
