import type { EntityManager } from 'typeorm';
import type { Asked } from './count-statements.js';
import { engine } from './test-database.js';

/** What grows with the years; nobody reads one of these whole for an answer. */
export const growing = [
  'visit',
  'visit_caregiver',
  'visit_alert',
  'visit_event',
  'visit_evidence',
  'visit_booking',
  'care_note',
  'care_alert',
  'hours_posting',
  'hours_entry',
  'station_line',
  'visit_away',
  'family_payment',
];

/**
 * Statistics are drawn by lot from a few pages. Where two plans are close one draw may choose the whole table; where an
 * index is missing every draw does.
 */
const drawsMax = 5;

/** The growing tables that a statement would read whole. */
export async function readWhole(m: EntityManager, { sql, parameters }: Asked): Promise<string[]> {
  const names = aliasesIn(sql);
  if (engine === 'mysql') {
    let whole = await scannedOnMysql(m, { sql, parameters }, names);
    for (let draw = 1; draw < drawsMax && whole.length > 0; draw++) {
      await m.query(`ANALYZE TABLE ${growing.join(', ')}`);
      whole = await scannedOnMysql(m, { sql, parameters }, names);
    }
    return whole;
  }
  const plan: { detail: string }[] = await m.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
  return plan
    .filter(({ detail }) => names.has(/^SCAN (\w+)$/.exec(detail)?.[1] ?? ''))
    .map(({ detail }) => `${detail}: ${sql}`);
}

async function scannedOnMysql(
  m: EntityManager,
  { sql, parameters }: Asked,
  names: ReadonlySet<string>,
): Promise<string[]> {
  const plan: { table: string | null; type: string | null; rows: number | null }[] = await m.query(
    `EXPLAIN ${sql}`,
    parameters,
  );
  return plan
    .filter(({ table, type, rows }) => type === 'ALL' && Number(rows) > 500 && names.has(table ?? ''))
    .map(({ table }) => `${table}: ${sql}`);
}

/** What the growing tables are called in a statement. */
function aliasesIn(sql: string): Set<string> {
  const words = new Set(['JOIN', 'LEFT', 'WHERE', 'ON', 'GROUP', 'ORDER', 'UNION']);
  return new Set(
    growing.flatMap((table) =>
      [...sql.matchAll(new RegExp(`\\b(?:FROM|JOIN)\\s+${table}\\b(?:\\s+(?:AS\\s+)?(\\w+))?`, 'gi'))].map(
        ([, alias]) => (alias === undefined || words.has(alias.toUpperCase()) ? table : alias),
      ),
    ),
  );
}
