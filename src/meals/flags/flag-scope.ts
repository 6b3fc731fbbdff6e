import type { EntityManager } from 'typeorm';
import { nowhere, type Scope, supervises } from '../../network/scope.js';
import { type SqlPart, withBeneath } from '../../network/tree.js';
import type { Day } from '../../shared/china-time.js';

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
  const isAll = scope === 'everywhere' || (await supervises(manager, scope, within, today));
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
