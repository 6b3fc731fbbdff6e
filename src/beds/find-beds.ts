import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { placeholders, type Statement } from '../shared/statements.js';
import { type FoundBed, selectBeds } from './read-beds.js';
import { heldOn, heldOnParameters } from './read-stays.js';

export interface BedPage {
  afterId: number;
  rowsMax: number;
}

/** A page of each facility's own beds that are registered today, in the order of their ids. One statement. */
export async function bedsOfFacilities(
  manager: EntityManager,
  facilityIds: readonly number[],
  { afterId, rowsMax }: BedPage,
  today: Day,
): Promise<Map<number, FoundBed[]>> {
  const rows: FoundBed[] = await manager.query(
    `SELECT * FROM (${selectRanked} WHERE b.facilityId IN (${placeholders(facilityIds)}) AND b.id > ?
        AND b.registeredOn <= ? AND (b.closedOn IS NULL OR b.closedOn > ?)) ranked
      WHERE place <= ? ORDER BY id`,
    [...facilityIds, afterId, today, today, rowsMax],
  );
  const beds = new Map<number, FoundBed[]>(facilityIds.map((id) => [id, []]));
  for (const row of rows) beds.get(row.facilityId)?.push(row);
  return beds;
}

const selectRanked = selectBeds.replace(
  'SELECT b.id,',
  'SELECT ROW_NUMBER() OVER (PARTITION BY b.facilityId ORDER BY b.id) AS place, b.id,',
);

export async function countBedsOfFacilities(
  manager: EntityManager,
  facilityIds: readonly number[],
  today: Day,
): Promise<Map<number, number>> {
  const rows: { facilityId: number; count: number | string }[] = await manager.query(
    `SELECT facilityId, COUNT(*) AS count FROM bed
      WHERE facilityId IN (${placeholders(facilityIds)}) AND registeredOn <= ?
        AND (closedOn IS NULL OR closedOn > ?) GROUP BY facilityId`,
    [...facilityIds, today, today],
  );
  const counts = new Map<number, number>(facilityIds.map((id) => [id, 0]));
  for (const { facilityId, count } of rows) counts.set(facilityId, Number(count));
  return counts;
}

export interface FreeBedsAsked {
  within: number;
  type: BedType | undefined;
  from: Day;
  /** Null for good. */
  to: Day | null;
  now: Date;
}

/** Beds that nobody has, holds or keeps closed on any day of [from, to), beneath a facility of the scope. */
export async function availableBeds(
  manager: EntityManager,
  asked: FreeBedsAsked,
  page: BedPage,
  scope: Scope,
): Promise<FoundBed[]> {
  const { sql, parameters } = await freeBeds(manager, asked, scope);
  const beneath = sql.replace('SELECTED', selectBeds);
  return manager.query(`${beneath} AND b.id > ? ORDER BY b.id LIMIT ?`, [
    ...parameters,
    page.afterId,
    page.rowsMax,
  ]);
}

export async function countAvailableBeds(
  manager: EntityManager,
  asked: FreeBedsAsked,
  scope: Scope,
): Promise<number> {
  const { sql, parameters } = await freeBeds(manager, asked, scope);
  const count = 'SELECT COUNT(*) AS count FROM bed b JOIN facility f ON f.id = b.facilityId';
  const rows: { count: number | string }[] = await manager.query(sql.replace('SELECTED', count), [
    ...parameters,
  ]);
  return Number(rows[0]?.count ?? 0);
}

/** With the word SELECTED where what is read of `b` and `f` has to stand. */
async function freeBeds(
  manager: EntityManager,
  { within, type, from, to, now }: FreeBedsAsked,
  scope: Scope,
): Promise<Statement> {
  const today = dayOf(now);
  const places = await narrowed(manager, scope, within, today);
  const beneath = withBeneath(places === 'everywhere' || places.length === 0 ? [nowhere] : places, today);
  const before = (alias: string) => (to === null ? '' : ` AND ${alias}.fromDay < ?`);
  const end = to === null ? [] : [to];
  const lasts = (column: string) =>
    to === null ? `${column} IS NULL` : `(${column} IS NULL OR ${column} >= ?)`;
  return {
    sql: `${beneath.sql} SELECTED
      WHERE b.facilityId IN (SELECT facilityId FROM beneath)
        AND b.inServiceFrom <= ? AND ${lasts('b.closedOn')} AND ${lasts('f.closedOn')}
        ${type === undefined ? '' : 'AND b.type = ?'}
        AND NOT EXISTS (SELECT 1 FROM bed_stay s WHERE s.bedId = b.id AND s.cancelledAt IS NULL
                         AND (s.toDay IS NULL OR s.toDay > ?)${before('s')})
        AND NOT EXISTS (SELECT 1 FROM bed_out_of_service o WHERE o.bedId = b.id
                         AND (o.toDay IS NULL OR (o.toDay > ? AND o.toDay > o.fromDay))${before('o')})
        AND NOT EXISTS (SELECT 1 FROM bed_hold h WHERE h.bedId = b.id AND ${heldOn('h')}${before('h')})`,
    parameters: [
      ...beneath.parameters,
      from,
      ...end,
      ...end,
      ...(type === undefined ? [] : [type]),
      from,
      ...end,
      from,
      ...end,
      ...heldOnParameters(from, now),
      ...end,
    ],
  };
}
