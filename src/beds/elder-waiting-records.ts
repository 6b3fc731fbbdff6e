import type { PersonalRecords } from '../elders/personal-records.js';
import { cipherOf } from '../shared/database-cipher.js';
import { declineReasonName } from './answer-offer.js';
import { passReasonName } from './next-in-line.js';

type Row = Record<string, number | string | null>;

/** What waiting lists keep about an elder: where and since when, what was offered, and who was given a bed before. */
export const elderWaitingRecords: PersonalRecords = {
  name: 'waitingLists',

  async collect(manager, elderId) {
    const cipher = cipherOf(manager);
    const entries: Row[] = await manager.query(
      `SELECT w.id, f.code AS facilityCode, w.bedType, CAST(w.joinedOn AS CHAR) AS joinedOn, w.joinedAt, w.endedAt,
              w.endKind FROM waitlist_entry w JOIN facility f ON f.id = w.facilityId
        WHERE w.elderId = ? ORDER BY w.joinedAt, w.id`,
      [elderId],
    );
    const offers: Row[] = await manager.query(
      `SELECT o.id, o.entryId, o.offeredAt, h.expiresAt, h.endKind, o.declinedAt, o.reasonSealed
         FROM bed_offer o JOIN bed_hold h ON h.id = o.id WHERE o.elderId = ? ORDER BY o.offeredAt, o.id`,
      [elderId],
    );
    const passes: Row[] = await manager.query(
      `SELECT s.entryId, p.passedAt, p.reasonSealed FROM waitlist_skip s JOIN waitlist_pass p ON p.id = s.passId
         JOIN waitlist_entry w ON w.id = s.entryId WHERE w.elderId = ? ORDER BY p.passedAt, p.id`,
      [elderId],
    );
    const opened = ({ reasonSealed, ...row }: Row, name: string): Row => ({
      ...readable(row),
      reason: typeof reasonSealed === 'string' ? cipher.decrypt(name, reasonSealed) : null,
    });
    return {
      entries: entries.map(readable),
      offers: offers.map((row) => opened(row, declineReasonName)),
      passedOver: passes.map((row) => opened(row, passReasonName)),
    };
  },

  /** Days stay, by the number of the file alone; what was said goes. */
  async erase(manager, elderId) {
    await manager.query('UPDATE bed_offer SET reasonSealed = NULL WHERE elderId = ?', [elderId]);
    await manager.query(
      `UPDATE waitlist_pass SET reasonSealed = NULL WHERE id IN
         (SELECT passId FROM waitlist_skip s JOIN waitlist_entry w ON w.id = s.entryId WHERE w.elderId = ?)`,
      [elderId],
    );
  },
};

function readable(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null) return [name, null];
      if (name.endsWith('At')) return [name, new Date(Number(value)).toISOString()];
      return [name, name === 'id' || name === 'entryId' ? Number(value) : value];
    }),
  );
}
