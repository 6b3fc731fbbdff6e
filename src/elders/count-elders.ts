import type { EntityManager } from 'typeorm';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

/**
 * How many elders were on the books on `day`, registered by then and not yet ended, whose home station lay
 * in the tree of that day at or beneath each root. One statement; a root without elders counts 0.
 */
export async function countElders(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
): Promise<Map<number, number>> {
  const beneath = withBeneath(roots, day);
  const rows: { rootId: number; elders: number | string }[] = await manager.query(
    `${beneath.sql}
     SELECT beneath.rootId, COUNT(elder.id) AS elders
       FROM beneath
       LEFT JOIN elder ON elder.homeStationId = beneath.facilityId
        AND elder.registeredOn <= ? AND (elder.endedOn IS NULL OR elder.endedOn > ?)
      GROUP BY beneath.rootId`,
    [...beneath.parameters, day, day],
  );
  const counts = new Map<number, number>(roots.map((id) => [id, 0]));
  for (const { rootId, elders } of rows) counts.set(rootId, Number(elders));
  return counts;
}
