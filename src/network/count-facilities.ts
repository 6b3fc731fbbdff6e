import type { EntityManager } from 'typeorm';
import { type FacilityKind, facilityKinds } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { openOnDay, withBeneath } from './tree.js';

export interface KindCount {
  kind: FacilityKind;
  count: number;
}

/**
 * How many facilities of each kind were open on `day` in the tree of that day at or beneath each root, the
 * root counted too. Kinds in the order of `facilityKinds`, those without a facility left out. One statement.
 */
export async function countFacilitiesByKind(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
): Promise<Map<number, KindCount[]>> {
  const beneath = withBeneath(roots, day);
  const rows: { rootId: number; kind: FacilityKind; count: number | string }[] = await manager.query(
    `${beneath.sql}
     SELECT beneath.rootId, facility.kind, COUNT(*) AS count
       FROM beneath
       JOIN facility ON facility.id = beneath.facilityId AND ${openOnDay('facility')}
      GROUP BY beneath.rootId, facility.kind`,
    [...beneath.parameters, day, day],
  );
  const counts = new Map<number, KindCount[]>(roots.map((id) => [id, []]));
  for (const { rootId, kind, count } of rows) counts.get(rootId)?.push({ kind, count: Number(count) });
  for (const list of counts.values()) {
    list.sort((a, b) => facilityKinds.indexOf(a.kind) - facilityKinds.indexOf(b.kind));
  }
  return counts;
}
