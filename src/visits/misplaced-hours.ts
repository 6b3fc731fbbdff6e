import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';

/** A visit to come that hours of another month or week are reserved for. */
export interface MisplacedHours {
  visitId: number;
  day: Day;
  grantId: number;
  fromDay: Day;
  toDay: Day;
}

/** How many visits are read at a time. */
const pageRows = 1000;

/**
 * What no statement of both engines can say, because days are those of China: every visit to come whose hours are
 * not those of its day, as when it was moved without them.
 */
export async function* misplacedHours(manager: EntityManager): AsyncGenerator<MisplacedHours> {
  for (let afterId = 0; ; ) {
    const rows: (Omit<MisplacedHours, 'day'> & { startsAt: number | string })[] = await manager.query(
      `SELECT v.id AS visitId, v.startsAt, g.id AS grantId, CAST(g.fromDay AS CHAR) AS fromDay,
              CAST(g.toDay AS CHAR) AS toDay
         FROM visit v
         JOIN hours_posting p ON p.visitId = v.id
         JOIN hours_entry e ON e.postingId = p.id AND e.account = 'RESERVED'
         JOIN hours_grant g ON g.id = e.ownerId
        WHERE v.status IN ('REQUESTED', 'ASSIGNED', 'IN_PROGRESS') AND v.id > ?
        GROUP BY v.id, v.startsAt, g.id, g.fromDay, g.toDay HAVING SUM(e.minutes) <> 0
        ORDER BY v.id, g.id LIMIT ${pageRows}`,
      [afterId],
    );
    for (const { startsAt, ...row } of rows) {
      const day = dayOf(new Date(Number(startsAt)));
      if (!isWithinDays(day, row.fromDay, row.toDay)) yield { ...row, day };
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) return;
    // A visit whose grants are on two pages is looked at again as a whole, but for one that fills a page.
    afterId = rows[0]?.visitId === last.visitId ? last.visitId : last.visitId - 1;
  }
}
