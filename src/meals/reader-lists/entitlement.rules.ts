import { createHash } from 'node:crypto';
import type { Day } from '../../shared/china-time.js';
import { type DinerFacts, unmetCondition } from '../rules/rule-conditions.rules.js';
import type { Rule, Share } from '../rules/rule-language.rules.js';
import { divided, type FunderFacts } from '../rules/rule-shares.rules.js';
import { isDiscount, type RuleSetTerms } from '../subsidy.rules.js';
import type { EntitledGroup, EntitledRule, EntitledShare, Entitlement } from './reader-snapshot.rules.js';

/** An elder on a day at a canteen, as far as a rule may ask before a meal is known. */
export interface Entitled {
  diner: DinerFacts;
  day: Day;
  /** The canteen's. */
  division: string;
  funders: readonly FunderFacts[];
}

/**
 * What these sets still have for an elder, once all is asked that does not depend on the meal. A rule that is not for
 * the elder could give nothing and stand before no other, so it is left out.
 */
export function entitlementOf(sets: readonly RuleSetTerms[], entitled: Entitled): Entitlement {
  const left: Entitlement['sets'] = {};
  for (const set of sets) {
    const groups = set.document.groups.flatMap(({ code, pick, caps, rules }): EntitledGroup[] => {
      const own = rules
        .filter((rule) => isFor(rule, set, entitled))
        .map((rule) => entitledRule(rule, entitled));
      return own.length === 0 ? [] : [{ code, pick, ...(caps ? { caps } : {}), rules: own }];
    });
    if (groups.length > 0) left[String(set.ruleSetId)] = groups;
  }
  const id = createHash('sha256').update(JSON.stringify(left)).digest('hex').slice(0, 16);
  return { id, sets: left };
}

/** Asks for the person and the place alone, so what is said of the meal here does not matter. */
function isFor(
  { code, name, gives, borneBy, who, where }: Rule,
  set: RuleSetTerms,
  { diner, day, division }: Entitled,
): boolean {
  const meal = { minute: 0, meal: 'LUNCH', mode: 'DINE_IN', menu: 'SET_MEAL', grossFen: 1 } as const;
  const asked = { code, name, gives, borneBy, who, where };
  return unmetCondition(asked, { ...meal, diner, day, division }, set) === undefined;
}

function entitledRule(rule: Rule, entitled: Entitled): EntitledRule {
  const { code, when, how, menus, bill, gives, caps, borneBy } = rule;
  return {
    code,
    ...(when ? { when } : {}),
    ...(how ? { how } : {}),
    ...(menus ? { menus } : {}),
    ...(bill ? { bill } : {}),
    gives,
    borne: borneBy.map((share) => entitledShare(share, entitled)),
    ...(caps ? { caps } : {}),
  };
}

/** A share of one fen tells who bears any share of its kind. */
function entitledShare(share: Share, { diner, division, funders }: Entitled): EntitledShare {
  const { fen, percent, rest, ...bearer } = share;
  const places = { residence: diner.residence, canteen: division };
  const [borne] = divided(1, [{ ...bearer, rest: true }], places, funders).borne;
  const by = borne === undefined ? 'NOBODY' : isDiscount(borne) ? 'DISCOUNT' : 'SUBSIDY';
  if (fen !== undefined) return { fen, by };
  return percent !== undefined ? { percent, by } : { rest: true, by };
}
