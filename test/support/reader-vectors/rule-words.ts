import type { Rule, Share } from '../../../src/meals/rules/rule-language.rules.js';
import {
  away,
  type CardCase,
  type PastCase,
  type RuleCaseOf,
  type SetCase,
  type TapCase,
} from './vector-list.js';

/** The words in which the cases are written. */

export const city: Share = { funder: 'CITY' };
export const donor: Share = { funder: 'DONOR' };
export const canteen: Share = { canteen: true };
/** Nobody's where an elder eats who lives `away`. */
export const nobody: Share = { funder: 'CITY', elsewhere: { OTHER_TOWN: 'LOST' } };
export const rest = (bearer: Share): Share => ({ ...bearer, rest: true });

type PercentOff = Extract<Rule['gives'], { kind: 'PERCENT_OFF' }>;
export const amount = (fen: number): Rule['gives'] => ({ kind: 'AMOUNT', fen, ifBillIsLess: 'PAY_THE_BILL' });
export const selfPay = (fen: number): Rule['gives'] => ({ kind: 'SELF_PAY', fen });
export const free: Rule['gives'] = { kind: 'FREE' };
export const percentOff = (percent: number, more: Partial<PercentOff> = {}): Rule['gives'] => ({
  kind: 'PERCENT_OFF',
  percent,
  of: 'PRICE',
  rounding: 'DOWN',
  toFen: 1,
  ...more,
});

/** What the elder pays of a percentage. */
export const percentPaid = (percent: number, more: Partial<PercentOff> = {}): Rule['gives'] => {
  return { ...(percentOff(percent, more) as PercentOff), kind: 'PERCENT_PAID' };
};

/** Borne by the city where nothing else is said. */
export function rule(code: string, gives: Rule['gives'], more: Partial<RuleCaseOf> = {}): RuleCaseOf {
  return { code, gives, borneBy: [rest(city)], ...more };
}

type GroupCase = SetCase['groups'][number];
export function group(
  pick: GroupCase['pick'],
  rules: RuleCaseOf[],
  more: Partial<GroupCase> = {},
): GroupCase {
  return { code: 'G', pick, rules, ...more };
}

/** Groups are G, H, I … in their order. */
export function set(code: string, groups: GroupCase[], more: Partial<SetCase> = {}): SetCase {
  return { code, groups: groups.map((each, index) => ({ ...each, code: 'GHIJKLMN'[index] ?? '' })), ...more };
}

/** A set of one rule alone. */
export function one(gives: Rule['gives'], more: Partial<RuleCaseOf> = {}): SetCase {
  return set('S', [group('ALL', [rule('R', gives, more)])]);
}

export function tap(id: string, en: string, zh: string, fen: number, more: Partial<TapCase> = {}): TapCase {
  return { id, en, zh, fen, ...more };
}

/** A card of an elder who had these meals. */
export function had(...past: PastCase[]): CardCase {
  return { past };
}

export const livesAway = { elder: { home: away } };
