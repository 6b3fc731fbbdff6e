import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { withAlternatives } from './alternatives.js';
import type { BookingAnswer, BookingRequest } from './bookings/record-bookings.js';
import type { BookingWanted } from './decide-booking.js';
import type { FoundVisit } from './find-visits.js';
import type { Crew } from './free-caregivers.js';
import type { CatalogReader } from './station-catalog.js';
import type { VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';

/** How what asks about visits, and changes them, comes to the database. */
export interface Doors {
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** In one transaction, which may be run several times. */
  write<T extends object>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** What was read of a station lately, for offers of free times. */
  crew?: CrewReader;
  /** The same of services and terms, which count a second longer than they stand. */
  catalog?: CatalogReader;
}

type CrewReader = (stationId: number, from: Day, to: Day) => Promise<Crew>;

/** Where bookings are handed in, to be decided together with others of the moment. */
export interface BookingDoors extends Pick<Doors, 'read'> {
  book(request: Pick<BookingRequest, 'wanted' | 'booker'>): Promise<BookingAnswer>;
}

/** Books a visit or a series, all of it or nothing. */
export async function bookVisit(
  { read, book }: BookingDoors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const requestId = wanted.requestId.toLowerCase();
  const note = wanted.note?.trim() || null;
  const answer = await book({ wanted: { ...wanted, requestId, note }, booker });
  return isRefusal(answer) ? withAlternatives({ read }, answer, wanted, booker) : answer;
}
