import type { EntityManager } from 'typeorm';
import type { PersonalRecords } from '../elders/personal-records.js';
import {
  type DisputesAbout,
  disputesOf,
  eraseDisputes,
  openDisputes,
} from '../settlement/dispute-records.js';

/**
 * What is kept about an elder's government hours: what was granted, every posting about it, and what was said for and
 * against a visit when its month was settled.
 */
export const elderHoursRecords: PersonalRecords = {
  name: 'hours',

  async collect(manager, elderId) {
    return {
      postings: await postingsOf(manager, elderId),
      disputes: await disputesOf(manager, disputes, elderId),
    };
  },

  unsettled: (manager, elderId) => openDisputes(manager, disputes, elderId),

  /** Postings name the elder by the number of the file alone, which tells nothing once that is empty. */
  erase: (manager, elderId) => eraseDisputes(manager, disputes, elderId),
};

const disputes: DisputesAbout = {
  about: 'p.visitId',
  from: `FROM hours_posting p JOIN statement_dispute d ON d.kind = 'STATION' AND d.postingId = p.id
  WHERE p.elderId = ?`,
};

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
