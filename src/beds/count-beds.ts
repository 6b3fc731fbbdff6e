import type { EntityManager } from 'typeorm';
import { addDays, type Day } from '../shared/china-time.js';
import { type BedCounts, countsByDay, noBeds, plus } from './bed-count.rules.js';
import { bedFacilitiesBeneath } from './bed-members.js';
import { changesByFacility, sweepBeds } from './bed-sweep.js';

export type { BedCounts } from './bed-count.rules.js';

/**
 * The beds at or beneath each root on `day`, by the tree of that day. Holds count as they do at `now`. Two statements,
 * however many beds and stays; a root without beds counts 0.
 */
export async function countBeds(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
  now: Date,
): Promise<Map<number, BedCounts>> {
  const counts = new Map<number, BedCounts>(roots.map((id) => [id, noBeds]));
  const pairs = await bedFacilitiesBeneath(manager, roots, day);
  const facilityIds = [...new Set(pairs.map(({ facilityId }) => facilityId))].sort((a, b) => a - b);
  const to = addDays(day, 1);
  const changes = await sweepBeds(manager, { facilityIds, from: day, to, now, by: 'FACILITY' });
  const byFacility = changesByFacility(changes);
  for (const { rootId, facilityId } of pairs) {
    const [own = noBeds] = countsByDay(byFacility.get(facilityId) ?? [], day, to);
    counts.set(rootId, plus(counts.get(rootId) ?? noBeds, own));
  }
  return counts;
}
