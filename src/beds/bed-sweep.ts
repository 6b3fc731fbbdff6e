import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { withBeneath } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { type Measure, type Spans, type SpansAsked, spansOf } from './bed-spans.js';

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

/**
 * Every change of what beds are over some days, summed by day: from them each day's counts follow by adding up, so that
 * a year costs as much as the rows that touch it. One statement, however many beds, stays and days.
 */
export async function sweepBeds(manager: EntityManager, asked: SweepAsked): Promise<BedChange[]> {
  const { facilityIds, from, to } = asked;
  if (facilityIds.length === 0 || from >= to) return [];
  const branches = spansOf(asked).flatMap((spans) => [begins(spans, asked), ends(spans, asked)]);
  const rows: (Omit<BedChange, 'delta'> & { delta: number | string })[] = await manager.query(
    branches.map(({ sql }) => sql).join('\nUNION ALL\n'),
    branches.flatMap(({ parameters }) => parameters),
  );
  return rows.map((row) => ({ ...row, delta: Number(row.delta) }));
}

/** Changes of one day by the root that they lie beneath. */
export interface RootCount {
  rootId: number;
  what: Measure;
  delta: number;
}

/**
 * What the beds at or beneath each root are on one day, by the tree of that day. One statement: stays that ended before
 * the day are not read, and each facility is counted once before the tree is asked.
 */
export async function sweepBeneath(
  manager: EntityManager,
  roots: readonly number[],
  { day, now }: { day: Day; now: Date },
): Promise<RootCount[]> {
  const beneath = withBeneath(roots, day);
  const asked: Asked = { facilityIds: null, from: day, to: addDays(day, 1), now, by: 'FACILITY' };
  const branches = spansOf(asked).map((spans) => begins(spans, asked));
  const rows: (Omit<RootCount, 'delta'> & { delta: number | string })[] = await manager.query(
    `${beneath.sql}
     SELECT beneath.rootId, counted.what, SUM(counted.delta) AS delta
       FROM (${branches.map(({ sql }) => sql).join('\nUNION ALL\n')}) counted
       JOIN beneath ON beneath.facilityId = counted.facilityId
      GROUP BY beneath.rootId, counted.what`,
    [...beneath.parameters, ...branches.flatMap(({ parameters }) => parameters)],
  );
  return rows.map((row) => ({ ...row, delta: Number(row.delta) }));
}

type Asked = SpansAsked & Pick<SweepAsked, 'by'>;

interface Branch {
  sql: string;
  parameters: unknown[];
}

/** Spans that share a day with the window begin on their first day, or on that of the window. */
function begins(spans: Spans, asked: Asked): Branch {
  const { first, end } = spans;
  const day = `CASE WHEN ${first} > ? THEN ${first} ELSE ? END`;
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
  { what, isTakenOff, tables, tableValues, where, whereValues, owner, toBed }: Spans,
  by: Asked['by'],
  { day, values }: { day: string; values: readonly unknown[] },
  [condition, conditionValues]: [string, readonly unknown[]],
): Branch {
  const facility = by === 'FACILITY' ? `${owner}.facilityId` : 'NULL';
  const [type, joins] = by === 'TYPE' ? ['b.type', toBed] : ['NULL', ''];
  return {
    sql: `SELECT CAST(${day} AS CHAR) AS day, ${facility} AS facilityId, ${type} AS type, '${what}' AS what,
                 ${isTakenOff ? '-' : ''}COUNT(*) AS delta
            FROM ${tables}${joins} WHERE ${where} AND ${condition} GROUP BY 1, 2, 3`,
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
