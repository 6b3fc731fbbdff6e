import type { EntityManager } from 'typeorm';
import { insertRows } from '../../../src/shared/statements.js';

/** The first day from which the terms below count. */
const fromDay = '2023-06-01';

/** A day's notice, bookings up to ninety days ahead and not in the last hour: our assumption for the demo city. */
const terms = [60, 90, 30, 1440] as const;

/** Who is looked in on every month, from which ability level on: an assumption too, after what cities commonly name. */
const duties = [
  ['DESTITUTE', 0],
  ['DISABLED', 0],
  ['LIVING_ALONE', 2],
] as const;

/** The city's terms and monthly duty, unless it has some. */
export async function insertVisitTerms(manager: EntityManager, cityId: number): Promise<void> {
  const present = async (table: string): Promise<boolean> => {
    const rows: unknown[] = await manager.query(
      `SELECT facilityId FROM ${table} WHERE facilityId = ? LIMIT 1`,
      [cityId],
    );
    return rows.length > 0;
  };
  if (!(await present('visit_terms'))) {
    const columns = ['leadMinutes', 'horizonDays', 'rasterMinutes', 'noticeMinutes'];
    await insertRows(
      manager,
      'visit_terms',
      ['facilityId', 'fromDay', ...columns],
      [[cityId, fromDay, ...terms]],
    );
  }
  if (await present('visit_duty')) return;
  await insertRows(
    manager,
    'visit_duty',
    ['facilityId', 'fromDay', 'category', 'abilityFrom'],
    duties.map((duty) => [cityId, fromDay, ...duty]),
  );
}
