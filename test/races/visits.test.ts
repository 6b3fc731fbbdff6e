import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  booked,
  bookingsOn,
  caregiversAt,
  on,
  outcomeOf,
  placeStation,
  relative,
  rowsOf,
  stationPlace,
} from '../support/bookings.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, type Town } from '../support/town.js';
import { conflicts, readWorld } from '../support/visits-checker.js';

let open: TestDatabase;
let town: Town;
/** The same town as a second server sees it. */
let otherDatabase: Database;
let one: ReturnType<typeof bookingsOn>;
let other: ReturnType<typeof bookingsOn>;
let caregivers: number[];
const norths = new Map<number, number>();

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  await addHomeServices(open);
  await placeStation(town);
  caregivers = [await addWorker(town), await addWorker(town), await addWorker(town)];
  one = bookingsOn(town);
  other = bookingsOn(town, otherDatabase);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  expect(await conflictsNow()).toEqual([]);
  await otherDatabase.close();
  await open.drop();
});

const degrees = (north: number) => ({
  latitude: (stationPlace.latitudeMicro + north * 1000) / 1e6,
  longitude: stationPlace.longitudeMicro / 1e6,
});
async function conflictsNow(): Promise<string[]> {
  return conflicts(
    await readWorld(open.database, {
      elderPlaces: new Map([...norths].map(([id, north]) => [id, degrees(north)])),
      station: degrees(0),
      hours: new Map(caregivers.map((id) => [id, [480, 1080] as const])),
    }),
  );
}

async function newElder(north = 0): Promise<number> {
  const id = await addElder(town, { north });
  norths.set(id, north);
  return id;
}

let used = 10;
const newDay = () => {
  used += 1;
  return `2026-04-${String(used).padStart(2, '0')}`;
};

function counted(results: Parameters<typeof outcomeOf>[0][]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[outcomeOf(result)] = (counts[outcomeOf(result)] ?? 0) + 1;
  return counts;
}

it('64 families who book the last slot at once, on two servers, are one booking and 63 with alternatives', async () => {
  const day = newDay();
  const elders: number[] = [];
  for (let index = 0; index < 64; index++) elders.push(await newElder(index % 5));
  for (const caregiverId of caregivers.slice(1)) {
    booked(await one.book({ elderId: await newElder(), startsAt: on(day, '10:00'), caregiverId }));
  }
  const before = await rowsOf(open);
  const results = await Promise.all(
    elders.map((elderId, index) =>
      (index % 2 ? one : other).book({ elderId, startsAt: on(day, '10:00') }, relative(town, [elderId])),
    ),
  );
  expect(counted(results)).toEqual({ done: 1, NO_CAREGIVER_FREE: 63 });
  for (const result of results) {
    if ('alternatives' in result) expect(result.alternatives).toHaveLength(5);
  }
  const after = await rowsOf(open);
  expect(after).toEqual({
    ...before,
    visit: (before.visit ?? 0) + 1,
    visit_booking: (before.visit_booking ?? 0) + 1,
    visit_caregiver: (before.visit_caregiver ?? 0) + 1,
    visit_event: (before.visit_event ?? 0) + 1,
  });
});

it('64 families at once get as many caregivers as there are, and no two the same', async () => {
  const day = newDay();
  const elders: number[] = [];
  for (let index = 0; index < 64; index++) elders.push(await newElder(index % 7));
  const results = await Promise.all(
    elders.map((elderId, index) => (index % 2 ? one : other).book({ elderId, startsAt: on(day, '10:00') })),
  );
  expect(counted(results)).toEqual({ done: 3, NO_CAREGIVER_FREE: 61 });
});

it('two elders who book one caregiver with no time for the way, on two servers, are one booking', async () => {
  const [near, far] = [await newElder(), await newElder(20)];
  const day = newDay();
  for (let round = 0; round < 8; round++) {
    const caregiverId = caregivers[round % 3] as number;
    const [first, second] = await Promise.all([
      one.book({ elderId: near, startsAt: on(day, '09:00'), caregiverId }),
      other.book({ elderId: far, startsAt: on(day, '10:10'), caregiverId }),
    ]);
    expect(counted([first, second])).toEqual({ done: 1, NO_CAREGIVER_FREE: 1 });
    for (const result of [first, second]) if ('id' in result) booked(await one.cancel(result.id));
  }
});

it('one elder booked twice for overlapping times is visited once', async () => {
  const elderId = await newElder();
  const day = newDay();
  const results = await Promise.all(
    ['09:00', '09:15', '09:30', '09:45'].map((time, index) =>
      (index % 2 ? one : other).book({ elderId, startsAt: on(day, time) }),
    ),
  );
  expect(counted(results)).toEqual({ done: 1, ELDER_BUSY: 3 });
});

it('one request sent many times at once is one booking, and all hear of it', async () => {
  const wanted = { elderId: await newElder(), startsAt: on(newDay(), '09:00'), requestId: randomUUID() };
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).book(wanted)),
  );
  expect(new Set(results.map((result) => booked(result).id)).size).toBe(1);
  const elsewhere = { ...wanted, requestId: randomUUID() };
  const both = await Promise.all([
    one.book({ ...elsewhere, elderId: await newElder() }),
    other.book({ ...elsewhere, elderId: await newElder() }),
  ]);
  expect(counted(both)).toEqual({ done: 1, REQUEST_ID_REUSED: 1 });
});

it('two series that meet on one day by the same caregiver are one whole and none', async () => {
  const [first, second] = [await newElder(), await newElder()];
  for (let round = 0; round < 4; round++) {
    const before = await rowsOf(open);
    const caregiverId = caregivers[round % 3] as number;
    const results = await Promise.all([
      one.book({
        elderId: first,
        startsAt: on('2026-05-04', '09:00'),
        recurrence: 'FREQ=DAILY;COUNT=5',
        caregiverId,
      }),
      other.book({
        elderId: second,
        startsAt: on('2026-05-08', '09:30'),
        recurrence: 'FREQ=DAILY;COUNT=5',
        caregiverId,
      }),
    ]);
    expect(counted(results)).toEqual({ done: 1, NO_CAREGIVER_FREE: 1 });
    const after = await rowsOf(open);
    expect([
      (after.visit ?? 0) - (before.visit ?? 0),
      (after.visit_series ?? 0) - (before.visit_series ?? 0),
    ]).toEqual([5, 1]);
    for (const result of results) {
      if ('id' in result) booked(await one.cancel(result.id, undefined, 'THIS_AND_FOLLOWING'));
    }
  }
});

it('a move and a booking into the same free time are one of both', async () => {
  const [elderId, moved] = [await newElder(), await newElder()];
  const caregiverId = caregivers[0] as number;
  for (let round = 0; round < 6; round++) {
    const day = newDay();
    const visit = booked(await one.book({ elderId: moved, startsAt: on(day, '14:00'), caregiverId }));
    const results = await Promise.all([
      one.move(visit.id, on(day, '09:00')),
      other.book({ elderId, startsAt: on(day, '09:30'), caregiverId }),
    ]);
    expect(counted(results)).toEqual({ done: 1, NO_CAREGIVER_FREE: 1 });
    const [atMoved] = await caregiversAt(open, visit.id);
    expect(atMoved).toBe(caregiverId);
  }
});

it('a cancellation and an assignment of one visit end in one of the two orders', async () => {
  const elderId = await newElder();
  for (let round = 0; round < 6; round++) {
    const day = newDay();
    const visit = booked(
      await one.book({ elderId, startsAt: on(day, '09:00'), caregiverId: caregivers[0] as number }),
    );
    const [cancelled, assigned] = await Promise.all([
      one.cancel(visit.id),
      other.assign(visit.id, caregivers[1] as number),
    ]);
    expect(outcomeOf(cancelled)).toBe('done');
    expect(['done', 'WRONG_STATUS']).toContain(outcomeOf(assigned));
    const rows = await open.database.read((m) =>
      m.query('SELECT status, version FROM visit WHERE id = ?', [visit.id]),
    );
    expect(rows).toMatchObject([{ status: 'CANCELLED', version: outcomeOf(assigned) === 'done' ? 3 : 2 }]);
  }
});
