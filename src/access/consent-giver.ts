import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { coversElder, type ElderScope, partsOf } from '../elders/elder-scope.js';
import { lockElder } from '../elders/find-elder.js';
import { type Extent, rightsBeyond } from './family-rights.rules.js';
import type { Asker } from './grants.js';
import { type RelativeRefusal, refuseRelative, untilYearsMax } from './relative-refusals.js';
import { findRelative, isLiving, type Relative } from './relatives.js';

/** Who may speak about an elder's relatives: the elder, through staff, or a relative by the own grant. */
export interface Giver {
  /** Undefined for the elder, whom nothing limits. */
  relative: Relative | undefined;
}

/**
 * Locks the elder, behind whom all that is done about the relatives waits, and tells for whom the asker speaks.
 * The relative's grant is read again behind the lock: it may have been withdrawn since the request came in.
 */
export async function lockElderAndGiver(
  manager: EntityManager,
  elderId: number,
  scope: ElderScope,
  { caller, now, today }: Asker,
): Promise<{ elder: Elder; giver: Giver } | undefined> {
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return undefined;
  if (await coversElder(manager, partsOf(scope).places, elder, today)) {
    return { elder, giver: { relative: undefined } };
  }
  for (const grant of caller.grants.filter((one) => one.role === 'FAMILY' && one.elderId === elderId)) {
    const relative = await findRelative(manager, grant.id);
    if (relative && isLiving(relative, now)) return { elder, giver: { relative } };
  }
  return undefined;
}

/** Why the giver cannot give as much; undefined when it can. `path` is where the fields of the extent stand. */
export function refusalOfExtent(
  { relative }: Giver,
  { rights, untilAt }: Extent,
  now: Date,
  path: readonly string[],
): RelativeRefusal | undefined {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + untilYearsMax);
  if (untilAt <= now || untilAt > latest) return refuseRelative('UNTIL_OUT_OF_RANGE', [...path, 'until']);
  if (!relative) return undefined;
  if (rightsBeyond(rights, relative.rights).length > 0) {
    return refuseRelative('BEYOND_OWN_RIGHTS', [...path, 'rights']);
  }
  if (relative.untilAt !== null && untilAt > relative.untilAt) {
    return refuseRelative('BEYOND_OWN_END', [...path, 'until']);
  }
  return undefined;
}
