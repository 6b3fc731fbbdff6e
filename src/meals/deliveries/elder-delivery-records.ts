import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../../elders/personal-records.js';
import { forUpdate } from '../../shared/database.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { openReason } from './delivery-reason.js';

type OrderRow = Record<string, unknown> & { id: number | string; reasonSealed: string | null };

/** What is kept about the meals that were brought to an elder. */
export const elderDeliveryRecords: PersonalRecords = {
  name: 'deliveries',

  async collect(manager: EntityManager, elderId: number) {
    const rows: OrderRow[] = await manager.query(
      `SELECT o.id, o.requestId, f.code AS canteenCode, CAST(o.day AS CHAR) AS day, o.meal, o.grossFen, o.feeFen, o.state,
              o.orderedAt, o.outAt, o.endedAt, o.proof, o.photoReference, o.reason, o.reasonSealed, s.swipeId
         FROM delivery_order o JOIN facility f ON f.id = o.canteenId LEFT JOIN swipe s ON s.id = o.swipeRowId
        WHERE o.elderId = ? ORDER BY o.id`,
      [elderId],
    );
    return rows.map(({ id, reasonSealed, ...row }) => ({
      ...row,
      reasonText: openReason(cipherOf(manager), id, reasonSealed),
      grossFen: Number(row.grossFen),
      feeFen: Number(row.feeFen),
      orderedAt: instant(row.orderedAt),
      outAt: instant(row.outAt),
      endedAt: instant(row.endedAt),
    }));
  },

  async unsettled(manager: EntityManager, elderId: number) {
    const rows: unknown[] = await manager.query(
      `SELECT id FROM delivery_order
        WHERE elderId = ? AND liveMeal IS NOT NULL AND state <> 'HANDED_OVER' LIMIT 1${forUpdate(manager)}`,
      [elderId],
    );
    return rows.length > 0 ? [{ zh: '未结束的送餐', en: 'a meal that is still to be brought' }] : [];
  },

  async erase(manager: EntityManager, elderId: number) {
    // What a courier wrote may name the person, and a photo shows the door.
    await manager.query('UPDATE delivery_order SET reasonSealed = NULL WHERE elderId = ?', [elderId]);
    await manager.query(
      'UPDATE delivery_order SET photoReference = ?, usedPhoto = NULL WHERE elderId = ? AND photoReference IS NOT NULL',
      ['ERASED', elderId],
    );
  },
};

function instant(value: unknown): string | null {
  return value === null ? null : new Date(Number(value)).toISOString();
}
