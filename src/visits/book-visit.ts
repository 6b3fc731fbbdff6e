import type { EntityManager } from 'typeorm';
import { findElder } from '../elders/find-elder.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { readTogether } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { withAlternatives } from './alternatives.js';
import type { CaregiverClaims } from './caregiver-claims.js';
import { lockQueries, lockTimes } from './change-visit.js';
import {
  type BookingWanted,
  decideBooking,
  faultOfBooking,
  type PlacedBooking,
  placeBooking,
  type TimeRefusal,
} from './decide-booking.js';
import { earlierBooking, earlierQuery } from './earlier-booking.js';
import { type FoundVisit, visitById } from './find-visits.js';
import type { Crew } from './free-caregivers.js';
import { insertBooking } from './insert-booking.js';
import { caregiversOfStation } from './locked-visits.js';
import { type Catalog, type CatalogReader, readCatalog } from './station-catalog.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';

/** How a booking comes to the database. */
export interface Doors {
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** In one transaction, which may be run several times. */
  write<T extends object>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** What was read of a station lately, for offers of free times. */
  crew?: CrewReader;
  /** The same of services and terms, which count a second longer than they stand; for first guesses too. */
  catalog?: CatalogReader;
  /** Whom the bookings under way have in view, and those of the last moments had: for first guesses. */
  claims?: CaregiverClaims;
}

type CrewReader = (stationId: number, from: string, to: string) => Promise<Crew>;

/** Whoever was free by the guess is not any more: the booking begins anew, and asks everybody under lock. */
class TimeTaken extends Error {}

/**
 * Books a visit or a series, all of it or nothing. Who could come is guessed first without a lock. Then only the elder and
 * those are locked, looked at again, and written down: families who book other caregivers do not wait for each other.
 * Where the guess was wrong twice, all caregivers of the station are locked, and what is found then is the answer.
 */
export async function bookVisit(
  doors: Doors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const requestId = wanted.requestId.toLowerCase();
  const note = wanted.note?.trim() || null;
  const asked = { ...wanted, requestId, note };
  const result = await bookInTurns(doors, asked, booker);
  return isRefusal(result) ? withAlternatives(doors, result, wanted, booker) : result;
}

/** Twice by what is read without a lock, and in the end by asking everybody under lock. */
async function bookInTurns(
  doors: Doors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<FoundVisit | TimeRefusal> {
  const guessesMax = isUuid(wanted.requestId) ? 2 : 0;
  for (let guesses = 0; guesses < guessesMax; guesses++) {
    const guess = await guessBooking(doors, wanted, booker);
    if (!guess) break;
    let isBooked = false;
    try {
      const result = await doors.write((manager) => bookUnderLock(manager, wanted, booker, guess));
      isBooked = !isRefusal(result);
      return result;
    } catch (error) {
      if (!(error instanceof TimeTaken)) throw error;
    } finally {
      guess.release?.(isBooked);
    }
  }
  return doors.write((manager) => bookUnderLock(manager, wanted, booker, undefined));
}

/** Who would come by what is known without a lock, and what was read for that. */
interface Guess {
  caregiverIds: readonly number[];
  catalog: Catalog;
  release: PlacedBooking['release'];
}

/** Undefined when by what is known without a lock there is nothing to be had. */
async function guessBooking(
  { read, catalog, claims }: Doors,
  wanted: BookingWanted,
  booker: Booker,
): Promise<Guess | undefined> {
  const plan = await read((manager) =>
    placeBooking(manager, wanted, booker, {
      catalogOf: catalog,
      claims,
      candidatesOf: async () => ({}),
    }),
  );
  if (isRefusal(plan)) return undefined;
  const parts = plan.visits.flatMap(({ caregivers }) => caregivers);
  const caregiverIds = [...new Set(parts.map((part) => part.caregiverId))];
  return { caregiverIds, catalog: plan.situation, release: plan.release };
}

async function bookUnderLock(
  manager: EntityManager,
  wanted: BookingWanted,
  booker: Booker,
  guess: Guess | undefined,
): Promise<FoundVisit | TimeRefusal> {
  if (!isUuid(wanted.requestId)) return refuseVisit('REQUEST_ID_MALFORMED', ['input', 'requestId']);
  const fault = faultOfBooking(wanted);
  if (fault) return fault;
  const caregiverIds = guess?.caregiverIds ?? [];
  const [earlierRows] = (
    await readTogether(manager, [
      ...lockQueries(manager, { elderIds: [wanted.elderId], caregiverIds }),
      earlierQuery(wanted),
    ])
  ).slice(-1);
  const earlier = await earlierBooking(manager, wanted, earlierRows);
  if (earlier !== undefined) return answerAgain(manager, wanted, booker, earlier);
  const plan = await decideBooking(manager, wanted, booker, {
    catalogOf: async (_, question) =>
      guess?.catalog.station.id === question.stationId ? guess.catalog : readCatalog(manager, question),
    async candidatesOf(situation) {
      if (guess) return { caregiverIds };
      const all = await caregiversOfStation(manager, situation.station.id);
      await lockTimes(manager, { elderIds: [], caregiverIds: all });
      return { caregiverIds: all };
    },
  });
  if (!isRefusal(plan)) return insertBooking(manager, wanted, plan, booker);
  if (plan.refused === 'NO_CAREGIVER_FREE' && guess) throw new TimeTaken('somebody else was faster');
  return plan;
}

/** The first answer again, to whoever may ask about the elder, whatever became of elder and visit since. */
async function answerAgain(
  manager: EntityManager,
  { elderId }: BookingWanted,
  { elders, now }: Booker,
  earlier: number | 'other',
): Promise<FoundVisit | VisitRefusal> {
  const elder = await findElder(manager, elderId, elders, dayOf(now));
  if (!elder) return refuseVisit('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  if (earlier === 'other') return refuseVisit('REQUEST_ID_REUSED', ['input', 'requestId']);
  return visitById(manager, earlier);
}
