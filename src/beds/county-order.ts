import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import type { ClassRow } from './waitlist.rules.js';
import { type LinesWanted, listClosings } from './waitlist-line.js';
import { waitlistClasses } from './waitlist-terms.js';

/**
 * The entries that come first among some lines, in their order: the database finds the class of each by the same rows
 * as `classOf` does, so that of twenty thousand who wait those fifty that are shown are read. Whoever stands before
 * somebody in the own line comes before in this order too.
 */
export async function firstInLines(
  manager: EntityManager,
  wanted: LinesWanted,
  { first, now }: { first: number; now: Date },
): Promise<number[]> {
  const today = dayOf(now);
  const closings = await listClosings(manager, wanted, now);
  const order = orderSql(await waitlistClasses(manager, today), today);
  const closed = closings.map(() => ' AND NOT (w.openElderId = ? AND w.joinedOn <= ?)').join('');
  const rows: { id: number | string }[] = await manager.query(
    `SELECT w.id, ${order.sql} AS classOrder FROM waitlist_entry w JOIN elder e ON e.id = w.elderId
      WHERE w.openElderId IS NOT NULL AND e.status = 'ACTIVE' AND ${wanted.condition}${closed}
      ORDER BY classOrder, w.joinedAt, w.id LIMIT ?`,
    [
      ...order.parameters,
      ...wanted.parameters,
      ...closings.flatMap(({ elderId, on }) => [elderId, on]),
      first,
    ],
  );
  return rows.map(({ id }) => Number(id));
}

/** Which class of elder `e` comes how early: 0 comes first. Of rows that are tried in order the first that holds counts. */
function orderSql(classes: readonly ClassRow[], on: Day): { sql: string; parameters: unknown[] } {
  const keyOf = ({ atOnce, rank }: ClassRow) => (atOnce ? 0 : 1_000_000) + rank;
  const parameters: unknown[] = [];
  const cases = classes.map((row) => {
    const conditions = ['1 = 1'];
    if (row.category !== null) {
      conditions.push('EXISTS (SELECT 1 FROM elder_category c WHERE c.elderId = e.id AND c.category = ?)');
      parameters.push(row.category);
    }
    if (row.levelMin !== null) {
      conditions.push('e.abilityLevel >= ? AND (e.abilityExpiresOn IS NULL OR e.abilityExpiresOn > ?)');
      parameters.push(row.levelMin, on);
    }
    if (row.ageMin !== null) {
      conditions.push('e.birthDate <= ?');
      parameters.push(bornBy(row.ageMin, on));
    }
    return `WHEN ${conditions.join(' AND ')} THEN ${keyOf(row)}`;
  });
  return { sql: `CASE ${cases.join(' ')} END`, parameters };
}

/** The last day on which somebody was born who has completed so many years on a day; see `completedYears`. */
export function bornBy(years: number, on: Day): Day {
  const year = String(Number(on.slice(0, 4)) - years).padStart(4, '0');
  const isLeap = new Date(`${year}-02-29`).getUTCDate() === 29;
  return on.endsWith('-02-29') && !isLeap ? `${year}-02-28` : `${year}${on.slice(4)}`;
}
