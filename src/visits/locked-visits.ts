import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { VisitEventKind } from '../../entities/visits/visit-event.entity.js';
import { covers } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { lockTimes } from './change-visit.js';
import { byIds } from './errands.js';
import { type FoundVisit, findVisit, visitsById } from './find-visits.js';
import { readCatalog } from './station-catalog.js';
import type { VisitReach } from './visit-reach.js';
import { refuseStatus, refuseVisit, type VisitRefusal } from './visit-refusals.js';
import { type Booker, type Situation, situationOf } from './visit-situation.js';
import { type VisitSide, type VisitStep, visitStepsFor } from './visit-steps.rules.js';

/** One visit, or with it all later ones of its series that have not begun. */
export type SeriesScope = 'THIS' | 'THIS_AND_FOLLOWING';

/** A visit that is about to change, with what was agreed and who is to come. */
export interface VisitToChange extends FoundVisit {
  wishedCaregiverId: number | null;
  caregiverIds: readonly number[];
}

export interface LockedVisits {
  /** The one that was named comes first; then in the order of the series. */
  visits: readonly [VisitToChange, ...VisitToChange[]];
  /** On which sides the caller stands. */
  sides: readonly VisitSide[];
  elder: Elder;
}

/**
 * The visits that a step is about, when the caller may change them, their elder and those who are to come locked; more
 * caregivers are locked by whoever looks for some, which `alsoLock` names before.
 */
export async function lockVisits(
  manager: EntityManager,
  { visitId, scope }: { visitId: number; scope: SeriesScope },
  reach: VisitReach,
  now: Date,
  alsoLock: (manager: EntityManager, visit: FoundVisit) => Promise<readonly number[]> = async () => [],
): Promise<LockedVisits | undefined> {
  const found = await findVisit(manager, visitId, reach, dayOf(now));
  if (!found) return undefined;
  await lockTimes(manager, { elderIds: [found.elderId], caregiverIds: [] });
  const elder = await manager.findOneByOrFail(Elder, { id: found.elderId });
  const ids = scope === 'THIS' ? [visitId] : await idsFrom(manager, visitId, now);
  const present = [...(await caregiverIdsOf(manager, ids)).values()].flat();
  const caregiverIds = [...new Set([...present, ...(await alsoLock(manager, found))])];
  await lockTimes(manager, { elderIds: [], caregiverIds });
  const visits = await visitsToChange(manager, ids);
  const named = visits.filter(({ id }) => id === visitId);
  const others = visits.filter(({ id }) => id !== visitId);
  const isStation = await covers(manager, reach.stations, found.stationId, dayOf(now));
  const isFamily = reach.elderIds.includes(found.elderId);
  return {
    visits: [...named, ...others] as [VisitToChange, ...VisitToChange[]],
    sides: [...(isStation ? (['STATION'] as const) : []), ...(isFamily ? (['FAMILY'] as const) : [])],
    elder,
  };
}

/**
 * The visit and those after it in its series that have not begun; of no series, itself alone. One that was moved to
 * before the named one may be over, and its caregiver not have been heard of yet: what was is no part of what follows.
 */
async function idsFrom(manager: EntityManager, visitId: number, now: Date): Promise<number[]> {
  const rows: { id: number }[] = await manager.query(
    `SELECT later.id
       FROM visit named
       JOIN visit_booking booking ON booking.visitId = named.id
       JOIN visit_booking other ON other.seriesId = booking.seriesId
       JOIN visit later ON later.id = other.visitId
        AND later.occurrence > named.occurrence AND later.status IN ('REQUESTED', 'ASSIGNED')
        AND later.startsAt > ?
      WHERE named.id = ? ORDER BY later.occurrence`,
    [now.getTime(), visitId],
  );
  return [visitId, ...rows.map(({ id }) => id)];
}

async function caregiverIdsOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, number[]>> {
  const rows: { visitId: number; caregiverId: number }[] = await manager.query(
    `SELECT visitId, caregiverId FROM visit_caregiver WHERE visitId IN (${placeholders(visitIds)})
      ORDER BY visitId, startsAt, caregiverId`,
    [...visitIds],
  );
  const ids = new Map<number, number[]>(visitIds.map((id) => [id, []]));
  for (const { visitId, caregiverId } of rows) ids.get(visitId)?.push(caregiverId);
  return ids;
}

async function visitsToChange(manager: EntityManager, visitIds: readonly number[]): Promise<VisitToChange[]> {
  const visits = await visitsById(manager, visitIds);
  const caregivers = await caregiverIdsOf(manager, visitIds);
  const rows: { visitId: number; wishedCaregiverId: number | null }[] = await manager.query(
    `SELECT visitId, wishedCaregiverId FROM visit_booking WHERE visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  const wished = new Map(rows.map((row) => [row.visitId, row.wishedCaregiverId]));
  return visits.map((visit) => ({
    ...visit,
    wishedCaregiverId: wished.get(visit.id) ?? null,
    caregiverIds: caregivers.get(visit.id) ?? [],
  }));
}

/** The step of each of the visits, or why one of them may not take it. */
export function stepsOf(
  { visits, sides }: LockedVisits,
  event: VisitEventKind,
  wouldBe: VisitStep['to'],
): VisitStep[] | VisitRefusal {
  const steps: VisitStep[] = [];
  for (const { status } of visits) {
    // A station's step is bound by less, so who stands on both sides takes that one.
    const possible = visitStepsFor(event, status, sides);
    const step =
      possible.find(({ by }) => by.includes('STATION') && sides.includes('STATION')) ?? possible[0];
    if (!step) return refuseStatus(status, wouldBe, ['visitId']);
    steps.push(step);
  }
  return steps;
}

/** What else decides over the time of visits that are there already; each lasts as long as it did. */
export async function situationOfVisit(
  manager: EntityManager,
  { visits: [visit], elder }: { visits: readonly [FoundVisit, ...FoundVisit[]]; elder: Elder },
  booker: Booker,
): Promise<Situation | VisitRefusal> {
  if (elder.status !== 'ACTIVE') return refuseVisit('ELDER_NOT_ACTIVE', ['visitId']);
  const { stationId, serviceId } = visit;
  const asked = { stationId, service: byIds([serviceId]), today: dayOf(booker.now) };
  const situation = await situationOf(manager, elder, await readCatalog(manager, asked), booker);
  if (!situation) return refuseVisit('SERVICE_NOT_OFFERED', ['visitId']);
  const minutes = Math.round((visit.endsAt.getTime() - visit.startsAt.getTime()) / 60_000);
  const secondAfterMax = Math.min(situation.service.secondAfterMax, Math.max(0, minutes - 1));
  const secondAfterMin = Math.min(situation.service.secondAfterMin, secondAfterMax);
  return { ...situation, service: { ...situation.service, minutes, secondAfterMin, secondAfterMax } };
}
