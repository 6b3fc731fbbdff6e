import type { PastMeal } from '../../src/meals/rules/rule-caps.rules.js';
import type { Group, Rule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import type { FunderFacts } from '../../src/meals/rules/rule-shares.rules.js';
import { type ExplainedSplit, type RuleSetTerms, splitPrice } from '../../src/meals/subsidy.rules.js';
import { funders } from './any-shares.js';

const named = (code: string) => ({ zh: `${code}规则`, en: `rule ${code}` });

/** A rule of so many fen, borne by the city. */
export function ruleOf(code: string, fen: number, change: Partial<Rule> = {}): Rule {
  return {
    code,
    name: named(code),
    gives: { kind: 'AMOUNT', fen, ifBillIsLess: 'PAY_THE_BILL' },
    borneBy: [{ funder: 'CITY', rest: true }],
    ...change,
  };
}

export function groupOf(pick: Group['pick'], rules: Rule[], change: Partial<Group> = {}): Group {
  return { code: 'G', name: named('G'), pick, rules, ...change };
}

export function setOf(code: string, groups: Group[], change: Partial<RuleDocument> = {}): RuleSetTerms {
  const document: RuleDocument = { format: 1, name: named(code), alongside: 'BEST', groups, ...change };
  return { ruleSetId: code.charCodeAt(0), code, version: 1, scopeDivision: '11', document };
}

/** What the rule of a set gave at an earlier meal. */
export function hadBefore(setCode: string, ruleCode: string, fen: number, day = '2026-03-10'): PastMeal {
  return { day, meal: 'BREAKFAST', uses: [{ setCode, groupCode: 'G', ruleCode, fen }] };
}

/** The lunch of somebody of 76 without any category, at home in the first town of Beijing's Chaoyang District. */
export function lunchBy(
  sets: RuleSetTerms[],
  {
    grossFen = 1000,
    past = [],
    division = '110105001001',
    bearers = funders,
  }: { grossFen?: number; past?: PastMeal[]; division?: string; bearers?: FunderFacts[] } = {},
): ExplainedSplit {
  const diner = {
    birthDate: '1950-01-01',
    categories: [],
    abilityLevel: null,
    abilityExpiresOn: null,
    residence: '110105001001',
  };
  const meal = {
    day: '2026-03-10',
    minute: 720,
    meal: 'LUNCH',
    mode: 'DINE_IN',
    menu: 'SET_MEAL',
  } as const;
  return splitPrice({ sets, funders: bearers, division }, { ...meal, diner, grossFen }, past);
}
