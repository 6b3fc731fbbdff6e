import type { EntityManager } from 'typeorm';
import type { Month } from '../settlement/month.rules.js';

/** True when no frozen statement covers the canteen's month, YYYY-MM. */
export async function isMonthOpen(manager: EntityManager, canteenId: number, month: Month): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT id FROM month_statement
      WHERE kind = 'CANTEEN' AND facilityId = ? AND month = ? AND state = 'FROZEN'`,
    [canteenId, month],
  );
  return rows.length === 0;
}
