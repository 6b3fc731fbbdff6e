import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mutatedPath } from '../support/reader-mutants/mutated-modules.js';
import { readerMutants } from '../support/reader-mutants/reader-mutants.js';
import { ReaderStore } from '../support/reader-store.js';
import type { ReaderVectors } from '../support/reader-vectors/reader-vectors.js';
import { wholePage } from '../support/reader-vectors/vector-lists.js';
import { answerOf, play, type Reader, wanted } from '../support/reader-vectors/vector-player.js';

const vectors: ReaderVectors = JSON.parse(readFileSync('docs/reader-test-vectors.json', 'utf8'));
const { base, lists, loads, refs } = vectors;
const stores = lists.map((list) => {
  const store = new ReaderStore();
  store.apply(wholePage(list.page, base));
  return { store, taps: list.taps };
});

type Mutated = Reader & { cardRef(salt: string, uid: string): string };

/** The modules of a reader, with what a mutant has in their place. */
async function readerOf(mutant: number): Promise<Mutated> {
  const files = [
    'reader/snapshot-list.ts',
    'reader/list-loader.ts',
    'src/meals/reader-lists/decide-offline.rules.ts',
    'src/meals/reader-lists/card-ref.rules.ts',
  ];
  const modules = await Promise.all(files.map((file) => import(mutatedPath(file, mutant))));
  return Object.assign({}, ...modules);
}

/** The first vector of which a reader makes something else; a reader that breaks down has failed as well. */
async function firstFailed(reader: Mutated): Promise<string | undefined> {
  const ref = refs.find(({ salt, uid, ref }) => reader.cardRef(salt, uid) !== ref);
  if (ref) return ref.uid;
  for (const { store, taps } of stores) {
    const tap = taps.find(({ tap, own, expect }) => {
      return !isSame(expect, () => answerOf(reader.decideOffline, store, tap, own));
    });
    if (tap) return tap.id;
  }
  for (const load of loads) {
    const played = await play(reader, load, vectors).catch(() => undefined);
    if (!played || !isSame(wanted(load, played), () => played)) return load.id;
  }
  return undefined;
}

function isSame(wanted: unknown, said: () => unknown): boolean {
  try {
    return isDeepStrictEqual(said(), wanted);
  } catch {
    return false;
  }
}

it('a reader that is right fails nothing', async () => {
  expect(await firstFailed(await readerOf(readerMutants.length))).toBeUndefined();
});

it('every wrong reader is one of its own, and still differs from the code as it is', () => {
  expect(readerMutants.length).toBeGreaterThan(200);
  expect(new Set(readerMutants.map(([name]) => name)).size).toBe(readerMutants.length);
  const faulty = readerMutants.filter(([, file, find, replace]) => {
    return readFileSync(file, 'utf8').split(find).length !== 2 || find === replace;
  });
  expect(faulty).toEqual([]);
});

describe.concurrent('the vectors catch a reader that', () => {
  it.each(readerMutants.map(([name], index) => [name, index] as const))('%s', async (_, index) => {
    expect(await firstFailed(await readerOf(index))).toBeDefined();
  });
});
