import type { EntityManager } from 'typeorm';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { covers } from '../network/scope.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { openFacilityById } from './facility-for-account.js';
import { scopeToGive } from './grant.rules.js';
import type { Asker } from './grants.js';

/** A role that somebody is to get. */
export interface WantedGrant {
  role: Role;
  /** Null for the whole network, which is for an administrator only. */
  facilityId: number | null;
  /** Null for no end. */
  untilAt: Date | null;
}

/**
 * Why the asker may not give this; undefined when it may. A facility outside the asker's area is as unknown,
 * and one within it is kept from closing until the transaction ends.
 */
export async function refusalToGive(
  manager: EntityManager,
  { role, facilityId, untilAt }: WantedGrant,
  { caller, now, today }: Asker,
  path: readonly string[],
): Promise<AccountRefusal | undefined> {
  const scope = scopeToGive(caller, role);
  if (scope.length === 0) return refuseAccount('ROLE_NOT_GIVEN', [...path, 'role']);
  const facilityField = [...path, 'facilityId'];
  if (facilityId === null) {
    if (role !== 'ADMIN' || scope !== 'everywhere') return refuseAccount('FACILITY_UNKNOWN', facilityField);
  } else {
    const covered = await covers(manager, scope, facilityId, today);
    const facility = covered ? await openFacilityById(manager, facilityId, today) : undefined;
    if (!facility) return refuseAccount('FACILITY_UNKNOWN', facilityField);
    if (facility === 'CLOSED') return refuseAccount('FACILITY_CLOSED', facilityField);
  }
  if (untilAt !== null && untilAt <= now) return refuseAccount('UNTIL_PAST', [...path, 'until']);
  return undefined;
}
