import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { Statement } from '../shared/statements.js';
import { type BookingWanted, startsOf } from './decide-booking.js';
import { openNote } from './visit-note.js';

/** What was booked with this requestId; `earlierBooking` reads its rows. */
export function earlierQuery({ requestId }: BookingWanted): Statement {
  return {
    sql: `SELECT visit.id, visit.elderId, service.code, event.startsAt, booking.wishedCaregiverId,
                 booking.flexMinutes, booking.noteSealed, series.recurrence, series.skipsHolidays
            FROM visit
            JOIN home_service service ON service.id = visit.serviceId
            LEFT JOIN visit_event event ON event.visitId = visit.id AND event.version = 1
            LEFT JOIN visit_booking booking ON booking.visitId = visit.id
            LEFT JOIN visit_series series ON series.id = booking.seriesId
           WHERE visit.requestId = ? ORDER BY visit.occurrence`,
    parameters: [requestId],
  };
}

/**
 * The first visit that was booked with this requestId, 'other' when something else was booked with it, and undefined when
 * nothing was. What was asked for is read from the visits as they were booked, whatever became of them since.
 */
export async function earlierBooking(
  manager: EntityManager,
  wanted: BookingWanted,
  found: unknown,
): Promise<number | 'other' | undefined> {
  const rows = found as EarlierRow[];
  const [first] = rows;
  if (!first) return undefined;
  const starts = await startsOf(manager, wanted);
  const isSame =
    first.elderId === wanted.elderId &&
    first.code === wanted.serviceCode &&
    first.wishedCaregiverId === wanted.caregiverId &&
    first.flexMinutes === wanted.flexMinutes &&
    first.recurrence === wanted.recurrence &&
    Boolean(first.skipsHolidays) === (wanted.recurrence !== null && wanted.skipHolidays) &&
    starts?.length === rows.length &&
    starts.every(({ startsAt }, index) => startsAt.getTime() === Number(rows[index]?.startsAt)) &&
    openNote(cipherOf(manager), first.id, first.noteSealed) === wanted.note;
  return isSame ? first.id : 'other';
}

interface EarlierRow {
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
