import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/** A service with its price on a day; undefined when there is none of this code, or no price by then. */
export async function pricedService(
  manager: EntityManager,
  code: string,
  day: Day,
): Promise<{ serviceId: number; minutes: number; priceFen: number } | undefined> {
  const rows: { id: number; code: string; minutes: number; priceFen: number | string | null }[] =
    await manager.query(
      `SELECT s.id, s.code, s.minutes, (SELECT p.fen FROM home_service_price p
                                         WHERE p.serviceId = s.id AND p.fromDay <= ?
                                         ORDER BY p.fromDay DESC LIMIT 1) AS priceFen
         FROM home_service s WHERE s.code = ?`,
      [day, code],
    );
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  const service = rows.find((row) => row.code === code);
  if (!service || service.priceFen === null) return undefined;
  return { serviceId: service.id, minutes: service.minutes, priceFen: Number(service.priceFen) };
}
