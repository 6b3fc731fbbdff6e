import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/** Beds of a part of the network on a day, by what became of them. */
export interface BedCounts {
  total: number;
  open: number;
  occupied: number;
  onLeave: number;
  held: number;
  free: number;
  nursing: number;
}

/**
 * The beds at or beneath each root on `day`. The platform registers no beds yet and has no table of them, so
 * every count is a true zero and no statement is made; the roll-up asks here from the first day so that
 * beds appear in it when they are registered.
 */
export async function countBeds(
  _manager: EntityManager,
  roots: readonly number[],
  _day: Day,
): Promise<Map<number, BedCounts>> {
  const none = { total: 0, open: 0, occupied: 0, onLeave: 0, held: 0, free: 0, nursing: 0 };
  return new Map(roots.map((id) => [id, none]));
}
