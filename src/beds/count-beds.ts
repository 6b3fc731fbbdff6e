import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { type BedCounts, countsOfChanges } from './bed-count.rules.js';
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
  const byRoot = new Map<number, RootCount[]>(roots.map((id) => [id, []]));
  for (const row of await sweepBeneath(manager, roots, { day, now })) byRoot.get(row.rootId)?.push(row);
  return new Map(roots.map((id) => [id, countsOfChanges(byRoot.get(id) ?? [])]));
}
