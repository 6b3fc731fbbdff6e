import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../elders/personal-records.js';
import { placeholders } from '../shared/statements.js';

/** What stands in the place of a text about somebody who was taken out. */
const erasedWords = '已清除';

/**
 * What is kept about an elder's government hours: what was granted, every posting about it, and what was said for and
 * against a visit when its month was settled.
 */
export const elderHoursRecords: PersonalRecords = {
  name: 'hours',

  async collect(manager, elderId) {
    return { postings: await postingsOf(manager, elderId), disputes: await disputesAbout(manager, elderId) };
  },

  async unsettled(manager, elderId) {
    const rows: unknown[] = await manager.query(`SELECT d.id ${disputesSql} AND d.decision IS NULL LIMIT 1`, [
      elderId,
    ]);
    return rows.length > 0 ? [{ zh: '待决定的争议', en: 'a dispute that waits for its decision' }] : [];
  },

  /** Postings name the elder by the number of the file alone, which tells nothing once that is empty. */
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

const disputesSql = `FROM hours_posting p JOIN statement_dispute d ON d.kind = 'STATION' AND d.postingId = p.id
  WHERE p.elderId = ?`;

async function postingsOf(manager: EntityManager, elderId: number): Promise<object[]> {
  const rows: Record<string, number | string | null>[] = await manager.query(
    `SELECT p.kind, CAST(p.bookedOn AS CHAR) AS bookedOn, p.postedAt, station.code AS stationCode, g.setCode,
            g.grantCode, g.period, e.account, e.minutes, e.fen
       FROM hours_posting p
       JOIN hours_entry e ON e.postingId = p.id
       LEFT JOIN hours_grant g ON g.id = e.grantId
       LEFT JOIN facility station ON station.id = p.stationId
      WHERE p.elderId = ? ORDER BY p.id, e.line`,
    [elderId],
  );
  return rows.map(({ postedAt, fen, ...row }) => ({
    ...row,
    postedAt: new Date(Number(postedAt)).toISOString(),
    fen: Number(fen),
  }));
}

async function disputesAbout(manager: EntityManager, elderId: number): Promise<object[]> {
  const rows: Record<string, number | string | null>[] = await manager.query(
    `SELECT p.visitId, d.reason, d.raisedAt, d.answer, d.decision, d.decisionReason, d.decidedAt
       ${disputesSql} ORDER BY d.id`,
    [elderId],
  );
  const instant = (ms: number | string | null | undefined) =>
    ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString();
  return rows.map(({ raisedAt, decidedAt, ...row }) => ({
    ...row,
    raisedAt: instant(raisedAt),
    decidedAt: instant(decidedAt),
  }));
}
