import { describe, expect, it } from 'vitest';
import { readRuleDocument } from '../../src/meals/rules/rule-checks.rules.js';
import {
  plainDocument as document,
  plainGroup as group,
  plainRule as rule,
  verdictOn,
} from '../support/rule-verdicts.js';

describe('rules of two groups that say what is left to pay', () => {
  const pays = (fen: number, more: object = {}) => ({ gives: { kind: 'SELF_PAY', fen }, ...more });
  const free = (more: object = {}) => ({ gives: { kind: 'FREE' }, ...more });
  const aged = (ageFrom: number, ageTo?: number) => ({ who: { ageFrom, ageTo } });
  const poor = { categories: ['MINIMUM_LIVING', 'DESTITUTE'] };
  const tenTimes = { caps: [{ per: 'MONTH', times: 10 }] };
  const groups = (...each: { pick?: string; caps?: object[]; rules: object[] }[]) => ({
    ...document,
    groups: each.map(({ pick = 'ONE', rules, ...more }, index) => ({
      ...{ ...group, code: `G${index}`, pick, ...more },
      rules: rules.map((change, at) => ({ ...rule, code: `R${index}${at}`, ...change })),
    })),
  });
  const two = (one: object, other: object) => groups({ rules: [one] }, { rules: [other] });
  const contradicts = 'RULES_CONTRADICT groups.1.rules.0';

  it.each<[string, unknown, string]>([
    ['the same fixed self-pay twice', two(pays(300), pays(300)), contradicts],
    ['another one for the same people and meals', two(pays(300), pays(200)), contradicts],
    [
      'the same conditions in another order of writing',
      two(pays(300, { how: ['DINE_IN', 'TAKE_AWAY'] }), pays(200, { how: ['TAKE_AWAY', 'DINE_IN'] })),
      contradicts,
    ],
    ['free for all, and then a self-pay', two(free(), pays(300)), contradicts],
    [
      'bands of age that overlap, the later one dearer',
      two(pays(200, aged(60)), pays(300, aged(70))),
      contradicts,
    ],
    ['one who is poor pays nothing and then three yuan', two(free({ who: poor }), pays(300)), contradicts],
    [
      'whichever is best in its own group',
      groups({ pick: 'BEST', rules: [{}, pays(200)] }, { pick: 'BEST', rules: [{}, pays(200)] }),
      'RULES_CONTRADICT groups.1.rules.1',
    ],
    [
      'with a group between them',
      groups({ rules: [pays(200)] }, { rules: [{}] }, { rules: [pays(200)] }),
      'RULES_CONTRADICT groups.2.rules.0',
    ],
    ['bands of age that exclude each other', two(pays(300, aged(60, 69)), pays(200, aged(70))), 'well'],
    ['the poor, and all but them', two(free({ who: poor }), pays(300, { who: { noneOf: [poor] } })), 'well'],
    [
      'lunch and dinner',
      two(pays(300, { when: { meals: ['LUNCH'] } }), pays(300, { when: { meals: ['DINNER'] } })),
      'well',
    ],
    ['less for some of the people, as a top-up', two(pays(300, aged(60)), pays(200, aged(80))), 'well'],
    ['nothing for the poor, as a top-up', two(pays(300), free({ who: poor })), 'well'],
    [
      'one meal a week free, as a top-up',
      two(pays(300), free({ caps: [{ per: 'WEEK', times: 1 }] })),
      'well',
    ],
    ['ten free a month, and then a self-pay', two(free(tenTimes), pays(300)), 'well'],
    [
      'ten free a month by the cap of the group',
      groups({ rules: [free()], ...tenTimes }, { rules: [pays(300)] }),
      'well',
    ],
    ['an amount on top', two({}, pays(300)), 'well'],
    [
      'what is left by a per cent off',
      two(pays(300), { gives: { kind: 'PERCENT_OFF', percent: 50, of: 'REST', rounding: 'DOWN', toFen: 1 } }),
      'well',
    ],
    [
      'one that another stands before, wherever both would apply',
      groups({ pick: 'FIRST', rules: [aged(70), pays(200, aged(60))] }, { rules: [pays(300, aged(70))] }),
      'well',
    ],
    [
      'one that another stands before elsewhere alone',
      groups({ pick: 'FIRST', rules: [aged(60, 69), pays(200, aged(60))] }, { rules: [pays(300, aged(70))] }),
      contradicts,
    ],
  ])('%s', (_, given, verdict) => {
    expect(verdictOn(given)).toBe(verdict);
  });

  it('are both named, in both languages', () => {
    const read = readRuleDocument(JSON.stringify(two(pays(300), pays(300))), ['document']);
    for (const text of Object.values('refused' in read ? read.message : {})) {
      expect(text).toMatch(/R10.*(G0.*R00|R00.*G0)/);
    }
  });
});
