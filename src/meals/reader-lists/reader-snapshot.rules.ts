import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { Day } from '../../shared/china-time.js';
import type { ServingWindow } from '../meal-window.rules.js';
import type { Group, Rule, RuleDocument } from '../rules/rule-language.rules.js';

/**
 * What a reader is given to decide alone, as the JSON of a page holds it. docs/reader-protocol.md explains every
 * field to whoever builds a reader; names that are here are part of that protocol.
 */
export interface SnapshotPage extends SnapshotChanges {
  format: 1;
  canteenId: string;
  readerId: string;
  /** Which list it is: a new one begins with a full load. */
  list: string;
  /** What was asked; null on a page that begins a list. */
  since: string | null;
  version: string;
  full: boolean;
  last: boolean;
  /** Instants are ISO 8601 in UTC. */
  asOf: string;
  validUntil: string;
  serverTime: string;
  keys: { id: string; publicKey: string }[];
  salt: string;
}

/** What changed between two versions; everything occurs once. */
export interface SnapshotChanges {
  terms?: SnapshotTerms;
  entitlements: Entitlement[];
  cards: SnapshotCard[];
  blocked: BlockedCard[];
  removed: { cards: string[]; entitlements: string[] };
}

/** The canteen, and which rules count on which day. */
export interface SnapshotTerms {
  openedOn: Day;
  closedOn: Day | null;
  priceFenMax: number;
  windows: ServingWindow[];
  /** The rule sets in force, in their order, on every day that the snapshot may be used on. */
  days: { day: Day; sets: string[] }[];
  sets: SnapshotSet[];
}

/** What a rule set says for all its rules. */
export interface SnapshotSet extends Pick<RuleDocument, 'alongside' | 'caps'> {
  id: string;
  code: string;
  version: number;
  /** Those among the days of the terms. */
  holidays: Day[];
}

/**
 * What is left of the rules for elders with equal facts: whom they are for and where was asked already, so no fact
 * about an elder is in it.
 */
export interface Entitlement {
  id: string;
  /** By the id of their set; a set that has nothing for these elders is left out. */
  sets: Record<string, EntitledGroup[]>;
}

export interface EntitledGroup extends Pick<Group, 'code' | 'pick' | 'caps'> {
  rules: EntitledRule[];
}

export interface EntitledRule
  extends Pick<Rule, 'code' | 'when' | 'how' | 'menus' | 'bill' | 'gives' | 'caps'> {
  borne: EntitledShare[];
}

/** A share of what a rule gives; one of fen, percent and rest. What nobody bears is left to the elder. */
export interface EntitledShare {
  fen?: number;
  percent?: number;
  rest?: true;
  by: 'SUBSIDY' | 'DISCOUNT' | 'NOBODY';
}

export type BlockReason = 'CARD_NOT_ACTIVE' | 'ELDER_NOT_ACTIVE';

export interface SnapshotCard {
  ref: string;
  entitlement: string;
  /** The most that the elder may pay by this list: the balance, cut to what the meals of its days can cost. */
  spendableFen: number;
  /** What becomes of the card on later days of the list; each holds until the next. */
  then?: ({ from: Day; entitlement: string } | { from: Day; blocked: BlockReason })[];
  /** Meals that were had: those of the list's days, and earlier ones that caps count. */
  meals?: SnapshotMeal[];
}

export interface SnapshotMeal {
  day: Day;
  meal: Meal;
  /** What rules gave, in fen, by `useKey`. */
  gave?: Record<string, number>;
}

export interface BlockedCard {
  ref: string;
  why: BlockReason;
}

/** A rule by the codes that it keeps from version to version. */
export function useKey(use: { setCode: string; groupCode: string; ruleCode: string }): string {
  return `${use.setCode}/${use.groupCode}/${use.ruleCode}`;
}
