import type { PersonalRecords } from '../elders/personal-records.js';
import { cipherOf } from '../shared/database-cipher.js';
import { answerName } from './read-transfers.js';
import { stayNoteName } from './write-stay.js';

type Row = Record<string, number | string | null>;

/** What beds keep about an elder: which beds were held and had, leaves, transfers that were asked for, and bills. */
export const elderBedRecords: PersonalRecords = {
  name: 'beds',

  async collect(manager, elderId) {
    const cipher = cipherOf(manager);
    const place = 'facility.code AS facilityCode, room.building, room.name AS room, bed.label';
    const joins = `JOIN bed ON bed.id = x.bedId JOIN room ON room.id = bed.roomId
                   JOIN facility ON facility.id = bed.facilityId`;
    const stays: Row[] = await manager.query(
      `SELECT x.id, ${place}, CAST(x.fromDay AS CHAR) AS fromDay, CAST(x.toDay AS CHAR) AS toDay,
              CAST(x.admittedOn AS CHAR) AS admittedOn, CAST(x.contractSignedOn AS CHAR) AS contractSignedOn,
              x.endReason, x.endNoteSealed, x.enteredAt, x.endedAt, x.cancelledAt
         FROM bed_stay x ${joins} WHERE x.elderId = ? ORDER BY x.fromDay, x.id`,
      [elderId],
    );
    const holds: Row[] = await manager.query(
      `SELECT ${place}, CAST(x.fromDay AS CHAR) AS fromDay, x.expiresAt, x.heldAt, x.endedAt, x.endKind
         FROM bed_hold x ${joins} WHERE x.elderId = ? ORDER BY x.heldAt, x.id`,
      [elderId],
    );
    const ofStays = (columns: string, table: string): Promise<Row[]> =>
      manager.query(
        `SELECT x.stayId, ${columns} FROM ${table} x JOIN bed_stay s ON s.id = x.stayId
          WHERE s.elderId = ? ORDER BY x.stayId`,
        [elderId],
      );
    const leaves = await ofStays(
      'x.kind, CAST(x.fromDay AS CHAR) AS fromDay, CAST(x.toDay AS CHAR) AS toDay',
      'stay_leave',
    );
    const transfers = await ofStays(
      'x.state, CAST(x.onDay AS CHAR) AS onDay, x.askedAt, x.answeredAt, x.answerSealed',
      'stay_transfer',
    );
    const charges = await ofStays('x.month, x.days, x.leaveDays, x.fen, x.chargedAt', 'stay_charge');
    const opened = (row: Row, column: string, name: string): Row => {
      const { [column]: sealed, ...rest } = row;
      return { ...rest, note: typeof sealed === 'string' ? cipher.decrypt(name, sealed) : null };
    };
    return {
      stays: stays.map((row) => readable(opened(row, 'endNoteSealed', stayNoteName))),
      holds: holds.map(readable),
      leaves: leaves.map(readable),
      transfers: transfers.map((row) => readable(opened(row, 'answerSealed', answerName))),
      charges: charges.map(readable),
    };
  },

  /** Days and sums stay, by the number of the file alone; what was said about the person goes. */
  async erase(manager, elderId) {
    await manager.query('UPDATE bed_stay SET endNoteSealed = NULL WHERE elderId = ?', [elderId]);
    await manager.query(
      'UPDATE stay_transfer SET answerSealed = NULL WHERE stayId IN (SELECT id FROM bed_stay WHERE elderId = ?)',
      [elderId],
    );
  },
};

function readable(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readableValue(name, value)]));
}

function readableValue(name: string, value: number | string | null): number | string | null {
  if (value === null) return null;
  if (name.endsWith('At')) return new Date(Number(value)).toISOString();
  return ['id', 'stayId', 'fen', 'days', 'leaveDays'].includes(name) ? Number(value) : value;
}
