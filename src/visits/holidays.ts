import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** Which of these days are public holidays. One statement. */
export async function holidaysAmong(manager: EntityManager, days: readonly Day[]): Promise<Set<Day>> {
  if (days.length === 0) return new Set();
  const rows: { day: Day }[] = await manager.query(
    `SELECT CAST(day AS CHAR) AS day FROM public_holiday
      WHERE kind = 'HOLIDAY' AND day IN (${placeholders(days)})`,
    [...days],
  );
  return new Set(rows.map(({ day }) => day));
}
