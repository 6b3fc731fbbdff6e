import type { EntityManager } from 'typeorm';
import { covers, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';

/**
 * True when the elder's file may be kept at this station: an open home-care station in scope. Without a
 * station only somebody whose scope is everywhere would ever find the file again.
 */
export async function mayStandAt(
  manager: EntityManager,
  stationId: number | null,
  scope: Scope,
  today: Day,
): Promise<boolean> {
  if (stationId === null) return scope === 'everywhere';
  // Locked, so that the station does not close between this look and the row that names it.
  const stations: unknown[] = await manager.query(
    `SELECT id FROM facility
      WHERE id = ? AND kind = 'HOME_CARE_STATION' AND openedOn <= ? AND (closedOn IS NULL OR closedOn > ?)
      ${forUpdate(manager)}`,
    [stationId, today, today],
  );
  return stations.length > 0 && covers(manager, scope, stationId, today);
}
