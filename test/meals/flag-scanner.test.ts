import { afterAll, beforeAll, expect, it } from 'vitest';
import { endElder } from '../../src/elders/end-elder.js';
import type { InstitutionStays } from '../../src/elders/institution-stays.js';
import { findFlags } from '../../src/meals/flags/find-flags.js';
import { FlagScanner } from '../../src/meals/flags/flag-scanner.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import type { Day } from '../../src/shared/china-time.js';
import { dueNow } from '../support/flag-rounds.js';
import { intakeOf, noonClock, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Diner, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

/** A round in which something happens, or fails, while a day is being read. */
async function round(whileRead: (days: readonly Day[]) => Promise<void>) {
  const failures: unknown[] = [];
  const stays: InstitutionStays = {
    async on(_, _elderIds, days) {
      await whileRead(days);
      return new Set();
    },
  };
  const scanner = new FlagScanner({
    database: open.database,
    clock: noonClock,
    stays,
    pauseMinutes: 60,
    daysMax: 7,
    onFailure: (error) => failures.push(error),
  });
  return { flags: await scanner.scan(), failures };
}

const ate = (diner: Diner, day: Day) => {
  const swipedAt = new Date(`${day}T12:00:00+08:00`);
  return intakeOf(town).record(tap(town, { cardUid: diner.uid, swipedAt, offline: true }));
};

const daysDue = async () => (await dueNow(open.database)).map(({ day }) => day).sort();

it('a day that cannot be looked through stays due, and holds up none behind it', async () => {
  const diner = await addDiner(town, { balanceFen: 100_000 });
  for (const day of ['2026-03-04', '2026-03-05', '2026-03-06']) await ate(diner, day);
  const fault = new Error('a day that nobody can read');
  const failed = await round(async (days) => {
    if (days.includes('2026-03-05')) throw fault;
  });
  expect(failed).toEqual({ flags: 0, failures: [fault] });
  expect(await daysDue()).toEqual(['2026-03-05']);
  expect(await round(async () => undefined)).toEqual({ flags: 0, failures: [] });
  expect(await daysDue()).toEqual([]);
});

it('a death that becomes known while the day is read for the first time makes it due again', async () => {
  const diner = await addDiner(town, { balanceFen: 100_000 });
  await ate(diner, '2026-03-09');
  let ended = false;
  const first = await round(async () => {
    if (ended) return;
    ended = true;
    const ending = { elderId: diner.elderId, status: 'DECEASED' as const, on: '2026-03-08' };
    await open.database.write((manager) =>
      endElder(manager, ending, 'everywhere', today, [openReviewsAfterEnd]),
    );
  });
  expect([ended, first]).toEqual([true, { flags: 0, failures: [] }]);
  expect(await daysDue()).toEqual(['2026-03-09']);
  expect((await round(async () => undefined)).flags).toBe(1);
  const flags = await open.database.read((manager) =>
    findFlags(manager, { states: ['OPEN'] }, { after: undefined, rowsMax: 10 }, 'everywhere', today),
  );
  expect(flags).toMatchObject([{ rule: 'AFTER_END', day: '2026-03-09' }]);
  expect(await daysDue()).toEqual([]);
});
