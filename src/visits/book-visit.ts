import type { EntityManager } from 'typeorm';
import { lockElder } from '../elders/find-elder.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { isUuid } from '../shared/uuid.js';
import { withAlternatives } from './alternatives.js';
import { lockTimes } from './change-visit.js';
import { type BookingWanted, decideBooking, faultOfBooking, type TimeRefusal } from './decide-booking.js';
import { earlierBooking } from './earlier-booking.js';
import { type FoundVisit, visitById } from './find-visits.js';
import type { Crew } from './free-caregivers.js';
import { insertBooking } from './insert-booking.js';
import { caregiversOfStation } from './locked-visits.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';

/** How a booking comes to the database. */
export interface Doors {
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** In one transaction, which may be run several times. */
  write<T extends object>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** What was read of a station lately, for a first guess at who could come. */
  crew?: (stationId: number, from: string, to: string) => Promise<Crew>;
}

/** Whoever was free by the guess is not any more: the booking begins anew, and asks everybody under lock. */
class TimeTaken extends Error {}

/**
 * Books a visit or a series, all of it or nothing. Who could come is guessed first without a lock. Then only the elder and
 * those are locked, looked at again, and written down: families who book other caregivers do not wait for each other.
 * Where the guess was wrong, all caregivers of the station are locked, and what is found then is the answer.
 */
export async function bookVisit(
  doors: Doors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const requestId = wanted.requestId.toLowerCase();
  const note = wanted.note?.trim() || null;
  const asked = { ...wanted, requestId, note };
  const guess = isUuid(requestId) ? await guessCaregivers(doors, asked, booker) : [];
  let result: FoundVisit | TimeRefusal;
  try {
    result = await doors.write((manager) => bookUnderLock(manager, asked, booker, guess));
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error;
    result = await doors.write((manager) => bookUnderLock(manager, asked, booker, undefined));
  }
  return isRefusal(result) ? withAlternatives(doors, result, wanted, booker) : result;
}

/** The caregivers who would come by what is known without a lock; undefined when by that nobody is free. */
async function guessCaregivers(
  { read, crew }: Doors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<number[] | undefined> {
  const plan = await read((manager) =>
    decideBooking(manager, wanted, booker, async ({ station }, days) => {
      const [from, to] = [days[0], days.at(-1)];
      if (!crew || from === undefined || to === undefined) return {};
      return { crew: await crew(station.id, from, to) };
    }),
  );
  if (isRefusal(plan)) return undefined;
  return [...new Set(plan.visits.flatMap(({ caregivers }) => caregivers.map((part) => part.caregiverId)))];
}

async function bookUnderLock(
  manager: EntityManager,
  wanted: BookingWanted,
  booker: Booker,
  guess: readonly number[] | undefined,
): Promise<FoundVisit | TimeRefusal> {
  if (!isUuid(wanted.requestId)) return refuseVisit('REQUEST_ID_MALFORMED', ['input', 'requestId']);
  const fault = faultOfBooking(wanted);
  if (fault) return fault;
  const elder = await lockElder(manager, wanted.elderId, booker.elders, dayOf(booker.now));
  if (!elder) return refuseVisit('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const earlier = await earlierBooking(manager, wanted);
  if (earlier === 'other') return refuseVisit('REQUEST_ID_REUSED', ['input', 'requestId']);
  if (earlier !== undefined) return visitById(manager, earlier);
  const plan = await decideBooking(manager, wanted, booker, async (situation) => {
    const caregiverIds = guess ?? (await caregiversOfStation(manager, situation.station.id));
    await lockTimes(manager, { elderIds: [], caregiverIds });
    return { caregiverIds };
  });
  if (!isRefusal(plan)) {
    const ids = await insertBooking(manager, wanted, plan, booker);
    return visitById(manager, ids[0]);
  }
  const isForTime = plan.refused === 'NO_CAREGIVER_FREE';
  if (isForTime && guess !== undefined) throw new TimeTaken('somebody else was faster');
  return plan;
}
