import type { EntityManager } from 'typeorm';
import { findCredential } from '../src/access/credential.js';
import { addDays, type Day, dayOf, instantOn } from '../src/shared/china-time.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { insertRows, placeholders } from '../src/shared/statements.js';
import { writeEvents } from '../src/visits/change-visit.js';
import { demoCaregivers } from './demo-staff.js';
import { describeDoors } from './elders/doors.js';
import { serviceIds } from './reference/home-services/insert-home-services.js';
import { insertServiceItems } from './reference/home-services/service-items.js';
import { facilityIds, idOf } from './reference/insert-reference.js';
import { nanyangNetwork, rootCode } from './reference/nanyang/network.js';
import { plannedVisits } from './visits/visit-plan.js';

/** The street at which the demonstration's caregivers have their grants. */
const streetCode = 'NY-411302-S01';

/** Yesterday, today and tomorrow lead to their elders; the visits of next week do not yet. */
const daysFromToday = [-1, 0, 1, 7];

/** Whom the demonstration's caregiver visits by turns. */
const clientsMax = 16;

/**
 * Makes the demonstration's caregiver one of the street's first station, and gives it visits around today. A day on
 * which the caregiver has any visit already stays as it is, so that doing it again changes nothing.
 */
export async function seedVisits(database: Database, now: Date): Promise<void> {
  await database.write(async (manager) => {
    // Two servers that start together plan the days once.
    await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
    const [userName] = demoCaregivers;
    const credential = await findCredential(manager, { userName });
    if (!credential) return;
    const stationIds = await stationsOfStreet(manager);
    const [stationId] = stationIds;
    if (stationId === undefined) throw new Error(`${streetCode} has no home-care station`);
    const caregiverId = await caregiverOf(manager, { ...credential, stationId, freeWeekday: 7 });
    for (const [index, other] of demoCaregivers.slice(1).entries()) {
      const colleague = await findCredential(manager, { userName: other });
      if (colleague) await caregiverOf(manager, { ...colleague, stationId, freeWeekday: 6 - index });
    }
    const clients = await clientsAt(manager, stationIds);
    if (clients.length === 0) return;
    await describeDoors(manager, clients);
    await insertServiceItems(manager);
    for (const offset of daysFromToday) {
      const day = addDays(dayOf(now), offset);
      await planDay(manager, { day, isOver: offset < 0, stationId, caregiverId, clients });
    }
  });
}

/** In the order of their codes. */
async function stationsOfStreet(manager: EntityManager): Promise<number[]> {
  const ids = await facilityIds(manager);
  return nanyangNetwork()
    .filter(({ kind, parentCode }) => kind === 'HOME_CARE_STATION' && parentCode === streetCode)
    .map(({ code }) => idOf(ids, code));
}

/** Each works six days of the week, another one free, so that somebody is there on every day. */
async function caregiverOf(
  manager: EntityManager,
  { accountId, stationId, freeWeekday }: { accountId: number; stationId: number; freeWeekday: number },
): Promise<number> {
  const find = async (): Promise<{ id: number }[]> =>
    await manager.query('SELECT id FROM caregiver WHERE accountId = ?', [accountId]);
  const [present] = await find();
  if (present) return present.id;
  const columns = ['accountId', 'stationId', 'gender', 'homeDivisionCode', 'activeFrom'];
  await insertRows(manager, 'caregiver', columns, [
    [accountId, stationId, 'FEMALE', '411302001', '2023-07-01'],
  ]);
  const [caregiver] = await find();
  if (!caregiver) throw new Error('the caregiver was inserted and is not there');
  await insertRows(
    manager,
    'caregiver_skill',
    ['caregiverId', 'skill', 'expiresOn'],
    ['BATHING', 'NURSING'].map((skill) => [caregiver.id, skill, '2030-01-01']),
  );
  await insertRows(
    manager,
    'caregiver_shift',
    ['caregiverId', 'weekday', 'fromMinute', 'toMinute', 'fromDay'],
    [1, 2, 3, 4, 5, 6, 7]
      .filter((weekday) => weekday !== freeWeekday)
      .map((weekday) => [caregiver.id, weekday, 8 * 60, 18 * 60, '2023-07-01']),
  );
  return caregiver.id;
}

async function clientsAt(manager: EntityManager, stationIds: readonly number[]): Promise<number[]> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM elder WHERE homeStationId IN (${placeholders(stationIds)}) AND status = 'ACTIVE'
        AND NOT EXISTS (SELECT 1 FROM bed_stay stay WHERE stay.elderId = elder.id)
      ORDER BY id LIMIT ${clientsMax}`,
    [...stationIds],
  );
  return rows.map(({ id }) => id);
}

interface DayToPlan {
  day: Day;
  /** The visits of that day were brought. */
  isOver: boolean;
  stationId: number;
  caregiverId: number;
  clients: readonly number[];
}

async function planDay(manager: EntityManager, plan: DayToPlan): Promise<void> {
  const { day, isOver, stationId, caregiverId, clients } = plan;
  if (await hasVisits(manager, caregiverId, day)) return;
  const services = await serviceIds(manager);
  const free = await withoutVisits(manager, clients, day);
  const bookedAt = instantOn(addDays(day, -10), 10 * 60).getTime();
  for (const visit of plannedVisits(day, free)) {
    const [startsAt, endsAt] = [visit.startsAt.getTime(), visit.endsAt.getTime()];
    const row: Record<string, unknown> = {
      requestId: visit.requestId,
      occurrence: 0,
      elderId: visit.elderId,
      serviceId: services.get(visit.serviceCode),
      stationId,
      startsAt,
      endsAt,
      status: isOver ? 'COMPLETED' : 'ASSIGNED',
      subsidyFen: visit.subsidyFen,
      selfPaidFen: visit.selfPaidFen,
      bookedAt,
      version: isOver ? 3 : 1,
      ...(isOver ? { checkedInAt: startsAt + 120_000, checkedOutAt: endsAt - 60_000 } : {}),
    };
    await insertRows(manager, 'visit', Object.keys(row), [Object.values(row)]);
    const [{ id }]: [{ id: number }] = await manager.query('SELECT id FROM visit WHERE requestId = ?', [
      visit.requestId,
    ]);
    const part = [id, caregiverId, startsAt, endsAt];
    await insertRows(manager, 'visit_caregiver', ['visitId', 'caregiverId', 'startsAt', 'endsAt'], [part]);
    // What these cost was agreed without a book of hours, which knows of none of them.
    const booking = [id, startsAt, 0, 0];
    const agreed = ['visitId', 'promisedAt', 'flexMinutes', 'hoursMinutes'];
    await insertRows(manager, 'visit_booking', agreed, [booking]);
    await writeEvents(manager, stepsOf(id, visit.startsAt, visit.endsAt, new Date(bookedAt), isOver));
  }
}

/** Booked, and of a day that is over, brought. */
function stepsOf(id: number, startsAt: Date, endsAt: Date, bookedAt: Date, isOver: boolean) {
  const step = { visit: { id }, startsAt, byId: null };
  const booked = { ...step, version: 1, kind: 'BOOK', status: 'ASSIGNED', at: bookedAt } as const;
  if (!isOver) return [booked];
  const [arrivedAt, leftAt] = [new Date(startsAt.getTime() + 120_000), new Date(endsAt.getTime() - 60_000)];
  return [
    booked,
    { ...step, version: 2, kind: 'CHECK_IN', status: 'IN_PROGRESS', at: arrivedAt } as const,
    { ...step, version: 3, kind: 'CHECK_OUT', status: 'COMPLETED', at: leftAt } as const,
  ];
}

async function hasVisits(manager: EntityManager, caregiverId: number, day: Day): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT visitId FROM visit_caregiver WHERE caregiverId = ? AND startsAt < ? AND startsAt >= ? LIMIT 1',
    [caregiverId, instantOn(addDays(day, 1), 0).getTime(), instantOn(day, 0).getTime()],
  );
  return rows.length > 0;
}

/** Those whom nobody else visits on the day. */
async function withoutVisits(
  manager: EntityManager,
  clients: readonly number[],
  day: Day,
): Promise<number[]> {
  const rows: { elderId: number }[] = await manager.query(
    `SELECT elderId FROM visit WHERE elderId IN (${placeholders(clients)}) AND startsAt < ? AND endsAt > ?
        AND startsAt > ?`,
    [
      ...clients,
      instantOn(addDays(day, 1), 0).getTime(),
      instantOn(day, 0).getTime(),
      instantOn(addDays(day, -1), 0).getTime(),
    ],
  );
  const busy = new Set(rows.map(({ elderId }) => elderId));
  return clients.filter((id) => !busy.has(id));
}
