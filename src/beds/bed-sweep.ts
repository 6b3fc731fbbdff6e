import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { withBeneath } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { type Measure, type Spans, type SpansAsked, spansOf, takenSpans } from './bed-spans.js';

/** By how much a measure changes with the beginning of a day; what was before the first day is told on it. */
export interface BedChange {
  day: Day;
  /** Null when the changes are not told apart by it. */
  facilityId: number | null;
  type: BedType | null;
  what: Measure;
  delta: number;
}

export interface SweepAsked extends SpansAsked {
  facilityIds: readonly number[];
  /** What the changes are told apart by, beside the day and the measure. */
  by: 'DAY' | 'TYPE' | 'FACILITY';
}

/** Changes of a measure, and of those how many are of nursing beds where the measure tells. */
interface SweptRow extends Omit<BedChange, 'delta'> {
  delta: number | string;
  nursing: number | string;
}

/**
 * Every change of what beds are over some days, summed by day: from them each day's counts follow by adding up, so that
 * a year costs as much as the rows that touch it. One statement, however many beds, stays and days. Days are days until
 * everything is summed: texts would be slower to group by.
 */
export async function sweepBeds(manager: EntityManager, asked: SweepAsked): Promise<BedChange[]> {
  const { facilityIds, from, to } = asked;
  if (facilityIds.length === 0 || from >= to) return [];
  const branches = spansOf(asked).flatMap((spans) => [begins(spans, asked), ends(spans, asked)]);
  const rows: SweptRow[] = await manager.query(
    `SELECT CAST(swept.day AS CHAR) AS day, swept.facilityId, swept.type, swept.what, swept.delta, swept.nursing
       FROM (${branches.map(({ sql }) => sql).join('\nUNION ALL\n')}) swept`,
    branches.flatMap(({ parameters }) => parameters),
  );
  return rows.flatMap(changesOf);
}

function changesOf({ delta, nursing, ...row }: SweptRow): BedChange[] {
  const change = { ...row, delta: Number(delta) };
  if (Number(nursing) === 0) return [change];
  return [change, { ...row, what: 'NURSING', delta: Number(nursing) }];
}

/** A measure on one day by the root that it lies beneath. */
export interface RootCount {
  rootId: number;
  what: Measure;
  delta: number;
}

interface CountedRow extends Omit<RootCount, 'delta'> {
  delta: number | string;
  nursing: number | string;
  inService: number | string;
}

/**
 * What the beds at or beneath each root are on one day, by the tree of that day. One statement: beds are read once for
 * all that is told of them, stays that ended before the day are not read, and each facility is counted once before the
 * tree is asked.
 */
export async function sweepBeneath(
  manager: EntityManager,
  roots: readonly number[],
  { day, now }: { day: Day; now: Date },
): Promise<RootCount[]> {
  const beneath = withBeneath(roots, day);
  const branches = [
    bedsOn(day),
    ...takenSpans({ facilityIds: null, from: day, to: dayAfter(day), now }).map((spans) =>
      countedOn(spans, day),
    ),
  ];
  const rows: CountedRow[] = await manager.query(
    `${beneath.sql}
     SELECT beneath.rootId, counted.what, SUM(counted.delta) AS delta, SUM(counted.nursing) AS nursing,
            SUM(counted.inService) AS inService
       FROM (${branches.map(({ sql }) => sql).join('\nUNION ALL\n')}) counted
       JOIN beneath ON beneath.facilityId = counted.facilityId
      GROUP BY beneath.rootId, counted.what`,
    [...beneath.parameters, ...branches.flatMap(({ parameters }) => parameters)],
  );
  return rows.flatMap(({ rootId, what, delta, nursing, inService }): RootCount[] => {
    const count = { rootId, what, delta: Number(delta) };
    if (what !== 'REGISTERED') return [count];
    const nursingCount = { rootId, what: 'NURSING' as const, delta: Number(nursing) };
    return [count, nursingCount, { rootId, what: 'IN_SERVICE', delta: Number(inService) }];
  });
}

interface Branch {
  sql: string;
  parameters: unknown[];
}

/** The calendar of the databases ends with the year 9999. */
function dayAfter(day: Day): Day {
  return day < '9999-12-31' ? addDays(day, 1) : day;
}

/** The beds of each facility on a day: registered, for nursing, and in service. */
function bedsOn(day: Day): Branch {
  const count = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  return {
    sql: `SELECT b.facilityId, 'REGISTERED' AS what, ${count('b.registeredOn <= ?')} AS delta,
                 ${count("b.registeredOn <= ? AND b.type = 'NURSING'")} AS nursing,
                 ${count('b.inServiceFrom <= ?')} AS inService
            FROM bed b WHERE b.closedOn IS NULL OR b.closedOn > ? GROUP BY b.facilityId`,
    parameters: [day, day, day, day],
  };
}

/** How many spans of each facility hold a day. */
function countedOn(spans: Spans, day: Day): Branch {
  const { what, isTakenOff, first, end, tables, tableValues, where, whereValues, owner } = spans;
  return {
    sql: `SELECT ${owner}.facilityId, '${what}' AS what, ${isTakenOff ? '-' : ''}COUNT(*) AS delta, 0 AS nursing,
                 0 AS inService
            FROM ${tables} WHERE ${where} AND ${first} <= ? AND (${end} IS NULL OR ${end} > ?)
           GROUP BY ${owner}.facilityId`,
    parameters: [...tableValues, ...whereValues, day, day],
  };
}

type Asked = SpansAsked & Pick<SweepAsked, 'by'>;

/** Spans that share a day with the window begin on their first day, or on that of the window. */
function begins(spans: Spans, asked: Asked): Branch {
  const { first, end } = spans;
  // DATE makes a day of the text, on both engines.
  const day = `CASE WHEN ${first} > ? THEN ${first} ELSE DATE(?) END`;
  const condition = `${first} < ? AND (${end} IS NULL OR ${end} > ?)`;
  return branch(spans, asked.by, { day, values: [asked.from, asked.from] }, [
    condition,
    [asked.to, asked.from],
  ]);
}

/** Their end, when it lies in the window. */
function ends(spans: Spans, asked: Asked): Branch {
  const { first, end } = spans;
  const condition = `${first} < ? AND ${end} > ? AND ${end} < ?`;
  const opposite = { ...spans, isTakenOff: !spans.isTakenOff };
  return branch(opposite, asked.by, { day: end, values: [] }, [condition, [asked.to, asked.from, asked.to]]);
}

function branch(
  { what, withNursing, isTakenOff, tables, tableValues, where, whereValues, owner, toBed }: Spans,
  by: Asked['by'],
  { day, values }: { day: string; values: readonly unknown[] },
  [condition, conditionValues]: [string, readonly unknown[]],
): Branch {
  const facility = by === 'FACILITY' ? `${owner}.facilityId` : 'NULL';
  const [type, joins] = by === 'TYPE' ? ['b.type', toBed] : ['NULL', ''];
  const sign = isTakenOff ? '-' : '';
  const nursing = withNursing ? `${sign}SUM(CASE WHEN b.type = 'NURSING' THEN 1 ELSE 0 END)` : '0';
  return {
    sql: `SELECT ${day} AS day, ${facility} AS facilityId, ${type} AS type, '${what}' AS what,
                 ${sign}COUNT(*) AS delta, ${nursing} AS nursing
            FROM ${tables}${joins} WHERE ${where} AND ${condition} GROUP BY 1${by === 'DAY' ? '' : ', 2, 3'}`,
    parameters: [...values, ...tableValues, ...whereValues, ...conditionValues],
  };
}

/** The changes of each facility, when they are told apart by it. */
export function changesByFacility(changes: readonly BedChange[]): Map<number, BedChange[]> {
  const groups = new Map<number, BedChange[]>();
  for (const change of changes) {
    if (change.facilityId === null) continue;
    const group = groups.get(change.facilityId) ?? [];
    group.push(change);
    groups.set(change.facilityId, group);
  }
  return groups;
}
