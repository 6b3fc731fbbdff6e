import type { SnapshotPage } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { openPage } from '../reader-store.js';
import { type BadPage, badPages } from './bad-pages.js';
import { askServer, tapOf, type VectorAnswer, type VectorTap } from './judged-tap.js';
import type { LoadCase, LoadedTap, Step } from './load-cases.js';
import { goodPages, states } from './page-cases.js';
import { isAlike, publicKeyOf, signers } from './page-seal.js';
import { factsOf, usualDay } from './vector-list.js';

export type VectorPage = { page: string; payload?: SnapshotPage } & Partial<Omit<BadPage, 'page'>>;

export interface VectorLoad {
  id: string;
  en: string;
  zh: string;
  keys: { id: string; publicKey: string }[];
  serverKeys?: { id: string; publicKey: string }[];
  steps: Step[];
  /** What the next page is asked with; not said after a refusal, which a reader may get over in its own way. */
  since?: string;
  taps: { tap: VectorTap; expect: VectorAnswer }[];
}

/**
 * Every page, signed. One that is in the file as it would be made stays as it is there: what compresses does not
 * everywhere make the same bytes of the same text.
 */
export async function vectorPages(kept: Record<string, VectorPage>): Promise<Record<string, VectorPage>> {
  const pages: Record<string, VectorPage> = {};
  for (const [name, { payload, key, says }] of Object.entries(goodPages)) {
    const before = kept[name]?.page;
    const { publicKey } = publicKeyOf(key);
    const page = before && holds(before, publicKey, payload) ? before : await signers[key].sign(payload);
    pages[name] = says ? { ...says, page } : { page, payload };
  }
  const bad = badPages(pages.whole?.page ?? '');
  for (const [name, { en, zh, page }] of Object.entries(bad)) {
    const before = kept[name]?.page;
    pages[name] = { en, zh, page: before && isAlike(before, page) ? before : page };
  }
  return pages;
}

function holds(page: string, publicKey: string, payload: SnapshotPage): boolean {
  try {
    return JSON.stringify(openPage(page, publicKey)) === JSON.stringify(payload);
  } catch {
    return false;
  }
}

export function vectorLoad({ keys = ['k1'], serverKeys, taps, ...load }: LoadCase): VectorLoad {
  const last = load.steps.at(-1);
  const since = last?.expect === 'TAKEN' ? goodPages[last.page]?.payload.version : undefined;
  return {
    id: load.id,
    en: load.en,
    zh: load.zh,
    keys: keys.map(publicKeyOf),
    ...(serverKeys ? { serverKeys: serverKeys.map(publicKeyOf) } : {}),
    steps: load.steps,
    ...(since ? { since } : {}),
    taps: taps.map(decidedTap),
  };
}

function decidedTap({ as, storedFor, ...asked }: LoadedTap) {
  const tap = tapOf({ id: '', en: '', zh: '', ...asked }, usualDay);
  if (as === null) return { tap, expect: { answer: 'STORE_ONLY' } };
  const expect = storedFor
    ? { answer: 'STORE_ONLY', why: storedFor }
    : askServer(factsOf(states[as]), tap, []);
  return { tap, expect };
}
