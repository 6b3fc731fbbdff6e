import { meals } from '../../../entities/meals/meal-window.entity.js';
import { abilityLevelOn } from '../../elders/ability.rules.js';
import { completedYears, type Day, instantOn } from '../../shared/china-time.js';
import { paysAt } from '../card.rules.js';
import { daysCounted, type PastMeal } from '../rules/rule-caps.rules.js';
import type { RuleNeeds } from '../rules/rule-needs.rules.js';
import type { RuleSetTerms } from '../subsidy.rules.js';
import type { CanteenTerms, CardFacts } from '../swipe.rules.js';
import { cardRef } from './card-ref.rules.js';
import { entitlementOf } from './entitlement.rules.js';
import {
  type BlockReason,
  type Entitlement,
  type SnapshotCard,
  type SnapshotMeal,
  type SnapshotTerms,
  useKey,
} from './reader-snapshot.rules.js';

/** A card that stops on a day is blocked for all of it, because the list speaks of taps to come. */
const lastMinute = 24 * 60 - 1;

/** A card, as far as a list asks. */
export interface ListedCard extends Omit<CardFacts, 'elderName' | 'accountId' | 'inInstitution'> {
  uid: string;
}

/** Everything that the list of a canteen is made of. */
export interface ListFacts {
  salt: string;
  /** The days on which the list may be used, today first, each with the canteen's terms of that day. */
  days: readonly [DayTerms, ...DayTerms[]];
  cards: readonly ListedCard[];
  /** The meals that an elder had on these days and as far back as caps count. */
  mealsOf(elderId: number): readonly PastMeal[];
  livesInInstitution(elderId: number, day: Day): boolean;
}

export interface DayTerms {
  day: Day;
  canteen: CanteenTerms;
}

export type ItemKind = 'entitlement' | 'card' | 'terms';

/** The key of an item in the list: its kind and its reference. */
export function itemKey(kind: ItemKind, reference: string): string {
  return `${kind}:${reference}`;
}

export function itemOfKey(key: string): { kind: ItemKind; reference: string } {
  const [kind, reference = ''] = key.split(':') as [ItemKind, string?];
  return { kind, reference };
}

/** What MySQL's text holds in bytes. What is longer is left out, and its cards are stored without a decision. */
const contentBytesMax = 65_000;

interface CardItem {
  ref: string;
  content: string;
  /** The entitlements that it refers to. */
  needs: string[];
}

type State = { entitlement: string } | { blocked: BlockReason };

/**
 * Makes the items of a list: one for each card that is added, one for each entitlement that cards have, and the terms.
 * Cards are added some at a time, so that a server that makes a long list can answer others in between.
 */
export class ListItems {
  private readonly cards: CardItem[] = [];
  private readonly entitlements = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private readonly sets: readonly RuleSetTerms[];
  private readonly codes: ReadonlySet<string>;
  private readonly past: RuleNeeds['past'];
  private readonly spendableFenMax: number;

  constructor(private readonly facts: ListFacts) {
    this.sets = setsOf(facts.days);
    this.codes = new Set(this.sets.map(({ code }) => code));
    this.past = longestPast(facts.days);
    const priceFenMax = facts.days[0].canteen.priceFenMax;
    this.spendableFenMax = priceFenMax * meals.length * facts.days.length;
  }

  add(cards: readonly ListedCard[]): void {
    for (const card of cards) this.cards.push(this.itemOf(card));
  }

  /** The content of every item, by its key. */
  contents(): Map<string, string> {
    const entitlements = new Map([...this.entitlements].filter(([, content]) => fits(content)));
    const items = new Map([[itemKey('terms', ''), JSON.stringify(listTerms(this.facts.days))]]);
    for (const [id, content] of entitlements) items.set(itemKey('entitlement', id), content);
    for (const { ref, content, needs } of this.cards) {
      if (fits(content) && needs.every((id) => entitlements.has(id)))
        items.set(itemKey('card', ref), content);
    }
    return items;
  }

  private itemOf(card: ListedCard): CardItem {
    const ref = cardRef(this.facts.salt, card.uid);
    const states = this.facts.days.map(({ day, canteen }) => ({
      day,
      state: this.stateOn(card, day, canteen),
    }));
    const [first, ...later] = states as [(typeof states)[0], ...typeof states];
    const needs = states.flatMap(({ state }) => ('entitlement' in state ? [state.entitlement] : []));
    if ('blocked' in first.state)
      return { ref, needs: [], content: JSON.stringify({ blocked: first.state.blocked }) };
    const then = later
      .filter(({ state }, index) => !isSame(state, states[index]?.state))
      .map(({ day, state }) => ({ from: day, ...state }));
    const had = this.mealsOf(card.elderId);
    const content: Omit<SnapshotCard, 'ref'> = {
      entitlement: first.state.entitlement,
      spendableFen: Math.max(0, Math.min(card.balanceFen, this.spendableFenMax)),
      ...(then.length > 0 ? { then } : {}),
      ...(had.length > 0 ? { meals: had } : {}),
    };
    return { ref, needs, content: JSON.stringify(content) };
  }

  private stateOn(card: ListedCard, day: Day, canteen: CanteenTerms): State {
    if (!paysAt(card, instantOn(day, lastMinute))) return { blocked: 'CARD_NOT_ACTIVE' };
    if (card.elderEndedOn !== null && day >= card.elderEndedOn) return { blocked: 'ELDER_NOT_ACTIVE' };
    const inInstitution = this.facts.livesInInstitution(card.elderId, day);
    const { birthDate, categories, residence } = card;
    // All that rules ask of an elder: whoever has the same has the same entitlement, which is made once.
    const age = completedYears(birthDate, day);
    const same = `${age} ${abilityLevelOn(card, day)} ${residence} ${inInstitution} ${[...categories].sort()}`;
    const known = this.ids.get(same);
    if (known !== undefined) return { entitlement: known };
    const { division, funders } = canteen.subsidy;
    const made = entitlementOf(this.sets, { diner: { ...card, inInstitution }, day, division, funders });
    this.ids.set(same, made.id);
    this.entitlements.set(made.id, entitlementContent(made));
    return { entitlement: made.id };
  }

  /** Those of the list's days, and those that a cap of a set in force still counts on one of them. */
  private mealsOf(elderId: number): SnapshotMeal[] {
    const { days } = this.facts;
    const first = days[0].day;
    const last = days[days.length - 1]?.day ?? first;
    const countsFrom = daysCounted(this.past, first).first;
    return [...this.facts.mealsOf(elderId)]
      .sort((one, other) => (one.day + one.meal < other.day + other.meal ? -1 : 1))
      .flatMap(({ day, meal, uses }): SnapshotMeal[] => {
        if (day < countsFrom || day > last) return [];
        const own = uses.filter(({ setCode }) => this.past !== 'NOTHING' && this.codes.has(setCode));
        if (own.length === 0) return day < first ? [] : [{ day, meal }];
        return [{ day, meal, gave: Object.fromEntries(own.map((use) => [useKey(use), use.fen])) }];
      });
  }
}

function entitlementContent({ sets }: Entitlement): string {
  return JSON.stringify({ sets });
}

function fits(content: string): boolean {
  return Buffer.byteLength(content) <= contentBytesMax;
}

function isSame(one: State, other: State | undefined): boolean {
  const text = (state: State) => ('entitlement' in state ? state.entitlement : state.blocked);
  return other !== undefined && text(one) === text(other);
}

/** Every set that is in force on one of the days, once. */
function setsOf(days: readonly DayTerms[]): RuleSetTerms[] {
  const all = days.flatMap(({ canteen }) => canteen.subsidy.sets);
  return [...new Map(all.map((set) => [set.ruleSetId, set])).values()];
}

function longestPast(days: readonly DayTerms[]): RuleNeeds['past'] {
  const periods = ['NOTHING', 'DAY', 'WEEK', 'MONTH'] as const;
  const all = days.map(({ canteen }) => periods.indexOf(canteen.needs.past));
  return periods[Math.max(0, ...all)] ?? 'NOTHING';
}

function listTerms(days: ListFacts['days']): SnapshotTerms {
  const { openedOn, closedOn, priceFenMax, windows } = days[0].canteen;
  const isWithin = (day: Day) => days.some((each) => each.day === day);
  return {
    openedOn,
    closedOn,
    priceFenMax,
    windows: [...windows].sort((one, other) => one.fromMinute - other.fromMinute),
    days: days.map(({ day, canteen }) => ({
      day,
      sets: canteen.subsidy.sets.map(({ ruleSetId }) => String(ruleSetId)),
    })),
    sets: setsOf(days).map(({ ruleSetId, code, version, document: { alongside, holidays, caps } }) => ({
      id: String(ruleSetId),
      code,
      version,
      alongside,
      holidays: (holidays ?? []).filter(isWithin),
      ...(caps ? { caps } : {}),
    })),
  };
}
