import type { EntityManager } from 'typeorm';
import type { BedCounts, DayCounts } from '../../src/beds/bed-count.rules.js';
import type { Day } from '../../src/shared/china-time.js';

type Sum = number | string | null;
type HandCounts = Record<'total' | 'nursing' | 'inService' | 'closed' | 'stays' | 'leaves' | 'held', Sum>;
type HandChange = { day: Day; what: string; delta: Sum; nursing: Sum };

/**
 * The roll-up of a day in one statement, as somebody would write it who knows that nothing else is asked: beds are read
 * once for their three figures, each facility is counted before the tree is asked, and open stays are a range of their own.
 */
export function rollupByHand(
  manager: EntityManager,
  root: number,
  day: Day,
  nowMs: number,
): Promise<HandCounts[]> {
  const on = (first: string, end: string) => `${first} <= '${day}' AND (${end} IS NULL OR ${end} > '${day}')`;
  const count = (place: number, table: string, condition: string) =>
    `SELECT t.facilityId, ${[0, 0, 0, 0, 0, 0, 0].map((zero, index) => (index === place ? 'COUNT(*)' : zero)).join(', ')}
       FROM ${table} t WHERE ${condition} GROUP BY t.facilityId`;
  return manager.query(
    `WITH RECURSIVE tree (id) AS (
       SELECT ${root} UNION SELECT p.facilityId FROM tree JOIN facility_placement p ON p.parentId = tree.id
          AND ${on('p.fromDay', 'p.toDay')})
     SELECT SUM(total) AS total, SUM(nursing) AS nursing, SUM(inService) AS inService, SUM(closed) AS closed,
            SUM(stays) AS stays, SUM(leaves) AS leaves, SUM(held) AS held
       FROM (SELECT b.facilityId, SUM(b.registeredOn <= '${day}') AS total,
                    SUM(b.registeredOn <= '${day}' AND b.type = 'NURSING') AS nursing,
                    SUM(b.inServiceFrom <= '${day}') AS inService,
                    0 AS closed, 0 AS stays, 0 AS leaves, 0 AS held
               FROM bed b WHERE b.closedOn IS NULL OR b.closedOn > '${day}' GROUP BY b.facilityId
             UNION ALL ${count(3, 'bed_out_of_service', on('t.fromDay', 't.toDay'))}
             UNION ALL ${count(4, 'bed_stay', `t.toDay IS NULL AND t.fromDay <= '${day}'`)}
             UNION ALL ${count(4, 'bed_stay', `t.toDay > '${day}' AND t.fromDay <= '${day}'`)}
             UNION ALL ${count(5, 'stay_leave', on('t.fromDay', 't.toDay'))}
             UNION ALL ${count(6, 'bed_hold', `t.fromDay <= '${day}' AND t.endedAt IS NULL AND t.expiresAt > ${nowMs}`)}
            ) counted
      WHERE facilityId IN (SELECT id FROM tree)`,
  );
}

/**
 * The series in one statement: what begins and what ends, day by day, of all that the served series tells; whoever reads
 * it adds up. The tree is read once, everything is summed by facility before it is asked, beds are read once for each end
 * of their spans, and open stays are a range of their own. A hold is taken to keep its bed until it ends or expires, which
 * is all that this city has.
 */
export function seriesByHand(
  manager: EntityManager,
  root: number,
  { from, to }: { from: Day; to: Day },
  nowMs: number,
): Promise<HandChange[]> {
  const parts: string[] = [];
  const nursing = (what: string) => (what === 'beds' ? "SUM(t.type = 'NURSING')" : '0');
  const begins = (what: string, table: string, first: string, more: string) =>
    parts.push(
      `SELECT t.facilityId, GREATEST(${first}, '${from}') AS day, '${what}' AS what, COUNT(*) AS delta,
              ${nursing(what)} AS nursing
         FROM ${table} t WHERE ${first} < '${to}' AND ${more} GROUP BY 1, 2`,
    );
  const ends = (what: string, table: string, [first, end]: [string, string], more = '1 = 1') =>
    parts.push(
      `SELECT t.facilityId, ${end}, '${what}', -COUNT(*), -${nursing(what)}
         FROM ${table} t WHERE ${end} > '${from}' AND ${end} < '${to}' AND ${first} < '${to}' AND ${more} GROUP BY 1, 2`,
    );
  const spans = (what: string, table: string, [first, end]: [string, string], more = '1 = 1') => {
    begins(what, table, first, `(${end} IS NULL OR ${end} > '${from}') AND ${more}`);
    ends(what, table, [first, end], more);
  };
  spans('beds', 'bed', ['t.registeredOn', 't.closedOn']);
  spans('inService', 'bed', ['t.inServiceFrom', 't.closedOn']);
  spans('closed', 'bed_out_of_service', ['t.fromDay', 't.toDay']);
  begins('stays', 'bed_stay', 't.fromDay', 't.toDay IS NULL');
  begins('stays', 'bed_stay', 't.fromDay', `t.toDay > '${from}'`);
  ends('stays', 'bed_stay', ['t.fromDay', 't.toDay']);
  spans('leaves', 'stay_leave', ['t.fromDay', 't.toDay']);
  const counting = `(t.endedOn IS NOT NULL OR t.expiresOn < '${to}' OR t.expiresAt > ${nowMs})`;
  spans('held', 'bed_hold', ['t.fromDay', 'COALESCE(t.endedOn, t.expiresOn)'], counting);
  return manager.query(
    `WITH RECURSIVE tree (id) AS (
       SELECT ${root} UNION SELECT p.facilityId FROM tree JOIN facility_placement p ON p.parentId = tree.id
          AND p.fromDay <= '${from}' AND (p.toDay IS NULL OR p.toDay > '${from}'))
     SELECT CAST(day AS CHAR) AS day, what, SUM(delta) AS delta, SUM(nursing) AS nursing
       FROM (${parts.join('\nUNION ALL ')}) counted
      WHERE facilityId IN (SELECT id FROM tree) GROUP BY day, what`,
  );
}

/** @throws when the two roll-ups tell different figures: then their times compare nothing */
export function checkRollup(served: BedCounts | undefined, [hand]: HandCounts[]): void {
  const { total, nursing, inService, closed, stays, leaves, held } = Object.fromEntries(
    Object.entries(hand ?? {}).map(([name, sum]) => [name, Number(sum)]),
  ) as Record<keyof HandCounts, number>;
  const open = inService - closed;
  const wanted = {
    total,
    open,
    occupied: stays - leaves,
    onLeave: leaves,
    held,
    free: open - stays - held,
    nursing,
  };
  if (JSON.stringify(served) !== JSON.stringify(wanted)) throw new Error('the two roll-ups differ');
}

/** @throws when the two series tell different figures */
export function checkSeries(served: readonly DayCounts[], changes: readonly HandChange[]): void {
  const sums = { beds: 0, nursing: 0, inService: 0, closed: 0, stays: 0, leaves: 0, held: 0 };
  for (const { date, ...counts } of served) {
    for (const { what, delta, nursing } of changes.filter(({ day }) => day === date)) {
      sums[what as keyof typeof sums] += Number(delta);
      sums.nursing += Number(nursing);
    }
    const { beds: total, nursing, inService, closed, stays, leaves, held } = sums;
    checkRollup(counts, [{ total, nursing, inService, closed, stays, leaves, held }]);
  }
}
