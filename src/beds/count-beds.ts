import type { EntityManager } from 'typeorm';
import { addDays, type Day } from '../shared/china-time.js';
import { type BedCounts, countsByDay, type DayCounts, noBeds } from './bed-count.rules.js';
import { type RootCount, sweepBeneath } from './bed-sweep.js';

export type { BedCounts } from './bed-count.rules.js';

/**
 * The beds at or beneath each root on `day`, by the tree of that day. Holds count as they do at `now`. One statement,
 * however many beds and stays; a root without beds counts 0.
 */
export async function countBeds(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
  now: Date,
): Promise<Map<number, BedCounts>> {
  const byRoot = new Map<number, (RootCount & { day: Day })[]>(roots.map((id) => [id, []]));
  for (const row of await sweepBeneath(manager, roots, { day, now }))
    byRoot.get(row.rootId)?.push({ ...row, day });
  return new Map(
    roots.map((id) => [id, withoutDate(countsByDay(byRoot.get(id) ?? [], day, addDays(day, 1))[0])]),
  );
}

function withoutDate(point: DayCounts | undefined): BedCounts {
  if (!point) return noBeds;
  const { date: _date, ...counts } = point;
  return counts;
}
