import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { ancestorsOf } from './tree.js';

/** Where a caller may act: everywhere, or at these facilities and everything beneath them today. */
export type Scope = 'everywhere' | readonly number[];

/**
 * The id of no facility, to be looked for in the place of one that is not known: what lies elsewhere and what there is
 * not must cost the same.
 */
export const nowhere = 0;

/**
 * Which of `facilityIds` lie in `scope` on `day`. One statement, and none for 'everywhere'. It does not ask
 * whether a facility exists: everywhere covers an id that nobody has.
 */
export async function coveredAmong(
  manager: EntityManager,
  scope: Scope,
  facilityIds: readonly number[],
  day: Day,
): Promise<Set<number>> {
  if (scope === 'everywhere') return new Set(facilityIds);
  const covered = new Set(facilityIds.filter((id) => scope.includes(id)));
  const others = facilityIds.filter((id) => !covered.has(id));
  if (scope.length === 0 || others.length === 0) return covered;
  for (const [id, ancestors] of await ancestorsOf(manager, others, day)) {
    if (coversBeneath(scope, id, ancestors)) covered.add(id);
  }
  return covered;
}

/** The same of one facility beneath `ancestors`, for whoever knows them. */
export function coversBeneath(scope: Scope, facilityId: number, ancestors: readonly number[]): boolean {
  return scope === 'everywhere' || [facilityId, ...ancestors].some((id) => scope.includes(id));
}

/** True when `facilityId` lies in `scope` on `day`. For many facilities ask `coveredAmong`. */
export async function covers(
  manager: EntityManager,
  scope: Scope,
  facilityId: number,
  day: Day,
): Promise<boolean> {
  return (await coveredAmong(manager, scope, [facilityId], day)).has(facilityId);
}

/** A facility, and where whoever asks about it may act. */
export interface Place {
  scope: Scope;
  facilityId: number;
}

/** Like `covers` for many, each with a scope of its own. One statement, and none where no tree has to be asked. */
export async function coverEach(
  manager: EntityManager,
  places: readonly Place[],
  day: Day,
): Promise<boolean[]> {
  const isNamed = ({ scope, facilityId }: Place) => scope === 'everywhere' || scope.includes(facilityId);
  const beneath = places.filter((place) => !isNamed(place) && place.scope.length > 0);
  const above = await ancestorsOf(manager, [...new Set(beneath.map(({ facilityId }) => facilityId))], day);
  return places.map((place) => {
    const { scope, facilityId } = place;
    if (isNamed(place) || scope === 'everywhere') return true;
    return (above.get(facilityId) ?? []).some((ancestor) => scope.includes(ancestor));
  });
}

/**
 * True when a scope supervises a facility: by a grant above it, for what a place must neither see nor decide about
 * itself.
 */
export async function supervises(
  manager: EntityManager,
  scope: Scope,
  facilityId: number,
  day: Day,
): Promise<boolean> {
  if (scope === 'everywhere') return true;
  const above = (await ancestorsOf(manager, [facilityId], day)).get(facilityId) ?? [];
  return above.some((id) => scope.includes(id));
}

/**
 * Where a list may look when the caller asks for what lies within one facility: that facility when the
 * scope covers it, else nowhere; the whole scope when no facility is named. Unless it is 'everywhere', give
 * it to `withBeneath`.
 */
export async function narrowed(
  manager: EntityManager,
  scope: Scope,
  within: number | undefined,
  day: Day,
): Promise<Scope> {
  if (within === undefined) return scope;
  return (await covers(manager, scope, within, day)) ? [within] : [];
}
