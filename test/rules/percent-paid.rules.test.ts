import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/meals/rules/rule-language.rules.js';
import { verdictOn, withRules } from '../support/rule-verdicts.js';
import { groupOf, lunchBy, ruleOf, setOf } from '../support/splits.js';

type Paid = Rule['gives'] & { kind: 'PERCENT_PAID' };

function paying(percent: number, change: Partial<Paid> = {}): Partial<Rule> {
  return { gives: { kind: 'PERCENT_PAID', percent, of: 'PRICE', rounding: 'HALF_UP', toFen: 10, ...change } };
}

/** What the elder pays of a bill where these rules count one on top of the other. */
function paidBy(rules: Rule[], grossFen: number): number {
  return lunchBy([setOf('S', [groupOf('ALL', rules)])], { grossFen }).selfPaidFen;
}

describe('what the elder pays is a percentage of the bill', () => {
  it.each([
    ['DOWN', (tenths: number, unit: number) => tenths - (tenths % unit)],
    ['UP', (tenths: number, unit: number) => tenths + ((unit - (tenths % unit)) % unit)],
    ['HALF_UP', (tenths: number, unit: number) => Math.floor(tenths / unit + 0.5) * unit],
  ] as const)('nine tenths, rounded %s, of any bill in fen', (rounding, rounded) => {
    for (const toFen of [1, 10, 100] as const) {
      const rule = ruleOf('NINE', 0, paying(90, { rounding, toFen }));
      for (let bill = 1; bill <= 3000; bill++) {
        // Counted in tenths of a fen, and never more than the bill itself.
        const paid = Math.min(bill, rounded(bill * 9, toFen * 10) / 10);
        expect(paidBy([rule], bill), `${bill} to ${toFen}`).toBe(paid);
      }
    }
  });

  it.each([
    // 10.03 yuan: 9.027 are 9.00 to the jiao, and the three fen are part of what is rounded.
    [paying(90), 1003, 900],
    [paying(90, { rounding: 'UP' }), 1003, 910],
    [paying(90), 1050, 950],
    [paying(85, { toFen: 1 }), 1001, 851],
    // 2 yuan at most are given.
    [paying(50, { atMostFen: 200 }), 1000, 800],
    [paying(100), 1000, 1000],
    // Four fen, of which nothing can be rounded down to a jiao, are given whole.
    [paying(90, { rounding: 'DOWN' }), 4, 0],
  ])('%j of %d: %d', (rule, bill, paid) => {
    expect(paidBy([ruleOf('P', 0, rule)], bill)).toBe(paid);
  });

  it('of the price after what was given before, or of the rest', () => {
    const first = ruleOf('FIRST', 300);
    expect(paidBy([first, ruleOf('P', 0, paying(50))], 1000)).toBe(500);
    expect(paidBy([first, ruleOf('P', 0, paying(50, { of: 'REST' }))], 1000)).toBe(350);
    // Seven yuan are paid already, which is less than eight.
    expect(paidBy([first, ruleOf('P', 0, paying(80))], 1000)).toBe(700);
  });
});

it('two rules that both say what is paid of the price contradict each other', () => {
  // Their conditions differ, and some people meet both.
  const both = (earlier: Partial<Rule>, later: Partial<Rule>) =>
    verdictOn(withRules('ALL', { who: { ageFrom: 60 }, ...earlier }, { who: { ageFrom: 70 }, ...later }));
  const contradict = 'RULES_CONTRADICT groups.0.rules.1';
  expect(both(paying(90), paying(80))).toBe(contradict);
  expect(both({ gives: { kind: 'SELF_PAY', fen: 500 } }, paying(80))).toBe(contradict);
  expect(both(paying(90), paying(80, { of: 'REST' }))).toBe('well');
});
