import type { Cap, Group, Rule, When } from '../rules/rule-language.rules.js';
import type { EntitledRule, EntitledShare, Entitlement, SnapshotTerms } from './reader-snapshot.rules.js';

type Gives = Rule['gives'];
type GivesOf<Kind> = Extract<Gives, { kind: Kind }>;
type Fields<Value> = Record<keyof Value, true>;

/** Every field and word that these rules judge by; the compiler wants the language whole. */
const fields = {
  rule: { code: true, when: true, how: true, menus: true, bill: true, gives: true, borne: true, caps: true },
  when: {
    meals: true,
    weekdays: true,
    fromTime: true,
    toTime: true,
    holidays: true,
    fromDay: true,
    toDay: true,
  },
  bill: { atLeastFen: true, moreThanFen: true, atMostFen: true },
  cap: { per: true, times: true, fen: true },
  share: { fen: true, percent: true, rest: true, by: true },
} satisfies {
  rule: Fields<EntitledRule>;
  when: Fields<When>;
  bill: Fields<NonNullable<Rule['bill']>>;
  cap: Fields<Cap>;
  share: Fields<EntitledShare>;
};
const part = { kind: true, percent: true, of: true, rounding: true, toFen: true, atMostFen: true } as const;
const kinds: { [Kind in Gives['kind']]: Fields<GivesOf<Kind>> } = {
  AMOUNT: { kind: true, fen: true, ifBillIsLess: true },
  SELF_PAY: { kind: true, fen: true },
  PERCENT_OFF: part,
  PERCENT_PAID: part,
  FREE: { kind: true },
};
const picks: Record<Group['pick'], true> = { ALL: true, BEST: true, FIRST: true, ONE: true };
const periods: Record<Cap['per'], true> = { MEAL: true, DAY: true, WEEK: true, MONTH: true };
const bearers: Record<EntitledShare['by'], true> = { SUBSIDY: true, DISCOUNT: true, NOBODY: true };

/**
 * False for an entitlement in which a later server has written what is not known here, such as another condition of a
 * rule: whoever left that out would give what the rule does not.
 */
export function isJudgeable({ sets }: Entitlement, terms: SnapshotTerms): boolean {
  return Object.entries(sets).every(([id, groups]) => {
    const set = terms.sets.find((each) => each.id === id);
    return areCapsKnown(set?.caps) && groups.every(isGroupKnown);
  });
}

function isGroupKnown({ pick, caps, rules }: Entitlement['sets'][string][number]): boolean {
  return pick in picks && areCapsKnown(caps) && rules.every(isRuleKnown);
}

function isRuleKnown(rule: EntitledRule): boolean {
  const { when = {}, bill = {}, gives, borne, caps } = rule;
  return (
    hasOnly(rule, fields.rule) &&
    hasOnly(when, fields.when) &&
    hasOnly(bill, fields.bill) &&
    gives.kind in kinds &&
    hasOnly(gives, kinds[gives.kind]) &&
    borne.every((share) => hasOnly(share, fields.share) && share.by in bearers) &&
    areCapsKnown(caps)
  );
}

function areCapsKnown(caps: readonly Cap[] = []): boolean {
  return caps.every((cap) => hasOnly(cap, fields.cap) && cap.per in periods);
}

function hasOnly(value: object, known: object): boolean {
  return Object.keys(value).every((name) => name in known);
}
