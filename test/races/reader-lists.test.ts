import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { CanteenTermsCache } from '../../src/meals/canteen-terms.js';
import { ReaderLists } from '../../src/meals/reader-lists/reader-lists.js';
import { SnapshotSigner } from '../../src/meals/reader-lists/snapshot-signer.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { openPage, ReaderStore } from '../support/reader-store.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

const signer = new SnapshotSigner([{ id: 'k', seed: Buffer.alloc(32, 1) }]);
const [{ publicKey } = { publicKey: '' }] = signer.publicKeys;

let open: TestDatabase;
let town: Town;
let otherDatabase: Database;
let servers: [ReaderLists, ReaderLists];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url)).database;
  servers = [listsOf(open.database), listsOf(otherDatabase)];
});
afterAll(async () => {
  await otherDatabase.close();
  await open.drop();
});

function listsOf(database: Database, options: { patienceMs?: number } = {}): ReaderLists {
  return new ReaderLists({
    database,
    terms: new CanteenTermsCache(database, 0),
    signer,
    hours: 24,
    refreshSeconds: 0,
    patienceMs: 60_000,
    ...options,
  });
}

let instants = 0;

/** Each refresh is at an instant of its own, as on a clock that goes. */
async function fetch(server: ReaderLists, store: ReaderStore, itemsMax = 1000): Promise<void> {
  const [canteenId] = town.canteenIds;
  for (let isLast = false; !isLast; ) {
    instants += 1;
    const given = await server.page({
      canteenId,
      reader: { readerId: 1, canteenId },
      since: store.version,
      itemsMax,
      now: new Date(noon.getTime() + instants),
    });
    if (isRefusal(given)) throw new Error(given.refused);
    const page = openPage(given.page, publicKey);
    store.apply(page);
    isLast = page.last;
  }
}

/** Every version that an item ever had, to be asked whether two items had one. */
async function versions(): Promise<number[]> {
  const rows: { version: number | string }[] = await open.database.read((manager) =>
    manager.query('SELECT version FROM reader_list_item ORDER BY version'),
  );
  return rows.map(({ version }) => Number(version));
}

it('two servers that begin a list at once begin one', async () => {
  for (let count = 0; count < 20; count++) await addDiner(town);
  const stores = Array.from({ length: 8 }, () => new ReaderStore());
  await Promise.all(stores.map((store, index) => fetch(servers[index % 2 ? 1 : 0], store)));
  const [first, ...others] = stores.map(({ content, salt }) => ({ content, salt }));
  expect(Object.keys(first?.content.cards ?? {})).toHaveLength(20);
  for (const other of others) expect(other).toEqual(first);
});

it('readers of two servers end with the same list, whatever changed while they asked', async () => {
  const stores = Array.from({ length: 6 }, () => new ReaderStore());
  for (let round = 0; round < 6; round++) {
    const diner = await addDiner(town);
    await Promise.all([
      ...stores.map((store, index) => fetch(servers[index % 2 ? 1 : 0], store, 3 + index)),
      intakeOf(town).record(tap(town, { cardUid: diner.uid })),
    ]);
  }
  // One more round, in which nothing changes, and each has caught up with all the others wrote.
  const whole = new ReaderStore();
  await fetch(servers[0], whole);
  for (const [index, store] of stores.entries()) await fetch(servers[index % 2 ? 0 : 1], store, 2);
  for (const store of stores) expect(store.content).toEqual(whole.content);
  const numbers = await versions();
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Object.values(whole.content.cards).filter(({ meals }) => meals).length).toBe(6);
});

it('a refresh that takes long keeps nobody from the list that is there', async () => {
  const [canteenId] = town.canteenIds;
  let release: (nobody: ReadonlySet<string>) => void = () => undefined;
  const slow = { on: () => new Promise<ReadonlySet<string>>((resolve) => (release = resolve)) };
  const lists = listsOf(open.database, { patienceMs: 20 });
  const ask = async (seconds: number, stays?: typeof slow) => {
    const now = new Date(noon.getTime() + seconds * 1000);
    const asked = { canteenId, reader: { readerId: 1, canteenId }, since: undefined, itemsMax: 1, now };
    const given = await lists.page({ ...asked, ...(stays ? { stays } : {}) });
    return isRefusal(given) ? given.refused : openPage(given.page, publicKey).asOf;
  };
  await fetch(listsOf(open.database), new ReaderStore());
  const before = await ask(100, slow);
  expect(before).not.toBe(new Date(noon.getTime() + 100_000).toISOString());
  // Those that ask meanwhile wait for the same one.
  expect(await ask(101, slow)).toBe(before);
  release(new Set());
  await expect
    .poll(() => ask(100), { timeout: 20_000 })
    .toBe(new Date(noon.getTime() + 100_000).toISOString());
});

it('a list that may be used no more is given to nobody, however long the new one takes', async () => {
  const [canteenId] = town.canteenIds;
  await fetch(listsOf(open.database), new ReaderStore());
  const slow = {
    on: async () => {
      await setTimeout(300);
      return new Set<string>();
    },
  };
  const now = new Date(noon.getTime() + 3 * 86_400_000);
  const asked = { canteenId, reader: { readerId: 1, canteenId }, since: undefined, itemsMax: 1, now };
  const given = await listsOf(open.database, { patienceMs: 20 }).page({ ...asked, stays: slow });
  if (isRefusal(given)) throw new Error(given.refused);
  const { asOf, validUntil } = openPage(given.page, publicKey);
  expect([asOf, new Date(validUntil) > now]).toEqual([now.toISOString(), true]);
});
