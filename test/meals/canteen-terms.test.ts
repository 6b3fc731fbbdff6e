import { afterAll, beforeAll, expect, it } from 'vitest';
import { CanteenTermsCache, termsKey } from '../../src/meals/canteen-terms.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

/** A cache whose second is over when the test says so, and what it read of the database. */
function watchedCache() {
  const watched = { reads: 0, fails: false };
  const database = {
    read: (work: Parameters<Database['read']>[0]) => {
      watched.reads += 1;
      return watched.fails ? Promise.reject(new Error('out of reach')) : open.database.read(work);
    },
  } as Database;
  const cache = new CanteenTermsCache(database, 60_000);
  const endSecond = () => Object.assign(cache, { begunAtMs: -60_001 });
  return { cache, watched, endSecond };
}

const day = dayOf(noon);
const keys = () => ({
  here: { canteenId: town.canteenIds[0], day },
  there: { canteenId: town.canteenIds[1], day },
});

it('reads in one go what the second before had asked for, and nothing that nobody asks for any more', async () => {
  const { cache, watched, endSecond } = watchedCache();
  const { here, there } = keys();
  await cache.of([here]);
  await cache.of([there]);
  expect(watched.reads).toBe(2);
  endSecond();
  const [first, second] = await Promise.all([cache.of([here]), cache.of([there])]);
  expect(watched.reads).toBe(3);
  expect(first.get(termsKey(here))?.canteenId).toBe(here.canteenId);
  expect(second.get(termsKey(there))?.canteenId).toBe(there.canteenId);
  endSecond();
  await cache.of([here]);
  endSecond();
  const last = await cache.of([here]);
  expect(watched.reads).toBe(5);
  expect([...last.keys()]).toEqual([termsKey(here)]);
});

it('whoever waits for a reading that fails hears of it, and the next one reads itself', async () => {
  const { cache, watched, endSecond } = watchedCache();
  const { here } = keys();
  await cache.of([here]);
  endSecond();
  watched.fails = true;
  await expect(cache.of([here])).rejects.toThrow('out of reach');
  watched.fails = false;
  expect((await cache.of([here])).has(termsKey(here))).toBe(true);
});
