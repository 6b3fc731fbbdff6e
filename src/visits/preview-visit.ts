import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { isRefusal } from '../shared/refusal.js';
import { withAlternatives } from './alternatives.js';
import { type BookingWanted, faultOfBooking, lookAtBooking, type VisitToBook } from './decide-booking.js';
import type { VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';

/** What a booking would be, were it made now. */
export interface VisitPreview {
  visits: readonly VisitToBook[];
}

interface Reads {
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/** Who would come and who would pay, or why it cannot be booked. It writes nothing and keeps nothing free. */
export async function previewVisit(
  { read }: Reads,
  wanted: Omit<BookingWanted, 'requestId'>,
  booker: Booker,
): Promise<VisitPreview | VisitRefusal> {
  const asked = { ...wanted, requestId: randomUUID(), note: wanted.note?.trim() || null };
  const fault = faultOfBooking(asked);
  if (fault) return fault;
  const visits = await read((manager) => lookAtBooking(manager, asked, booker));
  return isRefusal(visits) ? withAlternatives({ read }, visits, asked, booker) : { visits };
}
