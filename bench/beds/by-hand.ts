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

/**
 * The series in one statement: what begins and what ends, day by day, of all that the served series tells; whoever reads
 * it adds up. A hold is taken to keep its bed until it ends or expires, which is all that this city has.
 */
export function seriesByHand(
  manager: EntityManager,
  root: number,
  { from, to }: { from: Day; to: Day },
  nowMs: number,
): Promise<unknown[]> {
  const parts: { sql: string; values: unknown[] }[] = [];
  const add = (measure: string, table: string, [first, end]: [string, string], more = '1 = 1') => {
    const there = `FROM ${table} t WHERE t.facilityId IN (SELECT id FROM tree) AND ${more}`;
    parts.push({
      sql: `SELECT GREATEST(${first}, ?) AS day, '${measure}' AS what, COUNT(*) AS delta ${there}
               AND ${first} < ? AND (${end} IS NULL OR ${end} > ?) GROUP BY 1`,
      values: [from, to, from],
    });
    parts.push({
      sql: `SELECT ${end}, '${measure}', -COUNT(*) ${there} AND ${end} > ? AND ${end} < ? GROUP BY 1`,
      values: [from, to],
    });
  };
  add('beds', 'bed', ['t.registeredOn', 't.closedOn']);
  add('nursing', 'bed', ['t.registeredOn', 't.closedOn'], "t.type = 'NURSING'");
  add('inService', 'bed', ['t.inServiceFrom', 't.closedOn']);
  add('closed', 'bed_out_of_service', ['t.fromDay', 't.toDay']);
  // Open stays apart from ended ones, so that each is one range of the index.
  const stays = 'FROM bed_stay t WHERE t.facilityId IN (SELECT id FROM tree)';
  parts.push(
    {
      sql: `SELECT GREATEST(t.fromDay, ?), 'stays', COUNT(*) ${stays} AND t.toDay IS NULL AND t.fromDay < ? GROUP BY 1`,
      values: [from, to],
    },
    {
      sql: `SELECT GREATEST(t.fromDay, ?), 'stays', COUNT(*) ${stays} AND t.toDay > ? AND t.fromDay < ? GROUP BY 1`,
      values: [from, from, to],
    },
    {
      sql: `SELECT t.toDay, 'stays', -COUNT(*) ${stays} AND t.toDay > ? AND t.toDay < ? GROUP BY 1`,
      values: [from, to],
    },
  );
  add('leaves', 'stay_leave', ['t.fromDay', 't.toDay']);
  const counting = `(t.endedOn IS NOT NULL OR t.expiresOn < '${to}' OR t.expiresAt > ${nowMs})`;
  add('held', 'bed_hold', ['t.fromDay', 'COALESCE(t.endedOn, t.expiresOn)'], counting);
  return manager.query(`${tree} ${parts.map(({ sql }) => sql).join('\nUNION ALL ')}`, [
    ...[root, from, from],
    ...parts.flatMap(({ values }) => values),
  ]);
}
