import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ListLoader } from '../../reader/list-loader.js';
import { SnapshotList } from '../../reader/snapshot-list.js';
import { closeStore, openStore } from '../../reader/store.js';
import { cardRef } from '../../src/meals/reader-lists/card-ref.rules.js';
import { decideOffline } from '../../src/meals/reader-lists/decide-offline.rules.js';
import { dayOf, minuteOfDay } from '../../src/shared/china-time.js';
import { ReaderStore } from '../support/reader-store.js';
import { type ReaderVectors, readerVectors } from '../support/reader-vectors/reader-vectors.js';
import { wholePage } from '../support/reader-vectors/vector-lists.js';
import { answerOf, play, wanted } from '../support/reader-vectors/vector-player.js';
import { writtenJson } from '../support/reader-vectors/written-json.js';

const path = 'docs/reader-test-vectors.json';
const vectors: ReaderVectors = JSON.parse(readFileSync(path, 'utf8'));
const { base, lists, loads } = vectors;

it('the file holds what the server’s own code makes of the cases', async () => {
  await expect(writtenJson(await readerVectors(vectors))).toMatchFileSnapshot(`../../${path}`);
});

it('every case has a name of its own and is told in both languages', () => {
  const cases = [...lists, ...lists.flatMap(({ taps }) => taps), ...loads];
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(cases.filter(({ en, zh }) => !/[a-z]/i.test(en) || !/[\u4e00-\u9fff]|\d/.test(zh))).toEqual([]);
});

it.each(vectors.refs)('the card $uid is $ref', ({ salt, uid, ref }) => {
  expect(cardRef(salt, uid)).toBe(ref);
});

it.each(vectors.days)('$instant is minute $minute of $day', ({ instant, day, minute }) => {
  expect([dayOf(new Date(instant)), minuteOfDay(new Date(instant))]).toEqual([day, minute]);
});

describe('what a reader decides by the lists', () => {
  const cases = lists.flatMap(({ page, taps }) => {
    const store = new ReaderStore();
    store.apply(wholePage(page, base));
    return taps.map((each) => [each.id, store, each] as const);
  });

  it.each(cases)('%s', (_, store, { tap, own, expect: answer }) => {
    expect(answerOf(decideOffline, store, tap, own)).toEqual(answer);
  });

  it('the reference reader decides too, from its store', () => {
    const file = openStore(':memory:', { now: new Date(0), beginsAnew: false });
    const list = new SnapshotList(file);
    for (const { id, page, taps } of lists) {
      list.apply(wholePage(page, base));
      const store = list.store();
      const answers = taps.map(({ tap, own }) => answerOf(decideOffline, store, tap, own));
      expect([id, answers]).toEqual([id, taps.map((each) => each.expect)]);
    }
    closeStore(file);
  });
});

describe('what the reference reader makes of the pages', () => {
  it.each(loads.map((load) => [load.id, load] as const))('%s', async (_, load) => {
    const played = await play({ SnapshotList, ListLoader, decideOffline }, load, vectors);
    expect(played).toEqual(wanted(load, played));
  });
});
