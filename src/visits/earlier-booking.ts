import type { FieldCipher } from '../shared/field-cipher.js';
import { placeholders, type Reading } from '../shared/statements.js';
import type { BookingWanted } from './decide-booking.js';
import { openNote } from './visit-note.js';

/** The visits that were booked with each of these requestIds, whatever became of them since. One statement. */
export function earlierBookings(
  requestIds: readonly string[],
): Reading<ReadonlyMap<string, readonly EarlierVisit[]>> {
  const sql = `SELECT visit.requestId, visit.id, visit.elderId, service.code, event.startsAt, booking.wishedCaregiverId,
            booking.flexMinutes, booking.noteSealed, series.recurrence, series.skipsHolidays
       FROM visit
       JOIN home_service service ON service.id = visit.serviceId
       LEFT JOIN visit_event event ON event.visitId = visit.id AND event.version = 1
       LEFT JOIN visit_booking booking ON booking.visitId = visit.id
       LEFT JOIN visit_series series ON series.id = booking.seriesId
      WHERE visit.requestId IN (${placeholders(requestIds)}) ORDER BY visit.occurrence`;
  return {
    statements: [{ sql, parameters: requestIds }],
    of([rows]) {
      const bookings = new Map<string, EarlierVisit[]>();
      for (const row of rows as unknown as EarlierVisit[]) {
        bookings.set(row.requestId, [...(bookings.get(row.requestId) ?? []), row]);
      }
      return bookings;
    },
  };
}

/** True when this very booking is asked for again: what was asked for is read from the visits as they were booked. */
export function isSameBooking(
  cipher: FieldCipher,
  visits: readonly EarlierVisit[],
  wanted: BookingWanted,
  starts: readonly Date[] | undefined,
): boolean {
  const [first] = visits;
  return (
    first !== undefined &&
    first.elderId === wanted.elderId &&
    first.code === wanted.serviceCode &&
    first.wishedCaregiverId === wanted.caregiverId &&
    first.flexMinutes === wanted.flexMinutes &&
    first.recurrence === wanted.recurrence &&
    Boolean(first.skipsHolidays) === (wanted.recurrence !== null && wanted.skipHolidays) &&
    starts?.length === visits.length &&
    starts.every((start, index) => start.getTime() === Number(visits[index]?.startsAt)) &&
    openNote(cipher, first.id, first.noteSealed) === wanted.note
  );
}

export interface EarlierVisit {
  requestId: string;
  id: number;
  elderId: number;
  code: string;
  startsAt: number | string | null;
  wishedCaregiverId: number | null;
  flexMinutes: number | null;
  noteSealed: string | null;
  recurrence: string | null;
  skipsHolidays: boolean | number | null;
}
