import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { forUpdate } from '../shared/database.js';
import { readRoom } from './canteen-room.js';

/** A canteen's settings as the audit log shows them; its facility stays locked from the first look on. */
export async function canteenState(
  manager: EntityManager,
  canteenId: number,
): Promise<AuditedState | undefined> {
  const facilities: unknown[] = await manager.query(
    `SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`,
    [canteenId],
  );
  if (facilities.length === 0) return undefined;
  const canteens: { priceFenMax: number | string }[] = await manager.query(
    'SELECT priceFenMax FROM canteen WHERE facilityId = ?',
    [canteenId],
  );
  const windows: unknown[] = await manager.query(
    'SELECT meal, fromMinute, toMinute FROM meal_window WHERE canteenId = ? ORDER BY fromMinute',
    [canteenId],
  );
  const price = canteens[0]?.priceFenMax;
  return {
    about: { facilityId: canteenId, subject: `facility:${canteenId}` },
    values: {
      priceFenMax: price === undefined ? null : Number(price),
      windows,
      ...(await readRoom(manager, canteenId)),
    },
  };
}
