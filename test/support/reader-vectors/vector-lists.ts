import type { OwnTap } from '../../../src/meals/reader-lists/decide-offline.rules.js';
import type { SnapshotPage } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { basePage } from './base-page.js';
import { capCases } from './cap-cases.js';
import { cardCases } from './card-cases.js';
import { conditionCases } from './condition-cases.js';
import { givesCases } from './gives-cases.js';
import { askServer, tapOf, type VectorAnswer, type VectorTap } from './judged-tap.js';
import { moneyCases } from './money-cases.js';
import { periodCases } from './period-cases.js';
import { pickCases } from './pick-cases.js';
import { shareCases } from './share-cases.js';
import { strangeCases } from './strange-cases.js';
import { changesFor, factsOf, type ListCase, timesOn, todayOf } from './vector-list.js';

export interface VectorDecision {
  id: string;
  en: string;
  zh: string;
  tap: VectorTap;
  own?: OwnTap[];
  expect: VectorAnswer;
}

/** A list: fields of a page that replace those of the base, those of the terms one by one. */
export interface VectorList {
  id: string;
  en: string;
  zh: string;
  page: Partial<Omit<SnapshotPage, 'terms'>> & { terms: Partial<NonNullable<SnapshotPage['terms']>> };
  taps: VectorDecision[];
}

export const listCases: readonly ListCase[] = [
  ...cardCases,
  ...moneyCases,
  ...conditionCases,
  ...givesCases,
  ...shareCases,
  ...pickCases,
  ...capCases,
  ...periodCases,
  ...strangeCases,
];

export function vectorList(list: ListCase): VectorList {
  const { terms = {}, ...changes } = changesFor(list);
  const fields = differing({ ...timesOn(todayOf(list)), ...changes }, basePage);
  const facts = factsOf(list);
  return {
    id: list.id,
    en: list.en,
    zh: list.zh,
    page: { ...fields, terms: differing(terms, basePage.terms) },
    taps: list.taps.map(({ id, en, zh, storedFor, own, ...asked }) => {
      const tap = tapOf(asked as Parameters<typeof tapOf>[0], todayOf(list));
      const expect = storedFor ? { answer: 'STORE_ONLY', why: storedFor } : askServer(facts, tap, own ?? []);
      return { id, en, zh, tap, ...(own ? { own } : {}), expect };
    }),
  };
}

function differing<Fields extends object>(fields: Fields, from: object): Partial<Fields> {
  const base = new Map(Object.entries(from));
  const left = Object.entries(fields).filter(([name, value]) => !isSame(value, base.get(name)));
  return Object.fromEntries(left) as Partial<Fields>;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The whole page of a list. */
export function wholePage(page: VectorList['page'], base: typeof basePage): SnapshotPage {
  return { ...base, ...page, terms: { ...base.terms, ...page.terms } } as SnapshotPage;
}
