import { randomUUID } from 'node:crypto';
import { admit } from '../../src/beds/admit.js';
import { startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { awaySpans } from '../../src/server/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { SettableClock } from '../../src/shared/clock.js';
import { callOffAfterStay } from '../../src/visits/call-off-away.js';
import { visitsAtStays } from '../../src/visits/visits-at-stay.js';
import { expectAuditClean } from './audited.js';
import { addBeds, addHome, allBeds } from './beds.js';
import { addElder, addHomeServices, addWorker, booked, bookingsOn, on, placeStation } from './bookings.js';
import { type Carer, carerOf, setDoor, visitNow } from './care.js';
import { approveHours } from './hours.js';
import { hoursRules } from './hours-cases.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** One town with a home for all tests of a file, and a carer and an elder for each; the functions below set the bindings. */
export let open: TestDatabase;
export let town: TwoCounties;
export let calls: ReturnType<typeof bookingsOn>;
export let homeId: number;
export let carer: Carer;
export let elderId: number;

export async function startAwayTown(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  homeId = await addHome(town);
  const pays = { kind: 'PER_HOUR' as const, fen: 3000 };
  const grant = { code: 'MUCH', minutes: 3000, pays, lateCancellation: 'FORFEIT' as const };
  await approveHours(open.database, town.countyId, hoursRules([grant]));
  calls = bookingsOn(town);
}

export async function newAwayElder(): Promise<void> {
  const caregiverId = await addWorker(town);
  const [row] = await open.database.read((m) =>
    m.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  carer = carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row.accountId });
  elderId = await addElder(town);
  await setDoor({ ...town, serviceId: 0 }, elderId);
  await open.database.write((m) =>
    m.query("UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?", [elderId]),
  );
}

/** Finds nothing wrong in what was written, and throws the database away. */
export async function closeAwayTown(): Promise<void> {
  await expectAuditClean(open.database);
  await open.drop();
}

export const at = (day: Day, time = '12:00') => on(day, time);
export const book = async (day: Day, time = '09:00') =>
  booked(await calls.book({ elderId, startsAt: at(day, time), caregiverId: carer.caregiverId })).id;
export const afterwardsAt = (now: Date) => {
  const clock = new SettableClock();
  clock.set(now, 0);
  return [callOffAfterStay(clock, awaySpans)];
};
export const done = (result: Stay | object): Stay => {
  if ('refused' in result) throw new Error(String(result.refused));
  return result as Stay;
};

export async function live(from: Day, { type = 'NURSING', now = noon } = {}): Promise<Stay> {
  const [bedId = 0] = await addBeds(town, homeId, [{ type: type as 'NURSING' }]);
  const id = await town.ids.take(1);
  const wanted = { id, requestId: randomUUID(), bedId, elderId, from, holdId: null, contractSignedOn: null };
  const acting = { byId: town.managerId, now };
  return done(
    await open.database.write((m) => admit(m, { ...wanted, ...acting }, allBeds, afterwardsAt(now))),
  );
}

export async function leave(
  stayId: number,
  from: Day,
  kind: 'HOME' | 'HOSPITAL',
  expectedBackOn: Day | null,
  now = noon,
): Promise<void> {
  const id = await town.ids.take(1);
  const wanted = { id, stayId, on: from, kind, expectedBackOn, byId: town.managerId, now };
  done(await open.database.write((m) => startLeave(m, wanted, allBeds, afterwardsAt(now))));
}

export const statusesOf = async (...ids: number[]) =>
  Promise.all(ids.map(async (id) => (await visitNow(open, id)).status));
export const atRisk = (now = noon) =>
  open.database.read(async (m) => {
    const asker = { scope: 'everywhere' as const, spansOf: awaySpans, now };
    const found = await visitsAtStays(m, town.stationId, asker, 200);
    const own: { id: number }[] = await m.query('SELECT id FROM visit WHERE elderId = ?', [elderId]);
    const ids = own.map(({ id }) => id);
    return found.filter(({ visitId }) => ids.includes(visitId));
  });
