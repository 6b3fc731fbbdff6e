import type { EntityManager } from 'typeorm';
import { type AuditRow, auditInserts } from '../../audit-log/audit-record.js';
import type { Day } from '../../shared/china-time.js';
import { isRefusal } from '../../shared/refusal.js';
import { readAtOnce, writeTogether } from '../../shared/statements.js';
import { timesLocked } from '../change-visit.js';
import {
  type BookingWanted,
  hoursQuestion,
  type PlacedVisit,
  placeBooking,
  type TimeRefusal,
} from '../decide-booking.js';
import { type FoundVisit, visitsById } from '../find-visits.js';
import { catalogFor, type HoursCatalog, hoursCatalogOf, planHours } from '../hours-book.js';
import type { CatalogReader } from '../station-catalog.js';
import { daysTouched, timetableOf, type Whereabouts, whereaboutsOf, withVisits } from '../timetable.js';
import type { Booker } from '../visit-situation.js';
import { announceBooked, asFound, insertSeries, insertVisits, rowsOfVisits } from './insert-bookings.js';
import {
  type BookedBefore,
  type CaregiverAt,
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
 * before it were booked, and the rows are written together. The statements are as many for one booking as for sixty,
 * and need few round trips.
 * No two of them carry the same requestId, and all are asked for on the same day.
 */
export async function recordBookings(
  manager: EntityManager,
  requests: readonly BookingRequest[],
  catalogOf: CatalogReader,
): Promise<BookingAnswer[]> {
  const { prepared, caregivers } = await prepareBookings(manager, requests, catalogOf);
  const ready = prepared.filter((each) => isReady(each));
  const known = prepared.flatMap((each) => (isReady(each) ? [] : [each]));
  if (ready.length === 0) return writeAnswers(manager, requests, known, undefined);
  const { whereabouts, hours } = await readLocked(manager, ready, caregivers);
  return writeAnswers(manager, requests, placeInTurns(prepared, whereabouts), hours);
}

/** Locks the caregivers and reads who is where, which nobody changes until the transaction ends, and who pays. */
async function readLocked(
  manager: EntityManager,
  ready: readonly ReadyBooking[],
  caregivers: readonly CaregiverAt[],
): Promise<{ whereabouts: Whereabouts; hours: HoursCatalog }> {
  const asked = ready.flatMap(({ situation: { visited, station, service }, priced }) =>
    priced.days.map((day) => ({
      elderId: visited.id,
      stationId: station.id,
      serviceId: service.id,
      day,
    })),
  );
  const { elderIds, stationIds, ...rest } = catalogFor(asked);
  const days = asked.map(({ day }) => day);
  const caregiverIds = caregivers.flatMap(({ id, stationId }) =>
    stationIds.includes(stationId) ? [id] : [],
  );
  const [, known, hours] = await readAtOnce(
    manager,
    timesLocked(manager, { elderIds: [], caregiverIds }),
    whereaboutsOf(manager, { elderIds, stationIds, caregiverIds, days, now: latest(ready) }),
    hoursCatalogOf({ elderIds, stationIds, ...rest }),
  );
  // Who lives where is known to the server, and the same for all its callers.
  const { stays } = (ready[0] as ReadyBooking).request.booker;
  const away = await stays.on(manager, elderIds, daysTouched(days));
  return { whereabouts: { ...known, away }, hours };
}

/** Finds caregivers for each booking, as if those before it were booked. */
function placeInTurns(prepared: readonly PreparedBooking[], found: Whereabouts): Decided[] {
  let whereabouts = found;
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

function latest(ready: readonly ReadyBooking[]): Date {
  return new Date(Math.max(...ready.map(({ request }) => request.booker.now.getTime())));
}

/** Writes down what was placed, reads again what was booked before, and keeps what the log is to hold of either. */
async function writeAnswers(
  manager: EntityManager,
  requests: readonly BookingRequest[],
  decided: readonly Decided[],
  catalog: HoursCatalog | undefined,
): Promise<BookingAnswer[]> {
  const placed = decided.filter((each) => isPlaced(each));
  const booked = catalog && placed.length > 0 ? await bookedOf(manager, placed, catalog) : undefined;
  const beforeIds = decided.flatMap((each) => ('visitId' in each ? [each.visitId] : []));
  const before = new Map((await visitsById(manager, beforeIds)).map((visit) => [visit.id, visit]));
  const answers = decided.map((each) => {
    if (isRefusal(each)) return each;
    const visit = isPlaced(each) ? booked?.answers.get(each) : before.get(each.visitId);
    if (!visit) throw new Error('a visit that is booked is not there');
    return visit;
  });
  const records = requests.flatMap(
    ({ recordOf }, index) => recordOf?.(answers[index] as BookingAnswer) ?? [],
  );
  await writeTogether(manager, [...(booked?.rows ?? []), ...auditInserts(records)]);
  await booked?.reserve();
  return answers;
}

function isPlaced(decided: Decided): decided is PlacedBooking {
  return 'visits' in decided;
}

/** The visits, inserted, and what is to be written with them. */
async function bookedOf(manager: EntityManager, placed: readonly PlacedBooking[], catalog: HoursCatalog) {
  const questions = placed.flatMap(({ situation, priced, visits }) =>
    visits.map((visit) => ({ ...hoursQuestion(situation, visit), treeDay: priced.days[0] as Day })),
  );
  const hours = planHours(catalog, questions);
  const visits = await insertVisits(manager, placed, hours.offers);
  const rows = rowsOfVisits(manager, visits, await insertSeries(manager, placed));
  announceBooked(manager, visits);
  const firsts = visits.filter(({ occurrence }) => occurrence === 0);
  return {
    answers: new Map<Decided, FoundVisit>(firsts.map((visit) => [visit.booking, asFound(visit)])),
    rows,
    // As it was offered under the same lock.
    reserve: () =>
      hours.reserve(
        manager,
        visits.map(({ id }) => id),
        latest(placed),
      ),
  };
}
