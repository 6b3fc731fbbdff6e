import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cancelVisitsAfterEnd } from '../../src/visits/cancel-after-end.js';
import { endVisit } from '../../src/visits/end-visit.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
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
} from '../support/bookings.js';
import { carerOf, tapOf, tapped } from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let calls: ReturnType<typeof bookingsOn>;
let first: number;
let second: number;
let elderId: number;
/** What was told: the topic, the version, and whether the visit was that far by then for everybody who reads. */
let told: { topic: string; visitId: number; version: number; isThere: Promise<boolean> }[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  first = await addWorker(town);
  second = await addWorker(town);
  calls = bookingsOn(town);
  open.database.onAnnounced = (events) => {
    for (const { topic, payload } of events) {
      if (!('visitId' in payload)) continue;
      const [visitId, version] = [Number(payload.visitId), Number(payload.version)];
      told.push({ topic, visitId, version, isThere: isThere(visitId, version) });
    }
  };
});
beforeEach(async () => {
  elderId = await addElder(town);
  told = [];
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function isThere(visitId: number, version: number): Promise<boolean> {
  const rows: { version: number }[] = await open.database.read((manager) =>
    manager.query('SELECT version FROM visit WHERE id = ?', [visitId]),
  );
  return (rows[0]?.version ?? 0) >= version;
}

/** Who was told of which version since the last time, in any order; all of it could be read by then. */
async function whoWasTold(of?: number): Promise<string[]> {
  const all = told.splice(0).filter(({ visitId }) => of === undefined || visitId === of);
  for (const each of all) expect(await each.isThere, each.topic).toBe(true);
  return all.map(({ topic, version }) => `${version} ${topic.replace('visits/', '')}`).sort();
}
const concerned = (version: number, ...caregiverIds: number[]) =>
  [
    `${version} station/${town.stationId}`,
    `${version} elder/${elderId}`,
    ...caregiverIds.map((id) => `${version} caregiver/${id}`),
  ].sort();

it('a booking is told, and one that is refused or answered again is not', async () => {
  const wanted = { elderId, startsAt: on('2026-03-16', '09:00'), caregiverId: first };
  booked(await calls.book({ ...wanted, requestId: 'a4b3f3a8-5d9f-4f0c-9df5-0d1c2b3a4f5e' }));
  expect(await whoWasTold()).toEqual(concerned(1, first));
  booked(await calls.book({ ...wanted, requestId: 'a4b3f3a8-5d9f-4f0c-9df5-0d1c2b3a4f5e' }));
  expect(outcomeOf(await calls.book(wanted))).toBe('ELDER_BUSY');
  expect(await whoWasTold()).toEqual([]);
});

it('each visit of a series is told', async () => {
  const recurrence = 'FREQ=DAILY;COUNT=3';
  booked(await calls.book({ elderId, startsAt: on('2026-03-17', '09:00'), recurrence }));
  expect(new Set(told.map(({ visitId }) => visitId)).size).toBe(3);
  expect((await whoWasTold()).filter((line) => line.includes('station'))).toHaveLength(3);
});

it('moving and giving to somebody else are told to whoever was to come, and to whoever is', async () => {
  const visit = booked(
    await calls.book({ elderId, startsAt: on('2026-03-23', '09:00'), caregiverId: first }),
  );
  const other = await addElder(town);
  const startsAt = on('2026-03-23', '14:00');
  booked(await calls.book({ elderId: other, startsAt, caregiverId: first }));
  booked(await calls.assign(visit.id, second));
  booked(await calls.assign(visit.id, first));
  await whoWasTold();
  booked(await calls.assign(visit.id, second));
  expect(await whoWasTold()).toEqual(concerned(4, first, second));
  booked(await calls.assign(visit.id, first));
  await whoWasTold();
  // The wish binds no more once the station went past it, and the first is busy at the new time.
  await open.database.write((manager) =>
    manager.query('UPDATE visit_booking SET wishedCaregiverId = NULL WHERE visitId = ?', [visit.id]),
  );
  booked(await calls.move(visit.id, startsAt));
  expect(await caregiversAt(open, visit.id)).toEqual([second]);
  expect(await whoWasTold()).toEqual(concerned(6, first, second));
  booked(await calls.cancel(visit.id));
  expect(await whoWasTold()).toEqual(concerned(7, second));
});

it('checking in and out, being missed, and an end by the station are told', async () => {
  const carer = await carerOfWorker(first);
  const visit = booked(
    await calls.book({ elderId, startsAt: on('2026-03-24', '09:00'), caregiverId: first }),
  );
  await whoWasTold();
  const [from, to] = [on('2026-03-24', '09:01'), on('2026-03-24', '09:58')];
  await tapped(town, carer, tapOf(visit.id, { at: from }));
  expect(await whoWasTold()).toEqual(concerned(2, first));
  await tapped(town, carer, tapOf(visit.id, { kind: 'OUT', at: to }));
  expect(await whoWasTold()).toEqual(concerned(3, first));

  const missed = booked(
    await calls.book({ elderId, startsAt: on('2026-03-25', '09:00'), caregiverId: first }),
  );
  await whoWasTold();
  await raiseAlerts(open.database, on('2026-03-25', '23:00'));
  // Those of the tests before are missed by now as well.
  expect(await whoWasTold(missed.id)).toEqual(concerned(2, first));

  const begun = booked(
    await calls.book({ elderId, startsAt: on('2026-03-26', '09:00'), caregiverId: first }),
  );
  await tapped(town, carer, tapOf(begun.id, { at: on('2026-03-26', '09:00') }));
  await whoWasTold();
  const reach = { stations: 'everywhere' as const, elderIds: [], own: { accountId: 0, stations: [] } };
  const [at, now] = [on('2026-03-26', '10:00'), on('2026-03-26', '12:00')];
  const ending = { visitId: begun.id, at, reason: '忘记签退', byId: town.managerId, now };
  await open.database.write((manager) => endVisit(manager, ending, reach));
  expect(await whoWasTold()).toEqual(concerned(3, first));
});

it('visits that fall away with the file of an elder are told, and a step that is rolled back is not', async () => {
  booked(await calls.book({ elderId, startsAt: on('2026-03-27', '09:00'), caregiverId: second }));
  await whoWasTold();
  const clock = { now: () => noon };
  const ending = { elderId, endedOn: '2026-03-10' } as never;
  const failing = open.database.write(async (manager) => {
    await cancelVisitsAfterEnd(clock)(manager, ending);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await whoWasTold()).toEqual([]);
  await open.database.write((manager) => cancelVisitsAfterEnd(clock)(manager, ending));
  expect(await whoWasTold()).toEqual(concerned(2, second));
});

async function carerOfWorker(caregiverId: number) {
  const [row] = await open.database.read((manager) =>
    manager.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  return carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row.accountId });
}
