import { gunzipSync } from 'node:zlib';
import { Facts } from '../../../reader/facts.js';
import type { ListLoader } from '../../../reader/list-loader.js';
import { ReaderClock } from '../../../reader/reader-clock.js';
import type { ServerClient } from '../../../reader/server-client.js';
import type { SnapshotList } from '../../../reader/snapshot-list.js';
import { closeStore, openStore, type StoreFile } from '../../../reader/store.js';
import type {
  decideOffline,
  OwnTap,
  SnapshotStore,
} from '../../../src/meals/reader-lists/decide-offline.rules.js';
import { commandOf, type VectorAnswer, type VectorTap, written } from './judged-tap.js';
import type { ReaderVectors } from './reader-vectors.js';
import type { VectorLoad } from './vector-loads.js';

/** What of a reader is put to the test. */
export interface Reader {
  SnapshotList: typeof SnapshotList;
  ListLoader: typeof ListLoader;
  decideOffline: typeof decideOffline;
}

/** What a reader answers, as the vectors write it; without a list it knows nothing. */
export function answerOf(
  decide: typeof decideOffline,
  store: SnapshotStore | undefined,
  tap: VectorTap,
  own: readonly OwnTap[] = [],
): VectorAnswer {
  return store ? written(decide({ store, tap: commandOf(tap), own })) : { answer: 'STORE_ONLY' };
}

export interface Played {
  steps: string[];
  since: string | undefined;
  answers: VectorAnswer[];
}

/** Runs the pages of a load through a reader with an empty store, and shows it the taps. */
export async function play(
  reader: Reader,
  load: VectorLoad,
  { base, pages }: ReaderVectors,
): Promise<Played> {
  const file = openStore(':memory:', { now: new Date(0), beginsAnew: false });
  try {
    return await playIn(file, reader, load, { base, pages });
  } finally {
    closeStore(file);
  }
}

async function playIn(
  file: StoreFile,
  reader: Reader,
  { keys, serverKeys = [], steps, taps }: VectorLoad,
  { base, pages }: Pick<ReaderVectors, 'base' | 'pages'>,
): Promise<Played> {
  const facts = new Facts(file);
  const { canteenId, readerId } = base;
  facts.set('binding', { canteenId, readerId, canteenCode: '', canteenName: '' });
  facts.set('snapshotKeys', keys);
  let nowMs = 0;
  const clock = new ReaderClock(facts, { read: () => ({ wallMs: nowMs, monotonicMs: nowMs }) });
  let next: string | undefined;
  const ask = async (_: unknown, variables: object) => {
    if (!('canteenId' in variables)) return { kind: 'DATA', data: { readerSnapshotKeys: serverKeys } };
    const page = next;
    next = undefined;
    if (page === undefined) return { kind: 'NO_ANSWER', reason: '', retryAfterMs: 0 };
    return { kind: 'DATA', data: { readerSnapshot: { __typename: 'ReaderSnapshot', page } } };
  };
  const list = new reader.SnapshotList(file);
  const loader = new reader.ListLoader({ ask } as unknown as ServerClient, list, facts, clock);
  const seen: string[] = [];
  for (const step of steps) {
    const page = pages[step.page]?.page ?? '';
    nowMs = Date.parse(step.clock ?? serverTimeIn(page));
    const known = { wallMs: nowMs, monotonicMs: nowMs };
    if (step.clock !== null && !clock.isSigned) clock.hear(nowMs, known, known, true);
    next = page;
    const { kind } = await loader.load();
    seen.push(
      kind === 'NOT_TRUSTED' ? 'REFUSED' : kind === 'LOADED' || kind === 'NO_ANSWER' ? 'TAKEN' : kind,
    );
  }
  const store = list.store();
  const answers = taps.map(({ tap }) => answerOf(reader.decideOffline, store, tap));
  return { steps: seen, since: list.since, answers };
}

/** Read as nobody may who does not know that the page is good. */
function serverTimeIn(page: string): string {
  const bytes = Buffer.from(page.split('.')[1] ?? '', 'base64url');
  return JSON.parse(gunzipSync(bytes, { maxOutputLength: 1 << 20 }).toString()).serverTime;
}

/** What a load should have come to, of what was played; a reader may get over a refusal in its own way. */
export function wanted({ steps, since, taps }: VectorLoad, played: Played): Played {
  return {
    steps: steps.map(({ expect }) => expect),
    since: since ?? played.since,
    answers: taps.map(({ expect }) => expect),
  };
}
