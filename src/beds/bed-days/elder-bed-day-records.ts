import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../../elders/personal-records.js';
import { placeholders } from '../../shared/statements.js';
import { linesPerStay } from './home-line.rules.js';

/** What stands in the place of a text about somebody who was taken out. */
const erasedWords = '已清除';

/** What statements of homes keep about an elder: days, what they were paid for, and what was said for and against them. */
export const elderBedDayRecords: PersonalRecords = {
  name: 'bedDays',

  async collect(manager, elderId) {
    return { lines: await linesOf(manager, elderId), disputes: await disputesAbout(manager, elderId) };
  },

  async unsettled(manager, elderId) {
    const rows: unknown[] = await manager.query(`SELECT d.id ${disputesSql} AND d.decision IS NULL LIMIT 1`, [
      elderId,
    ]);
    return rows.length > 0 ? [{ zh: '待决定的争议', en: 'a dispute that waits for its decision' }] : [];
  },

  /** Lines name the elder by the number of the file alone, which tells nothing once that is empty. */
  async erase(manager, elderId) {
    const rows: { id: number | string }[] = await manager.query(`SELECT d.id ${disputesSql}`, [elderId]);
    const ids = rows.map(({ id }) => Number(id));
    if (ids.length === 0) return;
    await manager.query(
      `UPDATE statement_dispute
          SET reason = ?, answer = CASE WHEN answer IS NULL THEN NULL ELSE ? END,
              decisionReason = CASE WHEN decisionReason IS NULL THEN NULL ELSE ? END
        WHERE id IN (${placeholders(ids)})`,
      [erasedWords, erasedWords, erasedWords, ...ids],
    );
  },
};

/** The number of a line says of which stay it is, whether or not its statement went back meanwhile. */
const disputesSql = `FROM bed_stay s
   JOIN statement_dispute d ON d.kind = 'HOME' AND d.postingId >= s.id * ${linesPerStay}
    AND d.postingId < (s.id + 1) * ${linesPerStay}
  WHERE s.elderId = ?`;

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

async function disputesAbout(manager: EntityManager, elderId: number): Promise<object[]> {
  const rows: Row[] = await manager.query(
    `SELECT s.id AS stayId, d.reason, d.raisedAt, d.answer, d.decision, d.decisionReason, d.decidedAt
       ${disputesSql} ORDER BY d.id`,
    [elderId],
  );
  const instant = (ms: number | string | null | undefined) =>
    ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString();
  return rows.map(({ raisedAt, decidedAt, stayId, ...row }) => ({
    ...row,
    stayId: Number(stayId),
    raisedAt: instant(raisedAt),
    decidedAt: instant(decidedAt),
  }));
}
