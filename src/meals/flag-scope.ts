import type { EntityManager } from 'typeorm';
import { nowhere, type Scope } from '../network/scope.js';
import { ancestorsOf, type SqlPart, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

/**
 * True when a scope supervises a canteen: by a grant above it. A sign of fraud is about the canteen itself, so a grant
 * at the canteen shows none.
 */
export async function supervises(
  manager: EntityManager,
  scope: Scope,
  canteenId: number,
  day: Day,
): Promise<boolean> {
  return scope === 'everywhere' || (await hasGrantAbove(manager, scope, canteenId, day));
}

async function hasGrantAbove(
  manager: EntityManager,
  scope: readonly number[],
  facilityId: number,
  day: Day,
): Promise<boolean> {
  const above = (await ancestorsOf(manager, [facilityId], day)).get(facilityId) ?? [];
  return above.some((id) => scope.includes(id));
}

/** A condition of a query of flags, its `WITH …` in front; undefined for all. */
export interface SupervisedPlaces {
  beneath: SqlPart;
  condition: string;
}

/** The canteens beneath `within`, or beneath the whole scope without it, that the scope supervises. */
export async function supervisedPlaces(
  manager: EntityManager,
  scope: Scope,
  within: number | undefined,
  today: Day,
): Promise<SupervisedPlaces | undefined> {
  if (within === undefined) {
    if (scope === 'everywhere') return undefined;
    return strictlyBeneath(scope, today);
  }
  const isAll = scope === 'everywhere' || (await hasGrantAbove(manager, scope, within, today));
  if (!isAll) return strictlyBeneath([scope.includes(within) ? within : nowhere], today);
  return {
    beneath: withBeneath([within], today),
    condition: 'canteenId IN (SELECT facilityId FROM beneath)',
  };
}

function strictlyBeneath(roots: readonly number[], today: Day): SupervisedPlaces {
  return {
    beneath: withBeneath(roots, today),
    condition: 'canteenId IN (SELECT facilityId FROM beneath WHERE facilityId <> rootId)',
  };
}
