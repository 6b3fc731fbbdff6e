import type { EntityManager } from 'typeorm';
import { type AuditRow, auditInserts } from '../../audit-log/audit-record.js';
import { isRefusal } from '../../shared/refusal.js';
import { writeTogether } from '../../shared/statements.js';
import { lockTimes } from '../change-visit.js';
import {
  type BookingWanted,
  hoursQuestion,
  type PlacedVisit,
  placeBooking,
  type TimeRefusal,
} from '../decide-booking.js';
import { type FoundVisit, visitsById } from '../find-visits.js';
import { planHours } from '../hours-book.js';
import { caregiversOfStations } from '../locked-visits.js';
import type { CatalogReader } from '../station-catalog.js';
import { readWhereabouts, timetableOf, type Whereabouts, withVisits } from '../timetable.js';
import type { Booker } from '../visit-situation.js';
import { insertBookings } from './insert-bookings.js';
import {
  type BookedBefore,
  isReady,
  type PreparedBooking,
  prepareBookings,
  type ReadyBooking,
} from './prepare-bookings.js';

/** A booking that somebody asks for. */
export interface BookingRequest {
  wanted: BookingWanted;
  booker: Booker;
  /** What it leaves in the audit log, written in the same transaction; nothing without it. */
  recordOf?(answer: BookingAnswer): AuditRow;
}

/** The first visit as it was booked, or why nothing was. */
export type BookingAnswer = FoundVisit | TimeRefusal;

/** A booking whose caregivers were chosen. */
export interface PlacedBooking extends ReadyBooking {
  visits: readonly PlacedVisit[];
}

type Decided = PlacedBooking | BookedBefore | TimeRefusal;

/**
 * Books visits of any families in one transaction, and answers each: elders, then the caregivers of their stations, are
 * locked, what decides over all of them is read, each booking is decided in memory in the order of arrival, as if those
 * before it were booked, and the rows are written together. The statements are as many for one booking as for sixty.
 * No two of them carry the same requestId, and all are asked for on the same day.
 */
export async function recordBookings(
  manager: EntityManager,
  requests: readonly BookingRequest[],
  catalogOf: CatalogReader,
): Promise<BookingAnswer[]> {
  const prepared = await prepareBookings(manager, requests, catalogOf);
  const decided = await placeInTurns(manager, prepared);
  const answers = await answersTo(manager, decided);
  const records = requests.flatMap(
    ({ recordOf }, index) => recordOf?.(answers[index] as BookingAnswer) ?? [],
  );
  await writeTogether(manager, auditInserts(records));
  return answers;
}

/** Finds caregivers for each booking in turn. */
async function placeInTurns(
  manager: EntityManager,
  prepared: readonly PreparedBooking[],
): Promise<Decided[]> {
  const ready = prepared.filter((each) => isReady(each));
  if (ready.length === 0) return prepared as (BookedBefore | TimeRefusal)[];
  let whereabouts = await lockedWhereabouts(manager, ready);
  return prepared.map((each) => {
    if (!isReady(each)) return each;
    const { situation, priced, request } = each;
    const table = timetableOf(whereabouts, situation, priced.days);
    const visits = placeBooking(table, priced, request.wanted);
    if (isRefusal(visits)) return visits;
    whereabouts = withVisits(whereabouts, situation, visits);
    return { ...each, visits };
  });
}

/** Nobody changes it until the transaction ends. */
async function lockedWhereabouts(
  manager: EntityManager,
  ready: readonly ReadyBooking[],
): Promise<Whereabouts> {
  const stationIds = [...new Set(ready.map(({ situation }) => situation.station.id))];
  const caregiverIds = await caregiversOfStations(manager, stationIds);
  await lockTimes(manager, { elderIds: [], caregiverIds });
  const whereabouts = await readWhereabouts(manager, {
    elderIds: [...new Set(ready.map(({ situation }) => situation.visited.id))],
    stationIds,
    days: ready.flatMap(({ priced }) => priced.days),
    now: latest(ready),
    // Who lives where is known to the server, and the same for all its callers.
    stays: (ready[0] as ReadyBooking).request.booker.stays,
  });
  // Who came to the station in between is locked by nobody.
  const locked = new Set(caregiverIds);
  const members = whereabouts.crew.members.filter(({ id }) => locked.has(id));
  return { ...whereabouts, crew: { ...whereabouts.crew, members } };
}

function latest(ready: readonly ReadyBooking[]): Date {
  return new Date(Math.max(...ready.map(({ request }) => request.booker.now.getTime())));
}

/** Writes down what was placed, and reads again what was booked before. */
async function answersTo(manager: EntityManager, decided: readonly Decided[]): Promise<BookingAnswer[]> {
  const placed = decided.filter((each) => isReady(each));
  const booked = new Map<Decided, FoundVisit>();
  if (placed.length > 0) {
    const questions = placed.flatMap(({ situation, visits }) =>
      visits.map((visit) => hoursQuestion(situation, visit)),
    );
    const hours = await planHours(manager, questions);
    const visits = await insertBookings(manager, placed, hours, latest(placed));
    placed.forEach((each, index) => void booked.set(each, visits[index] as FoundVisit));
  }
  const beforeIds = decided.flatMap((each) => ('visitId' in each ? [each.visitId] : []));
  const before = new Map((await visitsById(manager, beforeIds)).map((visit) => [visit.id, visit]));
  return decided.map((each) => {
    if (isRefusal(each)) return each;
    const visit = isReady(each) ? booked.get(each) : before.get(each.visitId);
    if (!visit) throw new Error('a visit that is booked is not there');
    return visit;
  });
}
