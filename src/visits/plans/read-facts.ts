import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import { addDays, type Day, instantOn } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import type { FactStation, FactVisit, PlanFacts } from './plan-facts.js';
import { readPlanningSettings } from './planning-settings.js';
import { readFactCaregivers } from './read-fact-caregivers.js';
import { readFactElders, readHistory } from './read-fact-elders.js';
import { readFactVisits } from './read-fact-visits.js';

export interface WantedFacts {
  /** The numbers of the first one count. */
  stationIds: readonly number[];
  /** [fromDay, toDay). */
  fromDay: Day;
  toDay: Day;
}

/**
 * Reads all that a plan depends on; the number of statements depends on nothing. Whoever writes by it holds the locks
 * of `lockTimes`.
 */
export async function readFacts(
  manager: EntityManager,
  { stationIds, fromDay, toDay }: WantedFacts,
  stays: InstitutionStays,
): Promise<PlanFacts> {
  const days = daysBetween(fromDay, toDay);
  const span = { startsAt: instantOn(fromDay, 0), endsAt: instantOn(toDay, 0) };
  const stations = await readStations(manager, stationIds);
  // What reaches over the last midnight is worked on the day after it.
  const dayAfter = addDays(toDay, 1);
  const worked = { fromDay, toDay: dayAfter, span: { ...span, endsAt: instantOn(dayAfter, 0) } };
  const caregivers = await readFactCaregivers(manager, stationIds, worked);
  const caregiverIds = caregivers.map(({ id }) => id);
  const visits = await readFactVisits(manager, { stationIds, caregiverIds, span });
  const elderIds = eldersOf(visits);
  return {
    days,
    span,
    stations,
    caregivers,
    visits,
    elders: await readFactElders(manager, elderIds),
    history: await readHistory(manager, elderIds, span.startsAt),
    stays: await stays.on(manager, elderIds, [...days, toDay]),
    settings: await readPlanningSettings(manager, stationIds[0] ?? 0, fromDay),
  };
}

export function eldersOf(visits: readonly FactVisit[]): number[] {
  return [...new Set(visits.map(({ elderId }) => elderId))].sort((one, other) => one - other);
}

function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** A station that has told nobody where it is stands at an unknown place, from which people cycle, as bookings assume. */
async function readStations(manager: EntityManager, stationIds: readonly number[]): Promise<FactStation[]> {
  const rows: {
    facilityId: number;
    latitudeMicro: number;
    longitudeMicro: number;
    travelMode: FactStation['travelMode'];
  }[] = await manager.query(
    `SELECT facilityId, latitudeMicro, longitudeMicro, travelMode FROM home_station
      WHERE facilityId IN (${placeholders(stationIds)})`,
    [...stationIds],
  );
  const known = new Map(rows.map((row) => [row.facilityId, row]));
  return stationIds.map((id) => {
    const row = known.get(id);
    if (!row) return { id, position: null, travelMode: 'CYCLE' };
    const { latitudeMicro, longitudeMicro, travelMode } = row;
    return { id, position: { latitudeMicro, longitudeMicro }, travelMode };
  });
}
