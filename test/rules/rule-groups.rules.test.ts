import { describe, expect, it } from 'vitest';
import {
  plainDocument as document,
  plainGroup as group,
  plainRule as rule,
  verdictOn,
  withRules,
} from '../support/rule-verdicts.js';

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

describe('rules with the same conditions', () => {
  const percent = { kind: 'PERCENT_OFF', percent: 20, of: 'PRICE', rounding: 'DOWN', toFen: 1 };
  const half = { ...percent, percent: 50 };
  const tenFree = { gives: { kind: 'FREE' }, caps: [{ per: 'MONTH', times: 10 }] };
  const contradicts = 'RULES_CONTRADICT groups.0.rules.1';

  it.each<[string, unknown, string]>([
    ['20 per cent or 3 yuan, whichever is more', withRules('BEST', { gives: percent }, {}), 'well'],
    ['ten free a month, then half the price', withRules('BEST', tenFree, { gives: half }), 'well'],
    // The first counts even when a cap leaves nothing of it, so the second never would.
    ['ten free a month, and never the other', withRules('FIRST', tenFree, { gives: half }), contradicts],
    [
      'meals in another order',
      withRules('FIRST', { when: { meals: ['LUNCH', 'DINNER'] } }, { when: { meals: ['DINNER', 'LUNCH'] } }),
      contradicts,
    ],
    [
      'places in another order, one within another',
      withRules(
        'FIRST',
        { where: { divisions: ['1101', '1201'] } },
        { where: { divisions: ['1201', '110105', '1101'] } },
      ),
      contradicts,
    ],
    [
      'categories in another order, deep within',
      withRules(
        'FIRST',
        { who: { anyOf: [{ categories: ['DISABLED', 'DESTITUTE'] }, { ageFrom: 80 }] } },
        { who: { anyOf: [{ ageFrom: 80 }, { categories: ['DESTITUTE', 'DISABLED'] }] } },
      ),
      contradicts,
    ],
  ])('%s', (_, given, verdict) => {
    expect(verdictOn(given)).toBe(verdict);
  });

  it.each<[string, object]>([
    ['of nobody in particular', { who: {} }],
    ['of any age', { who: { ageFrom: 0, ageTo: 150 } }],
    ['of everybody or the poor', { who: { anyOf: [{}, { categories: ['MINIMUM_LIVING'] }] } }],
    ['at no time in particular', { when: {} }],
    ['at all meals', { when: { meals: ['DINNER', 'BREAKFAST', 'LUNCH'] } }],
    ['on all weekdays', { when: { weekdays: [7, 6, 5, 4, 3, 2, 1] } }],
    ['all day', { when: { fromTime: '00:00', toTime: '24:00' } }],
    ['in every way', { how: ['DELIVERY', 'DINE_IN', 'TAKE_AWAY'] }],
    ['of every menu', { menus: ['SET_MEAL', 'SPECIAL_DIET', 'A_LA_CARTE'] }],
    ['of any bill', { bill: { atLeastFen: 1, atMostFen: 1_000_000 } }],
  ])('a condition that every meal fulfils is none: %s', (_, condition) => {
    expect(verdictOn(withRules('FIRST', {}, condition))).toBe(contradicts);
  });

  it('all levels of ability ask for an assessment', () => {
    expect(verdictOn(withRules('FIRST', { who: { abilityFrom: 0, abilityTo: 4 } }, {}))).toBe('well');
  });

  it('whoever is left out is left out in any order', () => {
    const some = { anyOf: [{ ageFrom: 80 }, { categories: ['DISABLED'] }] };
    const same = { anyOf: [{ categories: ['DISABLED'] }, { ageFrom: 80 }] };
    expect(verdictOn(withRules('ONE', { who: some }, { who: { noneOf: [same] } }))).toBe('well');
  });
});

describe('at most six rules give towards one meal', () => {
  const week = [1, 2, 3, 4, 5, 6, 7];
  const bands = [60, 65, 70, 75, 80, 85, 90].map((ageFrom) => ({ who: { ageFrom, ageTo: ageFrom + 4 } }));
  const groups = (pick: string, conditions: object[]) => ({
    ...document,
    groups: conditions.map((condition, index) => ({
      ...group,
      code: `G${index}`,
      pick,
      rules: ['A', 'B'].map((code, at) => ({
        ...rule,
        code: `${code}${index}`,
        ...condition,
        who: { ageFrom: 60 + at },
      })),
    })),
  });

  it.each<[string, unknown, string]>([
    ['seven bands of age of which nobody has two', withRules('ALL', ...bands), 'well'],
    [
      'seven bands of age that overlap',
      withRules('ALL', ...[60, 61, 62, 63, 64, 65, 66].map((ageFrom) => ({ who: { ageFrom } }))),
      'DOCUMENT_INVALID groups',
    ],
    [
      'seven groups, one for each weekday',
      groups(
        'BEST',
        week.map((day) => ({ when: { weekdays: [day] } })),
      ),
      'well',
    ],
    [
      'both rules of each weekday',
      groups(
        'ALL',
        week.map((day) => ({ when: { weekdays: [day] } })),
      ),
      'well',
    ],
    [
      'seven groups for every day',
      groups(
        'BEST',
        week.map(() => ({})),
      ),
      'DOCUMENT_INVALID groups',
    ],
    [
      'six groups for every day',
      groups(
        'BEST',
        week.slice(1).map(() => ({})),
      ),
      'well',
    ],
  ])('%s', (_, given, verdict) => {
    expect(verdictOn(given)).toBe(verdict);
  });
});
