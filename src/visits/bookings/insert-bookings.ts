import type { EntityManager } from 'typeorm';
import { cipherOf } from '../../shared/database-cipher.js';
import { type Insert, insertAndRead, placeholders } from '../../shared/statements.js';
import { eventRows } from '../change-visit.js';
import type { VisitToBook } from '../decide-booking.js';
import type { FoundVisit } from '../find-visits.js';
import type { HoursOffer } from '../hours-book.js';
import { announceVisit } from '../visit-news.js';
import { sealNote } from '../visit-note.js';
import type { PlacedBooking } from './record-bookings.js';

/** A visit to be written, with the booking that it is of. */
type VisitRow = VisitToBook & { booking: PlacedBooking };
export type NumberedVisit = VisitRow & { id: number };

/** The rows that a booking writes beside its visits. */
export function rowsOfVisits(
  manager: EntityManager,
  visits: readonly NumberedVisit[],
  seriesIds: ReadonlyMap<string, number>,
): Insert[] {
  return [
    bookingRows(manager, visits, seriesIds),
    {
      table: 'visit_caregiver',
      columns: ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
      rows: visits.flatMap(({ id, caregivers }) =>
        caregivers.map(({ caregiverId, fromMs, toMs }) => [id, caregiverId, fromMs, toMs]),
      ),
    },
    eventRows(
      manager,
      visits.map(({ id, fromMs, booking }) => {
        const { now: at, byId } = booking.request.booker;
        const event = { kind: 'BOOK', status: 'ASSIGNED', version: 1, at, byId } as const;
        return { ...event, visit: { id }, startsAt: new Date(fromMs) };
      }),
    ),
  ];
}

/** Tells everybody whom they concern of the visits, once they are committed. */
export function announceBooked(manager: EntityManager, visits: readonly NumberedVisit[]): void {
  for (const { id: visitId, caregivers, booking } of visits) {
    const { elder, station } = booking.situation;
    const caregiverIds = caregivers.map(({ caregiverId }) => caregiverId);
    const whose = { stationIds: [station.id], elderId: elder.id, caregiverIds };
    announceVisit(manager, { visitId, version: 1, ...whose });
  }
}

/**
 * Writes down the visits of bookings that were decided under lock; `offers` are what hours pay of them, in the same
 * order.
 */
export async function insertVisits(
  manager: EntityManager,
  placed: readonly PlacedBooking[],
  offers: readonly HoursOffer[],
): Promise<NumberedVisit[]> {
  const visits = placed
    .flatMap((booking) => booking.visits.map((visit) => ({ ...visit, booking })))
    .map((visit, index): VisitRow => ({ ...visit, ...(offers[index] as HoursOffer) }));
  const requestIds = placed.map(({ request }) => request.wanted.requestId);
  const rows = await insertAndRead<{ id: number; requestId: string; occurrence: number }>(
    manager,
    visitRows(visits),
    {
      sql: `SELECT id, requestId, occurrence FROM visit WHERE requestId IN (${placeholders(requestIds)})`,
      parameters: requestIds,
    },
  );
  const ids = new Map(rows.map(({ id, requestId, occurrence }) => [`${requestId} ${occurrence}`, id]));
  return visits.map((visit) => {
    const id = ids.get(`${visit.booking.request.wanted.requestId} ${visit.occurrence}`);
    if (id === undefined) throw new Error('a visit was inserted and is not there');
    return { ...visit, id };
  });
}

function visitRows(visits: readonly VisitRow[]): Insert {
  const columns = ['requestId', 'occurrence', 'elderId', 'serviceId', 'stationId', 'startsAt', 'endsAt'];
  const more = ['status', 'subsidyFen', 'selfPaidFen', 'bookedById', 'bookedAt', 'version'];
  return {
    table: 'visit',
    columns: [...columns, ...more],
    rows: visits.map(({ occurrence, fromMs, toMs, subsidyFen, selfPaidFen, booking }) => {
      const { wanted, booker } = booking.request;
      const { elder, service, station } = booking.situation;
      return [
        ...[wanted.requestId, occurrence, elder.id, service.id, station.id, fromMs, toMs],
        ...['ASSIGNED', subsidyFen, selfPaidFen, booker.byId, booker.now.getTime(), 1],
      ];
    }),
  };
}

/** The series by their requestIds; a visit that is booked alone is of none. */
export async function insertSeries(
  manager: EntityManager,
  placed: readonly PlacedBooking[],
): Promise<ReadonlyMap<string, number>> {
  const series = placed.filter(({ request }) => request.wanted.recurrence !== null);
  if (series.length === 0) return new Map();
  const requestIds = series.map(({ request }) => request.wanted.requestId);
  const columns = ['requestId', 'elderId', 'serviceId', 'recurrence', 'skipsHolidays', 'bookedAt'];
  const rows = await insertAndRead<{ id: number; requestId: string }>(
    manager,
    {
      table: 'visit_series',
      columns: [...columns, 'bookedById'],
      rows: series.map(({ request: { wanted, booker }, situation: { elder, service } }) => [
        ...[wanted.requestId, elder.id, service.id, wanted.recurrence, wanted.skipHolidays],
        ...[booker.now.getTime(), booker.byId],
      ]),
    },
    {
      sql: `SELECT id, requestId FROM visit_series WHERE requestId IN (${placeholders(requestIds)})`,
      parameters: requestIds,
    },
  );
  if (rows.length !== series.length) throw new Error('a series was inserted and is not there');
  return new Map(rows.map(({ id, requestId }) => [requestId, id]));
}

function bookingRows(
  manager: EntityManager,
  visits: readonly NumberedVisit[],
  seriesIds: ReadonlyMap<string, number>,
): Insert {
  const cipher = cipherOf(manager);
  const columns = ['visitId', 'seriesId', 'wishedCaregiverId', 'promisedAt', 'flexMinutes', 'hoursMinutes'];
  return {
    table: 'visit_booking',
    columns: [...columns, 'noteSealed'],
    rows: visits.map(({ id, fromMs, hoursMinutes, booking }) => {
      const { requestId, caregiverId, flexMinutes, note } = booking.request.wanted;
      return [
        ...[id, seriesIds.get(requestId) ?? null, caregiverId, fromMs, flexMinutes, hoursMinutes],
        sealNote(cipher, id, note),
      ];
    }),
  };
}

/** As it was just written. */
export function asFound({ id, fromMs, toMs, subsidyFen, selfPaidFen, booking }: NumberedVisit): FoundVisit {
  const { elder, service, station } = booking.situation;
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
