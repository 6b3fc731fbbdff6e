import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { facilityById } from './find-facilities.js';
import { lockTree } from './lock-tree.js';

/** A facility as the audit log shows it before and after a change; the tree stays locked from the first look on. */
export async function facilityState(
  manager: EntityManager,
  facilityId: number,
): Promise<AuditedState | undefined> {
  await lockTree(manager);
  const facility = await facilityById(manager, facilityId);
  if (!facility) return undefined;
  const { code, name, kind, divisionCode, openedOn, closedOn } = facility;
  const placements: unknown[] = await manager.query(
    `SELECT parentId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay
       FROM facility_placement WHERE facilityId = ? ORDER BY fromDay DESC LIMIT 3`,
    [facilityId],
  );
  return {
    about: { facilityId, subject: `facility:${facilityId}` },
    values: { code, name, kind, divisionCode, openedOn, closedOn, latestPlacements: placements },
  };
}
