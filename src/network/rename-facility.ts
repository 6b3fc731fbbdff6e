import type { EntityManager } from 'typeorm';
import { Facility } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { type FacilityRefusal, refusals } from './facility-refusals.js';
import { facilityById } from './find-facilities.js';
import { facilityName } from './placement.rules.js';
import { covers, type Scope } from './scope.js';

/**
 * Gives a facility another name, from now on and for the past too; its code stays. Refusals:
 * FACILITY_UNKNOWN, which is also the answer outside `scope`, and NAME_INVALID.
 */
export async function renameFacility(
  manager: EntityManager,
  input: { facilityId: number; name: string },
  scope: Scope,
  today: Day,
): Promise<Facility | FacilityRefusal> {
  const { facilityId } = input;
  const facility = await facilityById(manager, facilityId);
  if (!facility || !(await covers(manager, scope, facilityId, today)))
    return refusals.facilityUnknown(['id']);
  const name = facilityName(input.name);
  if (name === undefined) return refusals.nameInvalid(['name']);
  await manager.update(Facility, { id: facilityId }, { name });
  return { ...facility, name };
}
