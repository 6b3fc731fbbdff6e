import type { EntityManager } from 'typeorm';
import type { Facility } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { facilityColumns } from './find-facilities.js';
import { withAbove } from './tree.js';

/** What `ancestorsOf` answers, with the facilities themselves in place of their ids. One statement. */
export async function ancestorFacilitiesOf(
  manager: EntityManager,
  facilityIds: readonly number[],
  day: Day,
): Promise<Map<number, Facility[]>> {
  const { sql, parameters } = withAbove(facilityIds, day);
  const rows: (Facility & { beneathId: number })[] = await manager.query(
    `${sql}
     SELECT above.facilityId AS beneathId, ${facilityColumns('facility')}
       FROM above JOIN facility ON facility.id = above.ancestorId
      ORDER BY above.facilityId, above.distance DESC`,
    parameters,
  );
  const ancestors = new Map<number, Facility[]>(facilityIds.map((id) => [id, []]));
  for (const { beneathId, ...facility } of rows) ancestors.get(beneathId)?.push(facility);
  return ancestors;
}
