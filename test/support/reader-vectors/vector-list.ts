import type { ElderCategory } from '../../../entities/elders/elder-category-membership.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../../entities/meals/swipe.entity.js';
import { changesOf, listChanges } from '../../../src/meals/reader-lists/list-changes.rules.js';
import {
  type ListedCard,
  type ListFacts,
  ListItems,
} from '../../../src/meals/reader-lists/list-items.rules.js';
import type { SnapshotChanges } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { readRuleDocument } from '../../../src/meals/rules/rule-checks.rules.js';
import type { Group, RuleDocument } from '../../../src/meals/rules/rule-language.rules.js';
import { needsOf, together } from '../../../src/meals/rules/rule-needs.rules.js';
import type { CanteenTerms } from '../../../src/meals/swipe.rules.js';
import { addDays, type Day, instantOn } from '../../../src/shared/china-time.js';

/** A list of the test vectors, by what the server knows when it makes it, and the taps that are decided by it. */
export interface ListCase {
  id: string;
  en: string;
  zh: string;
  /** The first day of the list. */
  today?: Day;
  canteen?: Partial<Pick<CanteenTerms, 'openedOn' | 'closedOn' | 'priceFenMax' | 'windows'>>;
  sets: SetCase[];
  /** By the name that taps use; `elder` is the usual one. */
  cards?: Record<string, CardCase>;
  /** What is done to the list that the server made, to show what a reader makes of it. */
  altered?(changes: SnapshotChanges): void;
  taps: TapCase[];
}

export interface SetCase extends Partial<Pick<RuleDocument, 'alongside' | 'holidays' | 'caps'>> {
  code: string;
  groups: (Omit<Group, 'name' | 'rules'> & { rules: RuleCaseOf[] })[];
  /** The days on which it is in force; all where nothing is said. */
  days?: Day[];
}
export type RuleCaseOf = Omit<Group['rules'][number], 'name'>;

export interface CardCase {
  born?: Day;
  categories?: ElderCategory[];
  home?: string | null;
  balanceFen?: number;
  stopped?: boolean;
  expiresOn?: Day;
  endedOn?: Day;
  past?: PastCase[];
}
/** A meal that was had, and what rules gave, by SET/GROUP/RULE. */
export type PastCase = readonly [day: Day, meal: Meal, gave?: Record<string, number>];

export interface TapCase {
  id: string;
  en: string;
  zh: string;
  /** `elder` where nothing is said. */
  card?: string;
  /** Noon of the first day where nothing is said; HH:MM is of that day. */
  at?: string;
  fen: number;
  mode?: DiningMode;
  menu?: MenuKind;
  /** Taps of this reader that the list does not hold. */
  own?: { day: Day; meal: Meal; selfPaidFen: number; gave?: Record<string, number> }[];
  /** Said where the list does not tell, and so nothing can be asked of the server. */
  storedFor?: 'SNAPSHOT_TOO_OLD' | 'DAY_NOT_COVERED' | 'CARD_NOT_LISTED';
}

export const salt = '000102030405060708090a0b0c0d0e0f';
export const usualDay = '2026-03-10';
export const usualCanteen = {
  openedOn: '2020-01-01',
  closedOn: null,
  priceFenMax: 3000,
  windows: [
    { meal: 'BREAKFAST' as const, fromMinute: 390, toMinute: 510 },
    { meal: 'LUNCH' as const, fromMinute: 630, toMinute: 810 },
    { meal: 'DINNER' as const, fromMinute: 990, toMinute: 1110 },
  ],
};
/** Where the canteens of the vectors are, and where most of their elders live. */
export const here = '110105001001';
export const away = '110106001001';

const funders = [
  { code: 'CITY', name: 'city', level: 'CITY' as const, divisionCode: '1101', accountId: 1 },
  { code: 'DONOR', name: 'donor', level: 'DONOR' as const, divisionCode: null, accountId: 2 },
];

/** A uid for each name, the same in every list. */
export function uidOf(name: string): string {
  const bytes = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0x1000000, 7);
  return `04A1${bytes.toString(16).padStart(6, '0')}`.toUpperCase();
}

export function todayOf({ today = usualDay }: ListCase): Day {
  return today;
}

/** Made at the beginning of that day, before any tap, and good until the morning of the last. */
export function timesOn(day: Day) {
  const asOf = instantOn(day, 0).toISOString();
  const validUntil = instantOn(addDays(day, 2), 660).toISOString();
  return { asOf, validUntil, serverTime: asOf };
}

/** What the server knows of the canteen and its elders. */
export function factsOf(list: ListCase): ListFacts {
  const today = todayOf(list);
  const days = [0, 1, 2].map((ahead) => dayTerms(list, addDays(today, ahead)));
  const cards = Object.entries(list.cards ?? { elder: {} });
  const past = cards.map(([, { past: had = [] }]) =>
    had.map(([day, meal, gave = {}]) => ({ day, meal, uses: usesOf(gave) })),
  );
  return {
    salt,
    days: days as unknown as ListFacts['days'],
    cards: cards.map(([name, card], index) => listedCard(name, card, index)),
    mealsOf: (elderId) => past[elderId] ?? [],
    livesInInstitution: () => false,
  };
}

function dayTerms({ canteen, sets }: ListCase, day: Day): ListFacts['days'][number] {
  const inForce = sets
    .map((set, index) => ({ ...set, ruleSetId: index + 1 }))
    .filter(({ days }) => !days || days.includes(day))
    .map((set) => ({
      ruleSetId: set.ruleSetId,
      code: set.code,
      version: 1,
      scopeDivision: '11',
      document: documentOf(set),
    }));
  const terms: CanteenTerms = {
    canteenId: 1,
    ...usualCanteen,
    ...canteen,
    subsidy: { sets: inForce, funders, division: here },
    needs: together(inForce.map(({ document }) => needsOf(document))),
    versions: new Map(),
    receivableAccountId: 1,
    discountAccountId: 2,
  };
  return { day, canteen: terms };
}

const name = { zh: '字', en: 'words' };

/** The document of a set, which the server must take as it would any city's. */
function documentOf({ alongside = 'BEST', holidays, caps, groups }: SetCase): RuleDocument {
  const document = {
    format: 1,
    name,
    alongside,
    holidays,
    caps,
    groups: groups.map((group) => ({
      ...group,
      name,
      rules: group.rules.map((rule) => ({ ...rule, name })),
    })),
  };
  const read = readRuleDocument(JSON.stringify(document), []);
  if ('refused' in read) throw new Error(`${read.refused} ${read.field}: ${read.message.en}`);
  return read;
}

function listedCard(cardName: string, card: CardCase, index: number): ListedCard {
  return {
    uid: uidOf(cardName),
    cardId: index,
    elderId: index,
    stoppedAt: card.stopped ? new Date(0) : null,
    expiresOn: card.expiresOn ?? null,
    elderEndedOn: card.endedOn ?? null,
    balanceFen: card.balanceFen ?? 100_000,
    birthDate: card.born ?? '1950-01-01',
    categories: card.categories ?? [],
    abilityLevel: null,
    abilityExpiresOn: null,
    residence: card.home === undefined ? here : card.home,
  };
}

export function usesOf(gave: Record<string, number>) {
  return Object.entries(gave).map(([key, fen]) => {
    const [setCode = '', groupCode = '', ruleCode = ''] = key.split('/');
    return { setCode, groupCode, ruleCode, fen };
  });
}

/** The items of the list, as the server makes them. */
export function itemsFor(list: ListCase): Map<string, string> {
  const facts = factsOf(list);
  const items = new ListItems(facts);
  items.add(facts.cards);
  return items.contents();
}

/** What a first load of it tells. */
export function changesFor(list: ListCase): SnapshotChanges {
  const items = itemsFor(list);
  const { inserted } = listChanges({ version: 0, prunedTo: 0 }, [], items, 0);
  const changes = changesOf(inserted);
  list.altered?.(changes);
  return changes;
}
