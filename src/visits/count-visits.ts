import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/** Visits of a part of the network on a day. */
export interface VisitCounts {
  /** To begin on that day, whatever became of them, cancelled ones left out. */
  planned: number;
  /** Of those, how many were completed. */
  completed: number;
}

/**
 * The visits at or beneath each root on `day`. The platform plans no visits yet and has no table of them, so
 * every count is a true zero and no statement is made; the roll-up asks here from the first day so that
 * visits appear in it when they are booked.
 */
export async function countVisits(
  _manager: EntityManager,
  roots: readonly number[],
  _day: Day,
): Promise<Map<number, VisitCounts>> {
  return new Map(roots.map((id) => [id, { planned: 0, completed: 0 }]));
}
