import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { alternativesForVisit } from './alternatives.js';
import type { Doors } from './book-visit.js';
import { changeVisit } from './change-visit.js';
import { hoursQuestion, type TimeRefusal } from './decide-booking.js';
import { type FoundVisit, visitById } from './find-visits.js';
import { caregiversOfStations } from './free-caregivers.js';
import { type HoursOffer, moveHours } from './hours-book.js';
import {
  type LockedVisits,
  lockVisits,
  type SeriesScope,
  situationOfVisit,
  stepsOf,
} from './locked-visits.js';
import { type Placed, placeVisits } from './place-visits.rules.js';
import { priceOffered } from './station-catalog.js';
import { readTimetable } from './timetable.js';
import { tellMoved } from './visit-notices.js';
import type { VisitReach } from './visit-reach.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import type { Booker, Situation } from './visit-situation.js';
import { firstStart, horizonEnd, isKeepable, isTooLate, isWholeMinute } from './visit-terms.rules.js';
import { writeCaregivers } from './write-placed.js';

export interface Move {
  visitId: number;
  /** The new start of the visit; with following ones, all move by as much. */
  startsAt: Date;
  scope: SeriesScope;
  reason: string | null;
}

/**
 * Moves a visit, or with it the rest of its series, all or none. Whoever was asked for by name comes, or it is refused;
 * whoever else was to come still does where that can be, else somebody else. Price and hours are those of the new day.
 */
export async function rescheduleVisit(
  doors: Doors,
  move: Move,
  reach: VisitReach,
  booker: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const result = await doors.write((manager) => moveUnderLock(manager, move, reach, booker));
  return isRefusal(result) ? alternativesForVisit(doors, result, move.visitId, reach, booker) : result;
}

async function moveUnderLock(
  manager: EntityManager,
  move: Move,
  reach: VisitReach,
  booker: Booker,
): Promise<FoundVisit | TimeRefusal> {
  const reason = move.reason?.trim() || null;
  if (reason !== null && !isKeepable(reason)) return refuseVisit('NOTE_INVALID', ['reason']);
  if (!isWholeMinute(move.startsAt)) return refuseVisit('START_INVALID', ['startsAt']);
  const locked = await lockVisits(manager, move, reach, booker.now, (_, { stationId }) =>
    caregiversOfStations(manager, [stationId]),
  );
  if (!locked) return refuseVisit('VISIT_UNKNOWN', ['visitId']);
  const steps = stepsOf(locked, 'RESCHEDULE', 'ASSIGNED');
  if (isRefusal(steps)) return steps;
  const situation = await situationOfVisit(manager, locked, booker);
  if (isRefusal(situation)) return situation;
  const placed = await placeMoved(manager, move, locked, situation, booker);
  if (isRefusal(placed)) return placed;
  const isLate = locked.visits.map(({ startsAt }) => isTooLate(startsAt, booker.now, situation.terms));
  const isStation = locked.sides.includes('STATION');
  if (!isStation && isLate.includes(true)) return refuseVisit('TOO_LATE_TO_CANCEL', ['visitId']);
  await writeMoved(manager, { locked, situation, placed, reason, isLate }, booker);
  if (isStation) await tellMoved(manager, locked.visits, move.startsAt, booker.now);
  return visitById(manager, move.visitId);
}

async function placeMoved(
  manager: EntityManager,
  { startsAt }: Move,
  { visits }: LockedVisits,
  situation: Situation,
  { now, stays }: Booker,
): Promise<Placed[] | TimeRefusal> {
  const { terms, isStation } = situation;
  const byMs = startsAt.getTime() - visits[0].startsAt.getTime();
  const starts = visits.map((visit) => new Date(visit.startsAt.getTime() + byMs));
  const startsMs = starts.map((start) => start.getTime());
  const first = firstStart(now, terms, isStation);
  const outside = starts.findIndex((start) => start < first || start >= horizonEnd(now, terms));
  const days = starts.map((start) => dayOf(start));
  const isOpen = days.every((day) => priceOffered(situation, day) !== undefined);
  if (outside < 0 && !isOpen) return refuseVisit('SERVICE_NOT_OFFERED', ['startsAt']);
  const refuse = (code: 'TIME_OUT_OF_RANGE' | 'ELDER_BUSY' | 'NO_CAREGIVER_FREE', index: number) => ({
    ...refuseVisit(code, ['startsAt']),
    aroundMs: startsMs[index] as number,
  });
  if (outside >= 0) return refuse('TIME_OUT_OF_RANGE', outside);
  const exceptVisitIds = visits.map(({ id }) => id);
  const uniqueDays = [...new Set(days)].sort();
  const table = await readTimetable(manager, situation, { days: uniqueDays, now, stays, exceptVisitIds });
  const placed = placeVisits(table, {
    startsMs,
    // A wish that the station went past already, by giving the visit to somebody else, binds no more.
    wishedId: visits.map(({ wishedCaregiverId: id, caregiverIds }) =>
      id !== null && caregiverIds.includes(id) ? id : null,
    ),
    presentIds: visits.map(({ caregiverIds }) => caregiverIds),
  });
  return 'trouble' in placed ? refuse(placed.trouble, placed.index) : placed;
}

interface Moved {
  locked: LockedVisits;
  situation: Situation;
  placed: readonly Placed[];
  reason: string | null;
  isLate: readonly boolean[];
}

async function writeMoved(
  manager: EntityManager,
  { locked: { visits }, situation, placed, reason, isLate }: Moved,
  { now, byId }: Booker,
): Promise<void> {
  const questions = placed.map(({ fromMs }, index) => {
    const day: Day = dayOf(new Date(fromMs));
    const priceFen = priceOffered(situation, day) as number;
    return { ...hoursQuestion(situation, { day, priceFen }), visitId: visits[index]?.id as number };
  });
  const offers = await moveHours(manager, questions, now);
  await writeCaregivers(
    manager,
    placed.map((each, index) => ({ id: visits[index]?.id as number, placed: each })),
    now,
  );
  for (const [index, visit] of visits.entries()) {
    const { fromMs, toMs, caregivers } = placed[index] as Placed;
    const { subsidyFen, selfPaidFen, hoursMinutes } = offers[index] as HoursOffer;
    await changeVisit(manager, {
      visit,
      caregiverIds: [...visit.caregiverIds, ...caregivers.map(({ caregiverId }) => caregiverId)],
      kind: 'RESCHEDULE',
      status: 'ASSIGNED',
      startsAt: new Date(fromMs),
      endsAt: new Date(toMs),
      at: now,
      byId,
      isOverride: isLate[index] ?? false,
      reason,
      sums: { subsidyFen, selfPaidFen },
    });
    await manager.query('UPDATE visit_booking SET promisedAt = ?, hoursMinutes = ? WHERE visitId = ?', [
      fromMs,
      hoursMinutes,
      visit.id,
    ]);
  }
}
