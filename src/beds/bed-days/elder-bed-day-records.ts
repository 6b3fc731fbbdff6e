import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../../elders/personal-records.js';
import {
  type DisputesAbout,
  disputesOf,
  eraseDisputes,
  openDisputes,
} from '../../settlement/dispute-records.js';
import { linesPerStay } from './home-line.rules.js';

/** What statements of homes keep about an elder: days, what they were paid for, and what was said for and against them. */
export const elderBedDayRecords: PersonalRecords = {
  name: 'bedDays',

  async collect(manager, elderId) {
    const said = await disputesOf(manager, disputes, elderId);
    return {
      lines: await linesOf(manager, elderId),
      disputes: said.map((row) => ({ ...row, stayId: Number(row.stayId) })),
    };
  },

  unsettled: (manager, elderId) => openDisputes(manager, disputes, elderId),

  /** Lines name the elder by the number of the file alone, which tells nothing once that is empty. */
  erase: (manager, elderId) => eraseDisputes(manager, disputes, elderId),
};

/** The number of a line says of which stay it is, whether or not its statement went back meanwhile. */
const disputes: DisputesAbout = {
  about: 's.id AS stayId',
  from: `FROM bed_stay s
   JOIN statement_dispute d ON d.kind = 'HOME' AND d.postingId >= s.id * ${linesPerStay}
    AND d.postingId < (s.id + 1) * ${linesPerStay}
  WHERE s.elderId = ?`,
};

type Row = Record<string, number | string | null>;

async function linesOf(manager: EntityManager, elderId: number): Promise<object[]> {
  const rows: Row[] = await manager.query(
    `SELECT facility.code AS facilityCode, statement.month, line.kind, line.stayId, line.bedType, line.level,
            line.daysMonth, line.days, line.units AS presentDays, line.homeLeaveDays, line.hospitalDays,
            line.countedDays, line.grossFen
       FROM home_line line
       JOIN month_statement statement ON statement.id = line.statementId
       JOIN facility ON facility.id = line.facilityId
      WHERE line.elderId = ? ORDER BY statement.month, line.postingId`,
    [elderId],
  );
  return rows.map((row) => ({ ...row, stayId: Number(row.stayId), grossFen: Number(row.grossFen) }));
}
