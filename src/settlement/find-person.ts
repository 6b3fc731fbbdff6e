import type { EntityManager } from 'typeorm';
import { ancestorFacilitiesOf } from '../network/ancestor-facilities.js';
import { facilitiesById } from '../network/find-facilities.js';
import type { Day } from '../shared/china-time.js';
import { levelsAlong, type Person } from './statement.rules.js';

/** Who asks, with the roles that the account holds and where. */
export interface Acting {
  accountId: number | null;
  grants: readonly { role: string; facilityId: number | null }[];
}

/** The operator of the machine, who has no account. */
export const machineOperator: Acting = { accountId: null, grants: [{ role: 'OPERATOR', facilityId: null }] };

/** What somebody's roles are towards one facility, as the tree stands today. */
export async function personTowards(
  manager: EntityManager,
  { accountId, grants }: Acting,
  facilityId: number,
  today: Day,
): Promise<Person> {
  const own = (await facilitiesById(manager, [facilityId])).get(facilityId);
  const above = (await ancestorFacilitiesOf(manager, [facilityId], today)).get(facilityId) ?? [];
  const levels = levelsAlong(own ? [own, ...above.reverse()] : []);
  const offices = grants.flatMap(({ role, facilityId: heldAt }) => {
    if (role === 'OPERATOR') return [{ role, level: 'CITY' as const }];
    return heldAt === null ? [] : (levels.get(heldAt) ?? []).map((level) => ({ role, level }));
  });
  return { accountId, offices };
}
