import type { EntityManager } from 'typeorm';
import type { Month } from '../shared/month.js';

/** A canteen in one month, as its statement is about it. */
export interface CanteenMonth {
  canteenId: number;
  month: Month;
}

/** True while no statement of the canteen froze the month; then postings of that month may still be taken back. */
export async function isMonthOpen(
  manager: EntityManager,
  { canteenId, month }: CanteenMonth,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT id FROM month_statement
      WHERE kind = 'CANTEEN' AND facilityId = ? AND month = ? AND state = 'FROZEN'`,
    [canteenId, month],
  );
  return rows.length === 0;
}
