import { forUpdate } from '../../shared/database.js';
import type { PersonalRecords } from '../personal-records.js';

type Instant = number | string | null;

/** What the platform told, or is to tell, an elder's family: handed over with the file, and erased with it. */
export const elderNoticeRecords: PersonalRecords = {
  name: 'notices',

  async collect(manager, elderId) {
    const rows: {
      kind: string;
      times: number;
      happensAt: Instant;
      insteadOf: Instant;
      queuedAt: Instant;
      outcome: string | null;
      endedAt: Instant;
    }[] = await manager.query(
      `SELECT n.kind, n.times, n.happensAt, n.insteadOf, n.queuedAt, d.outcome, d.endedAt
         FROM elder_notice n LEFT JOIN notice_delivery d ON d.noticeId = n.id
        WHERE n.elderId = ? ORDER BY n.id, d.id`,
      [elderId],
    );
    return rows.map(({ happensAt, insteadOf, queuedAt, endedAt, ...row }) => ({
      ...row,
      happensAt: written(happensAt),
      insteadOf: written(insteadOf),
      queuedAt: written(queuedAt),
      endedAt: written(endedAt),
    }));
  },

  /** Locked first: whom a notice is for may be found out just now. */
  async erase(manager, elderId) {
    await manager.query(`SELECT id FROM elder_notice WHERE elderId = ?${forUpdate(manager)}`, [elderId]);
    await manager.query(
      'DELETE FROM notice_delivery WHERE noticeId IN (SELECT id FROM elder_notice WHERE elderId = ?)',
      [elderId],
    );
    await manager.query('DELETE FROM elder_notice WHERE elderId = ?', [elderId]);
  },
};

function written(instant: Instant): string | null {
  return instant === null ? null : new Date(Number(instant)).toISOString();
}
