import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { coveredAmong, covers, coversBeneath, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** Elders whose home station lies in `places` today, and besides them the elders with these ids. */
export interface PlacesAndElders {
  places: Scope;
  elderIds: readonly number[];
}

/** Whose files a caller may ask about. A scope of places alone names no elder besides. */
export type ElderScope = Scope | PlacesAndElders;

export function partsOf(scope: ElderScope): PlacesAndElders {
  return typeof scope === 'object' && 'places' in scope ? scope : { places: scope, elderIds: [] };
}

/** An elder without a home station is in no place: only who sees everything, or that elder, sees that file. */
export async function coversElder(
  manager: EntityManager,
  scope: ElderScope,
  { id, homeStationId }: Pick<Elder, 'id' | 'homeStationId'>,
  today: Day,
): Promise<boolean> {
  const { places, elderIds } = partsOf(scope);
  if (places === 'everywhere' || elderIds.includes(id)) return true;
  return covers(manager, places, homeStationId ?? nowhere, today);
}

/** The same for whoever knows what stands above the home station. */
export function coversElderBeneath(
  scope: ElderScope,
  { id, homeStationId }: Pick<Elder, 'id' | 'homeStationId'>,
  ancestors: readonly number[],
): boolean {
  const { places, elderIds } = partsOf(scope);
  return elderIds.includes(id) || coversBeneath(places, homeStationId ?? nowhere, ancestors);
}

/** Which of these elders `scope` covers. Two statements at most, however many elders. */
export async function eldersCovered(
  manager: EntityManager,
  scope: ElderScope,
  ids: readonly number[],
  today: Day,
): Promise<Set<number>> {
  const { places, elderIds } = partsOf(scope);
  if (places === 'everywhere') return new Set(ids);
  const covered = new Set(ids.filter((id) => elderIds.includes(id)));
  const others = ids.filter((id) => !covered.has(id));
  if (others.length === 0 || places.length === 0) return covered;
  const rows: { id: number; homeStationId: number }[] = await manager.query(
    `SELECT id, homeStationId FROM elder WHERE homeStationId IS NOT NULL AND id IN (${placeholders(others)})`,
    [...others],
  );
  const stations = [...new Set(rows.map(({ homeStationId }) => homeStationId))];
  const coveredStations = await coveredAmong(manager, places, stations, today);
  for (const { id, homeStationId } of rows) if (coveredStations.has(homeStationId)) covered.add(id);
  return covered;
}

/** The part of `scope` within one facility; the whole of it when no facility is named. */
export async function narrowedElders(
  manager: EntityManager,
  scope: ElderScope,
  within: number | undefined,
  today: Day,
): Promise<PlacesAndElders> {
  const { places, elderIds } = partsOf(scope);
  if (within === undefined) return { places, elderIds };
  const isCovered = places === 'everywhere' || (await covers(manager, places, within, today));
  // Whoever may look at the whole facility needs no elder named besides.
  if (isCovered) return { places: [within], elderIds: [] };
  return { places: [], elderIds: [...(await eldersCovered(manager, [within], elderIds, today))] };
}
