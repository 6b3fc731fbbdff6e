import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { alternativesForVisit } from './alternatives.js';
import type { Doors } from './book-visit.js';
import { changeVisit } from './change-visit.js';
import type { TimeRefusal } from './decide-booking.js';
import { type FoundVisit, visitById } from './find-visits.js';
import { caregiversOfStations } from './free-caregivers.js';
import { lockVisits, situationOfVisit, stepsOf } from './locked-visits.js';
import { placeVisits } from './place-visits.rules.js';
import { readTimetable } from './timetable.js';
import type { VisitReach } from './visit-reach.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import type { Booker } from './visit-situation.js';
import { writeCaregivers } from './write-placed.js';

export interface Assignment {
  visitId: number;
  /** Who shall bring it; of a visit of two, the other one is found. */
  caregiverId: number;
}

/** Gives a visit, at its time, to a caregiver who is free then; to whom it was given before, it is no more. */
export async function assignVisit(
  doors: Doors,
  assignment: Assignment,
  reach: VisitReach,
  booker: Booker,
): Promise<FoundVisit | VisitRefusal> {
  const result = await doors.write((manager) => assignUnderLock(manager, assignment, reach, booker));
  const { visitId, caregiverId } = assignment;
  if (!isRefusal(result)) return result;
  return alternativesForVisit(doors, result, visitId, reach, booker, caregiverId);
}

async function assignUnderLock(
  manager: EntityManager,
  { visitId, caregiverId }: Assignment,
  reach: VisitReach,
  booker: Booker,
): Promise<FoundVisit | TimeRefusal> {
  const { now, stays, byId } = booker;
  const locked = await lockVisits(manager, { visitId, scope: 'THIS' }, reach, now, (_, { stationId }) =>
    caregiversOfStations(manager, [stationId]),
  );
  if (!locked) return refuseVisit('VISIT_UNKNOWN', ['visitId']);
  const steps = stepsOf(locked, 'ASSIGN', 'ASSIGNED');
  if (isRefusal(steps)) return steps;
  const situation = await situationOfVisit(manager, locked, booker);
  if (isRefusal(situation)) return situation;
  const [visit] = locked.visits;
  if (visit.endsAt <= now) return refuseVisit('TIME_OUT_OF_RANGE', ['visitId']);
  const asked = { days: [dayOf(visit.startsAt)], now, stays, exceptVisitIds: [visitId] };
  const table = await readTimetable(manager, situation, asked);
  const placed = placeVisits(table, {
    startsMs: [visit.startsAt.getTime()],
    wishedId: caregiverId,
    presentIds: [visit.caregiverIds],
  });
  if ('trouble' in placed) {
    const field = placed.trouble === 'NO_CAREGIVER_FREE' ? 'caregiverId' : 'visitId';
    return { ...refuseVisit(placed.trouble, [field]), aroundMs: visit.startsAt.getTime() };
  }
  const caregivers = placed[0]?.caregivers ?? [];
  await writeCaregivers(manager, [{ id: visitId, placed: { caregivers } }], now);
  const caregiverIds = [...visit.caregiverIds, ...caregivers.map((part) => part.caregiverId)];
  await changeVisit(manager, { visit, caregiverIds, kind: 'ASSIGN', status: 'ASSIGNED', at: now, byId });
  return visitById(manager, visitId);
}
