import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { dayOf } from '../../shared/china-time.js';
import { normalizedCardUid } from '../card.rules.js';
import type { PastMeal } from '../rules/rule-caps.rules.js';
import type { Group, RuleDocument, Share } from '../rules/rule-language.rules.js';
import { noNeeds } from '../rules/rule-needs.rules.js';
import type { FunderFacts } from '../rules/rule-shares.rules.js';
import type { RuleSetTerms, Split, SubsidyTerms } from '../subsidy.rules.js';
import {
  type CanteenTerms,
  type CardFacts,
  decideSwipe,
  type RefusedOutcome,
  type SwipeCommand,
} from '../swipe.rules.js';
import { cardRef } from './card-ref.rules.js';
import { isJudgeable } from './judgeable.rules.js';
import type {
  BlockedCard,
  EntitledGroup,
  EntitledShare,
  Entitlement,
  SnapshotCard,
  SnapshotMeal,
  SnapshotTerms,
} from './reader-snapshot.rules.js';

/** A complete list as a reader has stored it. */
export interface SnapshotStore {
  terms: SnapshotTerms;
  salt: string;
  /** After that nothing in it counts. */
  validUntil: Date;
  card(ref: string): SnapshotCard | undefined;
  blocked(ref: string): BlockedCard | undefined;
  entitlement(id: string): Entitlement | undefined;
}

/** A tap of the same card that the list does not know of yet. */
export interface OwnTap extends SnapshotMeal {
  selfPaidFen: number;
}

export interface OfflineQuestion {
  store: SnapshotStore;
  tap: Pick<SwipeCommand, 'cardUid' | 'swipedAt' | 'grossFen' | 'mode' | 'menu'>;
  /** Taps of this card that this reader accepted and that the list does not hold. */
  own: readonly OwnTap[];
}

/** STORE_ONLY: the list does not tell, so the tap is stored, and the server judges it when it hears of it. */
export type OfflineAnswer =
  | { answer: 'ACCEPTED'; meal: Meal; split: Split }
  | { answer: RefusedOutcome }
  | { answer: 'STORE_ONLY'; why: 'SNAPSHOT_TOO_OLD' | 'DAY_NOT_COVERED' | 'CARD_NOT_LISTED' };

/** What a reader answers alone: by the server's own rules, from what the list left of them. */
export function decideOffline({ store, tap, own }: OfflineQuestion): OfflineAnswer {
  if (tap.swipedAt >= store.validUntil) return { answer: 'STORE_ONLY', why: 'SNAPSHOT_TOO_OLD' };
  const day = dayOf(tap.swipedAt);
  const inForce = store.terms.days.find((each) => each.day === day);
  if (!inForce) return { answer: 'STORE_ONLY', why: 'DAY_NOT_COVERED' };
  const ref = cardRef(store.salt, tap.cardUid);
  const blocked = store.blocked(ref);
  const listed = store.card(ref);
  const state = blocked ? { blocked: blocked.why } : listed && stateOn(listed, day);
  const entitlement =
    state && 'entitlement' in state ? knownEntitlement(store, state.entitlement) : undefined;
  if (!state || (!entitlement && !('blocked' in state)))
    return { answer: 'STORE_ONLY', why: 'CARD_NOT_LISTED' };
  const known = listed?.meals ?? [];
  // What the list has heard of already counts once.
  const more = own.filter((tapped) => !known.some((each) => isSameMeal(each, tapped)));
  const had = [...known, ...more];
  const leftFen = more.reduce((left, { selfPaidFen }) => left - selfPaidFen, listed?.spendableFen ?? 0);
  // Who topped up since the list was made may have spent more than it says, and still eats for nothing.
  const balanceFen = Math.max(0, leftFen);
  const decision = decideSwipe({
    command: { ...tap, cardUid: normalizedCardUid(tap.cardUid), swipeId: '', sequence: 0, offline: false },
    now: tap.swipedAt,
    limits: { liveSwipeAgeMinutesMax: 0, offlineSwipeAgeDaysMax: 0, clockSkewSecondsMax: 0 },
    readerActive: true,
    canteen: canteenOf(store.terms, inForce.sets, entitlement),
    card: { ...somebody, ...whatBlocks('blocked' in state ? state.blocked : null), balanceFen },
    isMealTaken: (mealDay, meal) => had.some((each) => each.day === mealDay && each.meal === meal),
    livesInInstitution: () => false,
    pastMeals: () => had.map(pastMeal),
  });
  // Nothing is recorded for review where the tap counts as a live one.
  if ('reviewReason' in decision) return { answer: decision.reviewReason };
  return 'split' in decision
    ? { answer: 'ACCEPTED', meal: decision.meal, split: decision.split }
    : { answer: decision.outcome };
}

/** One that cannot be judged is as one that is not there. */
function knownEntitlement(store: SnapshotStore, id: string): Entitlement | undefined {
  const entitlement = store.entitlement(id);
  return entitlement && isJudgeable(entitlement, store.terms) ? entitlement : undefined;
}

function isSameMeal(one: SnapshotMeal, other: SnapshotMeal): boolean {
  return one.day === other.day && one.meal === other.meal;
}

function stateOn(card: SnapshotCard, day: string) {
  return card.then?.findLast(({ from }) => from <= day) ?? { entitlement: card.entitlement };
}

/** Nobody: what rules ask of elders is decided, and what the server alone knows does not matter here. */
const somebody: CardFacts = {
  cardId: 0,
  stoppedAt: null,
  expiresOn: null,
  elderId: 0,
  elderName: '',
  elderEndedOn: null,
  accountId: 0,
  balanceFen: 0,
  birthDate: '1900-01-01',
  categories: [],
  abilityLevel: null,
  abilityExpiresOn: null,
  residence: null,
};

function whatBlocks(why: BlockedCard['why'] | null): Partial<CardFacts> {
  if (why === 'CARD_NOT_ACTIVE') return { stoppedAt: new Date(0) };
  return why === 'ELDER_NOT_ACTIVE' ? { elderEndedOn: '0001-01-01' } : {};
}

function canteenOf(
  { openedOn, closedOn, priceFenMax, windows, sets }: SnapshotTerms,
  inForce: readonly string[],
  entitlement: Entitlement | undefined,
): CanteenTerms {
  const known = new Map(sets.map((set) => [set.id, set]));
  const left = inForce.flatMap((id): RuleSetTerms[] => {
    const set = known.get(id);
    if (!set) return [];
    const { code, version, alongside, holidays, caps } = set;
    const groups = (entitlement?.sets[id] ?? []).map(ruleGroup);
    const document: RuleDocument = { format: 1, name: unnamed, alongside, holidays, caps, groups };
    return [{ ruleSetId: Number(id), code, version, scopeDivision: '', document }];
  });
  return {
    canteenId: 0,
    openedOn,
    closedOn,
    priceFenMax,
    windows,
    subsidy: termsLeft(left),
    needs: noNeeds,
    versions: new Map(),
    receivableAccountId: 0,
    discountAccountId: 0,
  };
}

const unnamed = { zh: '', en: '' };
const someGovernment: FunderFacts = {
  code: 'SUBSIDY',
  name: '',
  level: null,
  divisionCode: null,
  accountId: 0,
};

/** The elder's home is decided, so every canteen is far away, where a share that is lost says so. */
function termsLeft(sets: readonly RuleSetTerms[]): SubsidyTerms {
  return { sets, funders: [someGovernment], division: '' };
}

function ruleGroup({ code, pick, caps, rules }: EntitledGroup): Group {
  return {
    code,
    name: unnamed,
    pick,
    caps,
    rules: rules.map(({ borne, ...rule }) => ({ ...rule, name: unnamed, borneBy: borne.map(ruleShare) })),
  };
}

function ruleShare({ by, ...size }: EntitledShare): Share {
  switch (by) {
    case 'SUBSIDY':
      return { ...size, funder: someGovernment.code };
    case 'DISCOUNT':
      return { ...size, canteen: true };
    case 'NOBODY':
      return { ...size, canteen: true, elsewhere: { OTHER_TOWN: 'LOST' } };
  }
}

function pastMeal({ day, meal, gave = {} }: SnapshotMeal): PastMeal {
  const uses = Object.entries(gave).map(([key, fen]) => {
    const [setCode = '', groupCode = '', ruleCode = ''] = key.split('/');
    return { setCode, groupCode, ruleCode, fen };
  });
  return { day, meal, uses };
}
