import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';

/**
 * Keeps a canteen from being closed, or from having meals ordered, by others until the transaction ends. Whoever orders
 * has locked the elder before. Since when it is closed, null while that is not set; undefined when it is no canteen.
 */
export async function lockCanteen(
  manager: EntityManager,
  canteenId: number,
): Promise<{ closedOn: Day | null } | undefined> {
  await manager.query(`SELECT facilityId FROM canteen WHERE facilityId = ?${forUpdate(manager)}`, [
    canteenId,
  ]);
  const rows: { closedOn: Day | null }[] = await manager.query(
    `SELECT CAST(f.closedOn AS CHAR) AS closedOn FROM canteen c JOIN facility f ON f.id = c.facilityId
      WHERE c.facilityId = ?`,
    [canteenId],
  );
  return rows[0];
}
