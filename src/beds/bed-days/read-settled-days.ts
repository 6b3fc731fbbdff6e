import type { EntityManager } from 'typeorm';
import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { Day } from '../../shared/china-time.js';
import { type Month, monthOf } from '../../shared/month.js';
import { placeholders } from '../../shared/statements.js';
import type { Part } from './bed-day.rules.js';
import { keyOf, type SettledDays } from './home-line.rules.js';

interface Asked {
  facilityIds: readonly number[];
  /** The months of the days, both ends included. */
  from: Month;
  to: Month;
}

type Counts = 'units' | 'homeLeaveDays' | 'hospitalDays' | 'countedDays';
type Row = { facilityId: number; stayId: number | string; month: Month; level: number | null } & Record<
  Counts,
  number | string
> & { elderId: number; bedType: BedType; day: Day };

/** What all statements together have of the days of some months, by home, stay, month and level. Two statements. */
export async function settledDays(
  manager: EntityManager,
  { facilityIds, from, to }: Asked,
): Promise<Map<number, SettledDays[]>> {
  const where = `line.facilityId IN (${placeholders(facilityIds)}) AND line.daysMonth >= ? AND line.daysMonth <= ?`;
  const values = [...facilityIds, from, to];
  const rows: Row[] = await manager.query(
    `SELECT line.facilityId, line.stayId, line.daysMonth AS month, line.level, line.elderId, line.bedType,
            CAST(MIN(line.day) AS CHAR) AS day, SUM(line.units) AS units, SUM(line.homeLeaveDays) AS homeLeaveDays,
            SUM(line.hospitalDays) AS hospitalDays, SUM(line.countedDays) AS countedDays
       FROM home_line line WHERE ${where}
      GROUP BY line.facilityId, line.stayId, line.daysMonth, line.level, line.elderId, line.bedType`,
    values,
  );
  const partRows: (Pick<Row, 'stayId' | 'month' | 'level'> & {
    funderId: number;
    days: number | string;
    fen: number | string;
  })[] = await manager.query(
    `SELECT line.stayId, line.daysMonth AS month, line.level, part.funderId, SUM(part.days) AS days,
            SUM(part.fen) AS fen
       FROM home_line line JOIN home_line_part part ON part.postingId = line.postingId
      WHERE ${where} GROUP BY line.stayId, line.daysMonth, line.level, part.funderId`,
    values,
  );
  const parts = new Map<string, Map<number, Part>>();
  for (const { funderId, days, fen, ...row } of partRows) {
    const key = keyOf({ ...row, stayId: Number(row.stayId) });
    const own = parts.get(key) ?? new Map<number, Part>();
    own.set(funderId, { days: Number(days), fen: Number(fen) });
    parts.set(key, own);
  }
  const found = new Map<number, SettledDays[]>(facilityIds.map((id) => [id, []]));
  for (const { facilityId, ...row } of rows) {
    const line = {
      ...row,
      stayId: Number(row.stayId),
      units: Number(row.units),
      homeLeaveDays: Number(row.homeLeaveDays),
      hospitalDays: Number(row.hospitalDays),
      countedDays: Number(row.countedDays),
    };
    found.get(facilityId)?.push({ ...line, parts: parts.get(keyOf(line)) ?? new Map() });
  }
  return found;
}

/** The months that homes submitted, which are not drafts. One statement. */
export async function closedMonths(
  manager: EntityManager,
  facilityIds: readonly number[],
): Promise<Map<number, Set<Month>>> {
  const found = new Map<number, Set<Month>>(facilityIds.map((id) => [id, new Set()]));
  const rows: { facilityId: number; month: Month }[] = await manager.query(
    `SELECT facilityId, month FROM month_statement
      WHERE kind = 'HOME' AND state <> 'DRAFT' AND facilityId IN (${placeholders(facilityIds)})`,
    [...facilityIds],
  );
  for (const { facilityId, month } of rows) found.get(facilityId)?.add(month);
  return found;
}

/**
 * The month from which on each home's months are submitted one after the other: that of the first stay that somebody
 * entered. A home without any has none: what an import tells of the years before was settled elsewhere.
 */
export async function firstMonths(
  manager: EntityManager,
  facilityIds: readonly number[],
): Promise<Map<number, Month>> {
  const rows: { facilityId: number; fromDay: Day }[] = await manager.query(
    `SELECT facilityId, CAST(MIN(fromDay) AS CHAR) AS fromDay FROM bed_stay
      WHERE facilityId IN (${placeholders(facilityIds)}) AND cancelledAt IS NULL AND enteredById IS NOT NULL
      GROUP BY facilityId`,
    [...facilityIds],
  );
  return new Map(rows.map(({ facilityId, fromDay }) => [facilityId, monthOf(fromDay)]));
}

/** The first month that a home's order begins with: one that was submitted, or that of the first stay entered. */
export function beginning(
  { closed, first }: { closed: ReadonlySet<Month>; first: Month | undefined },
  month: Month,
): Month {
  return [...closed, first ?? month].sort()[0] ?? month;
}

/** By home, then by stay and month: the days that nobody pays for. One statement. */
export async function deniedDays(
  manager: EntityManager,
  { facilityIds, from, to }: Asked,
): Promise<Map<string, string>> {
  const rows: { stayId: number | string; month: Month; days: string }[] = await manager.query(
    `SELECT denied.stayId, denied.month, denied.days
       FROM denied_bed_days denied JOIN bed_stay s ON s.id = denied.stayId
      WHERE s.facilityId IN (${placeholders(facilityIds)}) AND denied.month >= ? AND denied.month <= ?`,
    [...facilityIds, from, to],
  );
  const found = new Map<string, string>();
  for (const { stayId, month, days } of rows) {
    const key = `${stayId} ${month}`;
    const before = found.get(key) ?? '';
    found.set(key, [...days].map((letter, index) => (before[index] === 'X' ? 'X' : letter)).join(''));
  }
  return found;
}
