import type { EntityManager } from 'typeorm';
import type { Day } from '../../src/shared/china-time.js';

const tree = `WITH RECURSIVE tree (id) AS (
    SELECT ? UNION SELECT p.facilityId FROM tree JOIN facility_placement p ON p.parentId = tree.id
       AND p.fromDay <= ? AND (p.toDay IS NULL OR p.toDay > ?))`;

/** The roll-up of a day in one statement, as somebody would write it who knows that nothing else is asked. */
export function rollupByHand(
  manager: EntityManager,
  root: number,
  day: Day,
  nowMs: number,
): Promise<unknown[]> {
  const there = (alias: string) => `EXISTS (SELECT 1 FROM tree WHERE tree.id = ${alias}.facilityId)`;
  return manager.query(
    `${tree}
     SELECT (SELECT COUNT(*) FROM bed b JOIN tree ON tree.id = b.facilityId
              WHERE b.registeredOn <= ? AND (b.closedOn IS NULL OR b.closedOn > ?)) AS total,
            (SELECT COUNT(*) FROM bed b JOIN tree ON tree.id = b.facilityId
              WHERE b.registeredOn <= ? AND (b.closedOn IS NULL OR b.closedOn > ?) AND b.type = 'NURSING') AS nursing,
            (SELECT COUNT(*) FROM bed b JOIN tree ON tree.id = b.facilityId
              WHERE b.inServiceFrom <= ? AND (b.closedOn IS NULL OR b.closedOn > ?)) AS inService,
            (SELECT COUNT(*) FROM bed_out_of_service o WHERE o.fromDay <= ? AND (o.toDay IS NULL OR o.toDay > ?)
                AND ${there('o')}) AS closed,
            (SELECT COUNT(*) FROM bed_stay s WHERE s.toDay IS NULL AND s.fromDay <= ? AND ${there('s')})
          + (SELECT COUNT(*) FROM bed_stay s WHERE s.toDay > ? AND s.fromDay <= ? AND ${there('s')}) AS stays,
            (SELECT COUNT(*) FROM stay_leave l WHERE l.fromDay <= ? AND (l.toDay IS NULL OR l.toDay > ?)
                AND ${there('l')}) AS leaves,
            (SELECT COUNT(*) FROM bed_hold h WHERE h.fromDay <= ? AND h.endedAt IS NULL AND h.expiresAt > ?
                AND ${there('h')}) AS held`,
    [root, day, day, day, day, day, day, day, day, day, day, day, day, day, day, day, day, nowMs],
  );
}

/** The series in one statement: what begins and what ends, day by day; whoever reads it adds up. */
export function seriesByHand(
  manager: EntityManager,
  root: number,
  { from, to }: { from: Day; to: Day },
): Promise<unknown[]> {
  const ids = 'SELECT id FROM tree';
  return manager.query(
    `${tree}
     SELECT day, SUM(beds) AS beds, SUM(stays) AS stays, SUM(leaves) AS leaves FROM (
       SELECT GREATEST(b.inServiceFrom, ?) AS day, COUNT(*) AS beds, 0 AS stays, 0 AS leaves FROM bed b
        WHERE b.facilityId IN (${ids}) AND b.inServiceFrom < ? AND (b.closedOn IS NULL OR b.closedOn > ?) GROUP BY 1
       UNION ALL SELECT b.closedOn, -COUNT(*), 0, 0 FROM bed b
        WHERE b.facilityId IN (${ids}) AND b.closedOn > ? AND b.closedOn < ? GROUP BY 1
       UNION ALL SELECT GREATEST(s.fromDay, ?), 0, COUNT(*), 0 FROM bed_stay s
        WHERE s.facilityId IN (${ids}) AND s.toDay IS NULL AND s.fromDay < ? GROUP BY 1
       UNION ALL SELECT GREATEST(s.fromDay, ?), 0, COUNT(*), 0 FROM bed_stay s
        WHERE s.facilityId IN (${ids}) AND s.toDay > ? AND s.fromDay < ? GROUP BY 1
       UNION ALL SELECT s.toDay, 0, -COUNT(*), 0 FROM bed_stay s
        WHERE s.facilityId IN (${ids}) AND s.toDay > ? AND s.toDay < ? GROUP BY 1
       UNION ALL SELECT GREATEST(l.fromDay, ?), 0, 0, COUNT(*) FROM stay_leave l
        WHERE l.facilityId IN (${ids}) AND (l.toDay IS NULL OR l.toDay > ?) AND l.fromDay < ? GROUP BY 1
       UNION ALL SELECT l.toDay, 0, 0, -COUNT(*) FROM stay_leave l
        WHERE l.facilityId IN (${ids}) AND l.toDay > ? AND l.toDay < ? GROUP BY 1
     ) e GROUP BY day ORDER BY day`,
    [
      ...[
        root,
        from,
        from,
        from,
        to,
        from,
        from,
        to,
        from,
        to,
        from,
        from,
        to,
        from,
        to,
        from,
        from,
        to,
        from,
        to,
      ],
    ],
  );
}
