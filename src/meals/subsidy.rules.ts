import type { Day } from '../shared/china-time.js';
import { bestOf, firstOf, passedOver, setAside } from './rules/passed-over.rules.js';
import { capsOn, type PastMeal, type ReachedCap, type RuleUse, withinCaps } from './rules/rule-caps.rules.js';
import { type MealFacts, type Unmet, unmetCondition } from './rules/rule-conditions.rules.js';
import type { Group, Rule, RuleDocument } from './rules/rule-language.rules.js';
import {
  type BorneShare,
  divided,
  type FunderFacts,
  type LostShare,
  type Places,
  percentOf,
} from './rules/rule-shares.rules.js';

/** A version of a set of rules that is in force at a canteen on a day. */
export interface RuleSetTerms {
  ruleSetId: number;
  code: string;
  version: number;
  /** The division code of the place that the set is for. */
  scopeDivision: string;
  document: RuleDocument;
}

/** Everything that decides who pays what at a canteen on a day. */
export interface SubsidyTerms {
  /** From the top of the tree down, in the order of their codes at one place. */
  sets: readonly RuleSetTerms[];
  funders: readonly FunderFacts[];
  /** The canteen's. */
  division: string;
}

/** The same for an elder on a day: once the file has ended, by death or otherwise, nothing is given. */
export function termsUntilEnd(terms: SubsidyTerms, endedOn: Day | null, day: Day): SubsidyTerms {
  return endedOn !== null && endedOn <= day ? { ...terms, sets: [] } : terms;
}

/** What was found of one rule that was looked at. */
export type Finding =
  | { found: 'APPLIED'; fen: number; shares: readonly BorneShare[]; reached: ReachedCap | null }
  | { found: 'UNMET'; unmet: Unmet }
  | { found: 'CAP'; reached: ReachedCap }
  | { found: 'NOTHING_LEFT' }
  | { found: 'LOST' }
  /** Another rule of the group counts: it gives more, or stands before it, even where it gives nothing itself. */
  | { found: 'OTHER_RULE'; other: Rule; gives: boolean }
  /** Another set counts: it gives more, or as much and stands before it. */
  | { found: 'OTHER_SET'; other: RuleSetTerms; gives: 'MORE' | 'AS_MUCH' }
  /** Others have taken the room that a meal has for rules. */
  | { found: 'TOO_MANY' };

/** One rule that was looked at. */
export interface LookedAt {
  set: RuleSetTerms;
  group: Group;
  rule: Rule;
  finding: Finding;
  lost: readonly LostShare[];
}

/** Who pays what: grossFen = subsidyFen + discountFen + selfPaidFen, all of them zero or more. */
export interface Split {
  /** What levels of government bear. */
  subsidyFen: number;
  /** What the canteen or donors bear. */
  discountFen: number;
  selfPaidFen: number;
  /** Each bearer once. */
  shares: readonly BorneShare[];
  /** What each rule gave. */
  uses: readonly (RuleUse & { set: RuleSetTerms })[];
  /** The first set that gave anything; null when none did. */
  rule: RuleSetTerms | null;
}

/** A split and how it came about: what a decision is made of, and its explanation. */
export interface ExplainedSplit extends Split {
  looked: readonly LookedAt[];
}

/**
 * Splits the price of a meal. Of the sets that compete the one that gives most counts, the one highest in the
 * tree among equals; the sets that add are added after it, from the top down. Nothing gives more than is left
 * of the price, so the parts are never negative and sum to it.
 *
 * @param past the meals that the elder had in the periods that caps of these sets count, without this one
 */
export function splitPrice(
  { sets, funders, division }: SubsidyTerms,
  facts: Omit<MealFacts, 'division'>,
  past: readonly PastMeal[],
): ExplainedSplit {
  const meal = { facts: { ...facts, division }, past, funders };
  const given = bestSet(sets, meal);
  for (const set of sets) {
    if (set.document.alongside === 'ADD') addSet(set, meal, given);
  }
  return splitOf(given, facts.grossFen);
}

/** How many rules of one set may give something towards one meal, and how many of all sets; a swipe has room for them. */
export const usesOfSetMax = 6;
export const usesMax = 20;

/** What has been given towards a meal so far; rules add to it one after another. */
interface Given {
  fen: number;
  uses: (RuleUse & { set: RuleSetTerms })[];
  shares: BorneShare[];
  looked: LookedAt[];
}

/** Before any rule was looked at. */
function nothing(): Given {
  return { fen: 0, uses: [], shares: [], looked: [] };
}

interface OneMeal {
  facts: MealFacts;
  past: readonly PastMeal[];
  funders: readonly FunderFacts[];
}

/** What the set that gives most gives; what the others found is kept, for the explanation. */
function bestSet(sets: readonly RuleSetTerms[], meal: OneMeal): Given {
  let best = nothing();
  let bestOne: RuleSetTerms | undefined;
  const tried: Given[] = [];
  for (const set of sets) {
    if (set.document.alongside !== 'BEST') continue;
    const given = nothing();
    giveSet(set, meal, given);
    tried.push(given);
    if (given.fen > best.fen) [best, bestOne] = [given, set];
  }
  if (tried.length < 2) return tried[0] ?? best;
  const looked = tried.flatMap((given) => (given === best ? given.looked : surpassed(given, best, bestOne)));
  return { ...best, looked };
}

function surpassed(given: Given, best: Given, other: RuleSetTerms | undefined): readonly LookedAt[] {
  if (!other || given.fen === 0) return given.looked;
  const gives = best.fen > given.fen ? 'MORE' : 'AS_MUCH';
  return setAside(given.looked, { found: 'OTHER_SET', other, gives });
}

/** What a set adds, as long as all that it could give has room. */
function addSet(set: RuleSetTerms, meal: OneMeal, given: Given): void {
  if (given.uses.length <= usesMax - usesOfSetMax) {
    giveSet(set, meal, given);
    return;
  }
  const tried: Given = { fen: given.fen, uses: [...given.uses], shares: [], looked: [] };
  giveSet(set, meal, tried);
  const wouldGive = tried.fen > given.fen;
  given.looked.push(...(wouldGive ? setAside(tried.looked, { found: 'TOO_MANY' }) : tried.looked));
}

function giveSet(set: RuleSetTerms, meal: OneMeal, given: Given): void {
  for (const group of set.document.groups) giveGroup(set, group, meal, given);
}

function giveGroup(set: RuleSetTerms, group: Group, meal: OneMeal, given: Given): void {
  if (group.pick === 'ALL') {
    for (const rule of group.rules) add(given, offerOf(set, group, rule, meal, given));
    return;
  }
  const offers = group.rules.map((rule) => offerOf(set, group, rule, meal, given));
  const chosen = group.pick === 'BEST' ? bestOf(offers) : firstOf(offers);
  for (const offer of offers) add(given, offer === chosen ? offer : passedOver(offer, chosen, group));
}

function add(given: Given, looked: LookedAt): void {
  given.looked.push(looked);
  const { set, group, rule, finding } = looked;
  if (finding.found !== 'APPLIED') return;
  const { fen, shares } = finding;
  given.fen += fen;
  given.uses.push({ set, setCode: set.code, groupCode: group.code, ruleCode: rule.code, fen });
  given.shares.push(...shares);
}

/** What a rule would give on top of what was given before. */
function offerOf(set: RuleSetTerms, group: Group, rule: Rule, meal: OneMeal, before: Given): LookedAt {
  const look = (finding: Finding, lost: readonly LostShare[] = []) => ({ set, group, rule, finding, lost });
  const { facts, past, funders } = meal;
  const unmet = unmetCondition(rule, facts, set);
  if (unmet) return look({ found: 'UNMET', unmet });
  const restFen = facts.grossFen - before.fen;
  const wanted = Math.min(restFen, amountOf(rule, facts.grossFen, restFen));
  if (wanted <= 0) return look({ found: 'NOTHING_LEFT' });
  const { fen, reached } = withinCaps(wanted, capsOn(set, group, rule), past, facts.day, before.uses);
  if (fen === 0 && reached) return look({ found: 'CAP', reached });
  const places: Places = { residence: facts.diner.residence, canteen: facts.division };
  const { borne, lost } = divided(fen, rule.borneBy, places, funders);
  const borneFen = borne.reduce((sum, share) => sum + share.fen, 0);
  if (borneFen === 0) return look({ found: 'LOST' }, lost);
  return look({ found: 'APPLIED', fen: borneFen, shares: borne, reached }, lost);
}

function amountOf({ gives }: Rule, grossFen: number, restFen: number): number {
  switch (gives.kind) {
    case 'AMOUNT':
      return gives.fen;
    case 'SELF_PAY':
      return restFen - gives.fen;
    case 'PERCENT_OFF':
    case 'PERCENT_PAID': {
      const base = gives.of === 'PRICE' ? grossFen : restFen;
      const part = percentOf(base, gives.percent, gives.rounding, gives.toFen);
      const fen = gives.kind === 'PERCENT_OFF' ? part : restFen - part;
      return Math.min(fen, gives.atMostFen ?? fen);
    }
    case 'FREE':
      return restFen;
  }
}

function splitOf({ fen, uses, shares, looked }: Given, grossFen: number): ExplainedSplit {
  const merged = new Map<FunderFacts | null, number>();
  for (const { funder, fen: part } of shares) merged.set(funder, (merged.get(funder) ?? 0) + part);
  const each = [...merged].map(([funder, part]) => ({ funder, fen: part }));
  const subsidyFen = each.reduce((sum, share) => sum + (isDiscount(share) ? 0 : share.fen), 0);
  return {
    subsidyFen,
    discountFen: fen - subsidyFen,
    selfPaidFen: grossFen - fen,
    shares: each,
    uses,
    rule: uses[0]?.set ?? null,
    looked,
  };
}

/** True for what the canteen or a donor bears: a discount, and not money of a government. */
export function isDiscount({ funder }: BorneShare): boolean {
  return funder === null || funder.level === 'DONOR';
}
