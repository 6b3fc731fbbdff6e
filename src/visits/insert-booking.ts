import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import { type Insert, insertAndRead, insertRows, writeTogether } from '../shared/statements.js';
import { eventRows } from './change-visit.js';
import type { BookingPlan, BookingWanted, VisitToBook } from './decide-booking.js';
import type { FoundVisit } from './find-visits.js';
import { announceVisit } from './visit-news.js';
import { sealNote } from './visit-note.js';
import type { Booker } from './visit-situation.js';

/** Writes down a booking that was decided under lock, and answers its first visit. */
export async function insertBooking(
  manager: EntityManager,
  wanted: BookingWanted,
  plan: BookingPlan,
  booker: Booker,
): Promise<FoundVisit> {
  const { visits } = plan;
  const rows = await insertAndRead<{ id: number }>(manager, visitRows(wanted, plan, booker), {
    sql: 'SELECT id FROM visit WHERE requestId = ? ORDER BY occurrence',
    parameters: [wanted.requestId],
  });
  const ids = rows.map(({ id }) => id);
  if (ids.length !== visits.length) throw new Error('not every visit of a booking was inserted');
  const seriesId = await insertSeries(manager, wanted, plan, booker);
  const numbered = visits.map((visit, index) => ({ ...visit, id: ids[index] as number }));
  const { now: at, byId } = booker;
  const event = { kind: 'BOOK', status: 'ASSIGNED', version: 1, at, byId } as const;
  await writeTogether(manager, [
    bookings(manager, wanted, numbered, seriesId),
    {
      table: 'visit_caregiver',
      columns: ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
      rows: numbered.flatMap(({ id, caregivers }) =>
        caregivers.map(({ caregiverId, fromMs, toMs }) => [id, caregiverId, fromMs, toMs]),
      ),
    },
    eventRows(
      manager,
      numbered.map(({ id, fromMs }) => ({ ...event, visit: { id }, startsAt: new Date(fromMs) })),
    ),
  ]);
  const { elder, station } = plan.situation;
  for (const { id: visitId, caregivers } of numbered) {
    const caregiverIds = caregivers.map(({ caregiverId }) => caregiverId);
    const whose = { stationIds: [station.id], elderId: elder.id, caregiverIds };
    announceVisit(manager, { visitId, version: 1, ...whose });
  }
  // As it was offered under the same lock.
  await plan.hours.reserve(manager, ids, at);
  return firstOf(plan, ids[0] as number);
}

/** As it was just written. */
function firstOf({ situation, visits: [visit] }: BookingPlan, id: number): FoundVisit {
  const { elder, service, station } = situation;
  const { fromMs, toMs, subsidyFen, selfPaidFen } = visit;
  return {
    id,
    elderId: elder.id,
    serviceId: service.id,
    stationId: station.id,
    startsAt: new Date(fromMs),
    endsAt: new Date(toMs),
    status: 'ASSIGNED',
    subsidyFen,
    selfPaidFen,
    checkedInAt: null,
    checkedOutAt: null,
    version: 1,
  };
}

function visitRows(
  { requestId }: BookingWanted,
  { situation, visits }: BookingPlan,
  { now, byId }: Booker,
): Insert {
  const { elder, service, station } = situation;
  const columns = ['requestId', 'occurrence', 'elderId', 'serviceId', 'stationId', 'startsAt', 'endsAt'];
  const more = ['status', 'subsidyFen', 'selfPaidFen', 'bookedById', 'bookedAt', 'version'];
  return {
    table: 'visit',
    columns: [...columns, ...more],
    rows: visits.map(({ occurrence, fromMs, toMs, subsidyFen, selfPaidFen }) => [
      ...[requestId, occurrence, elder.id, service.id, station.id, fromMs, toMs],
      ...['ASSIGNED', subsidyFen, selfPaidFen, byId, now.getTime(), 1],
    ]),
  };
}

/** Null for a visit that is booked alone. */
async function insertSeries(
  manager: EntityManager,
  { requestId, recurrence, skipHolidays }: BookingWanted,
  { situation: { elder, service } }: BookingPlan,
  { now, byId }: Booker,
): Promise<number | null> {
  if (recurrence === null) return null;
  await insertRows(
    manager,
    'visit_series',
    ['requestId', 'elderId', 'serviceId', 'recurrence', 'skipsHolidays', 'bookedAt', 'bookedById'],
    [[requestId, elder.id, service.id, recurrence, skipHolidays, now.getTime(), byId]],
  );
  const rows: { id: number }[] = await manager.query('SELECT id FROM visit_series WHERE requestId = ?', [
    requestId,
  ]);
  const [row] = rows;
  if (!row) throw new Error('a series was inserted and is not there');
  return row.id;
}

function bookings(
  manager: EntityManager,
  { caregiverId, flexMinutes, note }: BookingWanted,
  visits: readonly (VisitToBook & { id: number })[],
  seriesId: number | null,
): Insert {
  const cipher = cipherOf(manager);
  return {
    table: 'visit_booking',
    columns: [
      ...['visitId', 'seriesId', 'wishedCaregiverId', 'promisedAt', 'flexMinutes', 'hoursMinutes'],
      'noteSealed',
    ],
    rows: visits.map(({ id, fromMs, hoursMinutes }) => [
      ...[id, seriesId, caregiverId, fromMs, flexMinutes, hoursMinutes],
      sealNote(cipher, id, note),
    ]),
  };
}
