import { cardRef } from '../../../src/meals/reader-lists/card-ref.rules.js';
import { dayOf, minuteOfDay } from '../../../src/shared/china-time.js';
import { basePage } from './base-page.js';
import { loadCases } from './load-cases.js';
import { publicKeyOf, seeds } from './page-seal.js';
import { salt } from './vector-list.js';
import { listCases, type VectorList, vectorList } from './vector-lists.js';
import { type VectorLoad, type VectorPage, vectorLoad, vectorPages } from './vector-loads.js';

export interface ReaderVectors {
  about: string;
  refs: { salt: string; uid: string; ref: string }[];
  days: { instant: string; day: string; minute: number }[];
  sequences: object[];
  base: typeof basePage;
  lists: VectorList[];
  keys: { id: string; privateKey: string; publicKey: string }[];
  pages: Record<string, VectorPage>;
  loads: VectorLoad[];
}

const uids: [salt: string, uid: string][] = [
  [salt, '04A1B2C3D4'],
  [salt, ' 04a1b2c3d4 '],
  [salt, '04A1B2C3'],
  ['f0e0d0c0b0a090807060504030201000', '04A1B2C3D4E5F607'],
  ['00000000000000000000000000000001', '04A1B2C3D4E5F6071829'],
];
const instants = [
  '2026-03-10T15:59:59.999Z',
  '2026-03-10T16:00:00Z',
  '1988-07-01T15:30:00Z',
  '2024-02-28T16:00:00Z',
  '2026-02-28T23:59:59.999+08:00',
  '2026-12-31T16:00:00Z',
  '2026-03-29T01:30:00+01:00',
];
const sequences = [
  { received: [0, 1, 2], missing: [] },
  { received: [7], missing: [] },
  {
    received: [3, 1, 9, 4],
    missing: [
      { from: 2, to: 2 },
      { from: 5, to: 8 },
    ],
  },
  { received: [5, 5, 6], missing: [] },
  {
    received: [1, 10],
    explained: [{ from: 3, to: 4 }],
    missing: [
      { from: 2, to: 2 },
      { from: 5, to: 9 },
    ],
  },
];

/** All test vectors, by the server's own code. */
export async function readerVectors(kept: Partial<ReaderVectors>): Promise<ReaderVectors> {
  return {
    about:
      'Test vectors of docs/reader-protocol.md, which explains them. They are generated: npx vitest run --project pure -u test/rules/reader-vectors.test.ts',
    refs: uids.map(([salt, uid]) => ({ salt, uid, ref: cardRef(salt, uid) })),
    days: instants.map((instant) => {
      const at = new Date(instant);
      return { instant, day: dayOf(at), minute: minuteOfDay(at) };
    }),
    sequences,
    base: basePage,
    lists: listCases.map(vectorList),
    keys: (['k1', 'k2'] as const).map((name) => {
      const { id, publicKey } = publicKeyOf(name);
      return { id, privateKey: seeds[name].toString('base64url'), publicKey };
    }),
    pages: await vectorPages(kept.pages ?? {}),
    loads: loadCases.map(vectorLoad),
  };
}
