import type { PersonalRecords } from '../elders/personal-records.js';

/** What is kept about an elder's government hours: what was granted, and every posting about it. */
export const elderHoursRecords: PersonalRecords = {
  name: 'hours',

  async collect(manager, elderId) {
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
  },

  async erase() {
    // Postings name the elder by the number of the file alone, which tells nothing once that is empty.
  },
};
