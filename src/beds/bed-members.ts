import type { EntityManager } from 'typeorm';
import { withBeneath, withEverBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

/** Over [from, to), within the days asked about, a facility with beds stands at or beneath the root. */
export interface BedMember {
  facilityId: number;
  from: Day;
  to: Day;
}

/** The facilities with beds at or beneath a root on each day of [from, to), by the tree of that day. One statement. */
export async function bedMembers(
  manager: EntityManager,
  root: number,
  from: Day,
  to: Day,
): Promise<{ whole: number[]; parts: BedMember[] }> {
  const ever = withEverBeneath(root, from, to);
  const rows: { facilityId: number; fromDay: Day; toDay: Day }[] = await manager.query(
    `${ever.sql} SELECT DISTINCT ever.facilityId, ever.fromDay, ever.toDay FROM ever
      WHERE EXISTS (SELECT 1 FROM bed WHERE bed.facilityId = ever.facilityId)
      ORDER BY ever.facilityId, ever.fromDay`,
    ever.parameters,
  );
  const isWhole = ({ fromDay, toDay }: { fromDay: Day; toDay: Day }) => fromDay === from && toDay === to;
  return {
    whole: rows.filter(isWhole).map(({ facilityId }) => facilityId),
    parts: rows
      .filter((row) => !isWhole(row))
      .map(({ facilityId, fromDay, toDay }) => ({ facilityId, from: fromDay, to: toDay })),
  };
}

/** For each root the facilities with beds at or beneath it on a day. One statement. */
export async function bedFacilitiesBeneath(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
): Promise<{ rootId: number; facilityId: number }[]> {
  const beneath = withBeneath(roots, day);
  return manager.query(
    `${beneath.sql} SELECT beneath.rootId, beneath.facilityId FROM beneath
      WHERE EXISTS (SELECT 1 FROM bed WHERE bed.facilityId = beneath.facilityId)`,
    beneath.parameters,
  );
}
