import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** More levels than a network has; a walk upwards ends here even if the rows were broken. */
const levelsMax = 16;

/** An SQL condition that `alias`, a row of facility_placement, holds on a day; it takes the day twice. */
export function holdsOnDay(alias: string): string {
  return `${alias}.fromDay <= ? AND (${alias}.toDay IS NULL OR ${alias}.toDay > ?)`;
}

/** An SQL condition that `alias`, a row of facility, is open on a day; it takes the day twice. */
export function openOnDay(alias: string): string {
  return `${alias}.openedOn <= ? AND (${alias}.closedOn IS NULL OR ${alias}.closedOn > ?)`;
}

/** A piece of SQL and what its question marks stand for, in their order. */
export interface SqlPart {
  sql: string;
  parameters: unknown[];
}

/**
 * The table `beneath (rootId, facilityId)`: for each of `roots` itself and every facility that stood
 * beneath it on `day`, closed ones included, each pair once. The SQL is a `WITH RECURSIVE …` to put in
 * front of a SELECT, its parameters in front of the SELECT's:
 *
 *     const beneath = withBeneath(roots, day);
 *     manager.query(
 *       `${beneath.sql}
 *        SELECT beneath.rootId, COUNT(elder.id) AS elders
 *          FROM beneath LEFT JOIN elder ON elder.homeStationId = beneath.facilityId
 *         GROUP BY beneath.rootId`,
 *       beneath.parameters,
 *     );
 *
 * Roots may lie beneath each other, and then a facility belongs to several of them: to list rows rather
 * than to count them by root, ask `… IN (SELECT facilityId FROM beneath)`. The LEFT JOIN of the example
 * makes both engines begin with the tree, however large the other table is.
 */
export function withBeneath(roots: readonly number[], day: Day): SqlPart {
  return {
    // UNION without ALL: pairs that are there already are dropped, so even a broken tree ends.
    sql: `WITH RECURSIVE beneath (rootId, facilityId) AS (
            SELECT root.id, root.id FROM facility root WHERE root.id IN (${placeholders(roots) || 'NULL'})
            UNION
            SELECT beneath.rootId, placement.facilityId
              FROM beneath
              JOIN facility_placement placement ON placement.parentId = beneath.facilityId
               AND ${holdsOnDay('placement')}
          )`,
    parameters: [...roots, day, day],
  };
}

/**
 * The table `above (facilityId, ancestorId, distance)`: every facility that stood above each of `facilityIds` on
 * `day`, the parent at distance 1. The SQL is a `WITH RECURSIVE …`, as of `withBeneath`.
 */
export function withAbove(facilityIds: readonly number[], day: Day): SqlPart {
  return {
    sql: `WITH RECURSIVE above (facilityId, ancestorId, distance) AS (
            SELECT placement.facilityId, placement.parentId, 1
              FROM facility_placement placement
             WHERE placement.facilityId IN (${placeholders(facilityIds) || 'NULL'})
               AND ${holdsOnDay('placement')}
            UNION ALL
            SELECT above.facilityId, placement.parentId, above.distance + 1
              FROM above
              JOIN facility_placement placement ON placement.facilityId = above.ancestorId
               AND ${holdsOnDay('placement')}
             WHERE above.distance < ${levelsMax}
          )`,
    parameters: [...facilityIds, day, day, day, day],
  };
}

/**
 * Which facilities stood above each of `facilityIds` on `day`: from the root down to the parent, none for a
 * root and for an id that nobody has. One statement.
 */
export async function ancestorsOf(
  manager: EntityManager,
  facilityIds: readonly number[],
  day: Day,
): Promise<Map<number, number[]>> {
  const ancestors = new Map<number, number[]>(facilityIds.map((id) => [id, []]));
  if (facilityIds.length === 0) return ancestors;
  const { sql, parameters } = withAbove(facilityIds, day);
  const rows: { facilityId: number; ancestorId: number }[] = await manager.query(
    `${sql} SELECT facilityId, ancestorId FROM above ORDER BY facilityId, distance DESC`,
    parameters,
  );
  for (const { facilityId, ancestorId } of rows) ancestors.get(facilityId)?.push(ancestorId);
  return ancestors;
}

/**
 * Everything above a placement at some time while it lasts, as `above (startId, ancestorId, fromDay, toDay,
 * distance)`: the days are texts, `toDay` is '9999-12-31' while open, and each step up keeps the days on which
 * all placements below it held. `start` selects the first rows in those columns.
 */
export function withEverAbove(start: string): string {
  return `WITH RECURSIVE above (startId, ancestorId, fromDay, toDay, distance) AS (
            ${start}
            UNION ALL
            SELECT above.startId, placement.parentId,
                   CASE WHEN CAST(placement.fromDay AS CHAR) > above.fromDay
                        THEN CAST(placement.fromDay AS CHAR) ELSE above.fromDay END,
                   CASE WHEN ${endOf('placement')} < above.toDay
                        THEN ${endOf('placement')} ELSE above.toDay END,
                   above.distance + 1
              FROM above
              JOIN facility_placement placement ON placement.facilityId = above.ancestorId
               AND CAST(placement.fromDay AS CHAR) < above.toDay
               AND ${endOf('placement')} > above.fromDay
             WHERE above.distance < ${levelsMax}
          )`;
}

/**
 * Every facility that stood at or beneath `root` on some day of [from, to), as `ever (facilityId, fromDay, toDay,
 * distance)`: the days are texts within [from, to), and a facility that came, left and came back has several rows.
 */
export function withEverBeneath(root: number, from: Day, to: Day): SqlPart {
  return {
    sql: `WITH RECURSIVE ever (facilityId, fromDay, toDay, distance) AS (
            SELECT root.id, CAST(? AS CHAR(10)), CAST(? AS CHAR(10)), 0 FROM facility root WHERE root.id = ?
            UNION ALL
            SELECT placement.facilityId,
                   CASE WHEN CAST(placement.fromDay AS CHAR) > ever.fromDay
                        THEN CAST(placement.fromDay AS CHAR) ELSE ever.fromDay END,
                   CASE WHEN ${endOf('placement')} < ever.toDay THEN ${endOf('placement')} ELSE ever.toDay END,
                   ever.distance + 1
              FROM ever
              JOIN facility_placement placement ON placement.parentId = ever.facilityId
               AND CAST(placement.fromDay AS CHAR) < ever.toDay
               AND ${endOf('placement')} > ever.fromDay
             WHERE ever.distance < ${levelsMax}
          )`,
    parameters: [from, to, root],
  };
}

/** The first day on which a placement no longer holds, as text that compares with other days. */
export function endOf(alias: string): string {
  return `COALESCE(CAST(${alias}.toDay AS CHAR), '9999-12-31')`;
}
