import type { EntityManager } from 'typeorm';
import { insertRows } from '../../../src/shared/statements.js';
import { publicHolidays } from './public-holidays.js';

/** The days that are missing; what somebody has changed since stays. */
export async function insertPublicHolidays(manager: EntityManager): Promise<void> {
  const rows: { day: string }[] = await manager.query('SELECT CAST(day AS CHAR) AS day FROM public_holiday');
  const present = new Set(rows.map(({ day }) => day));
  const missing = publicHolidays().filter(({ day }) => !present.has(day));
  if (missing.length === 0) return;
  await insertRows(
    manager,
    'public_holiday',
    ['day', 'kind', 'nameZh', 'nameEn'],
    missing.map(({ day, kind, nameZh, nameEn }) => [day, kind, nameZh, nameEn]),
  );
}
