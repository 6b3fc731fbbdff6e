import type { EntityManager } from 'typeorm';
import { covers, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { announce } from '../shared/live/announce.js';
import { type Topic, topicKind } from '../shared/live/live-event.js';

/** Whose board changed. What it is now is read by whoever shows it, with the rights it has then. */
export type BoardNews = { facilityId: number };

export const boardOf = topicKind<BoardNews>('beds/facility');

/** The least time between two answers about one board, in milliseconds: an import changes hundreds of beds at once. */
export const boardNewsMs = 1000;

/**
 * Tells, when the transaction is committed, that the boards of these facilities changed. Who moves from one facility to
 * another changes both.
 */
export function announceBoards(manager: EntityManager, facilityIds: readonly number[]): void {
  for (const facilityId of new Set(facilityIds)) announce(manager, boardOf(facilityId), { facilityId });
}

/** The topic of a board that lies in `scope`; undefined for another one, and as well when there is no such facility. */
export async function boardTopics(
  manager: EntityManager,
  facilityId: number,
  scope: Scope,
  today: Day,
): Promise<Topic<BoardNews>[] | undefined> {
  const isCovered = await covers(manager, scope, facilityId, today);
  const rows: unknown[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  return isCovered && rows.length > 0 ? [boardOf(facilityId)] : undefined;
}
