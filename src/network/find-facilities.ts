import type { EntityManager } from 'typeorm';
import type { Facility, FacilityKind } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { containing } from '../shared/like.js';
import { placeholders } from '../shared/statements.js';
import { openOnDay, type SqlPart, withBeneath } from './tree.js';

/** The columns of a Facility in a raw SELECT; days as text, because one driver makes Dates of them. */
export function facilityColumns(alias: string): string {
  const days = ['openedOn', 'closedOn'].map((day) => `CAST(${alias}.${day} AS CHAR) AS ${day}`);
  return [...['id', 'code', 'name', 'kind', 'divisionCode'].map((name) => `${alias}.${name}`), ...days].join(
    ', ',
  );
}

/** The facilities with these ids, closed ones too, by id; an unknown id is missing from the map. */
export async function facilitiesById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, Facility>> {
  if (ids.length === 0) return new Map();
  const rows: Facility[] = await manager.query(
    `SELECT ${facilityColumns('facility')} FROM facility WHERE id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function facilityById(manager: EntityManager, id: number): Promise<Facility | undefined> {
  return (await facilitiesById(manager, [id])).get(id);
}

/** The facility with exactly this code, a closed one too. */
export async function facilityByCode(manager: EntityManager, code: string): Promise<Facility | undefined> {
  const rows: Facility[] = await manager.query(
    `SELECT ${facilityColumns('facility')} FROM facility WHERE code = ?`,
    [code],
  );
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  return rows.find((row) => row.code === code);
}

/** Which facilities a list holds; without any of these, all that are open. */
export interface FacilityFilter {
  /** At or beneath this facility today. */
  within?: number | undefined;
  kind?: FacilityKind | undefined;
  /** A part of the name or of the code. */
  search?: string | undefined;
}

/** Facilities open today in the order of their ids: the first `rowsMax` whose id is greater than `afterId`. */
export async function findFacilities(
  manager: EntityManager,
  filter: FacilityFilter,
  page: { afterId: number; rowsMax: number },
  today: Day,
): Promise<Facility[]> {
  const wanted = filtered(filter, facilityColumns('facility'), today);
  return manager.query(`${wanted.sql} AND facility.id > ? ORDER BY facility.id LIMIT ?`, [
    ...wanted.parameters,
    page.afterId,
    page.rowsMax,
  ]);
}

/** How many facilities `findFacilities` has on all pages. */
export async function countFacilities(
  manager: EntityManager,
  filter: FacilityFilter,
  today: Day,
): Promise<number> {
  const { sql, parameters } = filtered(filter, 'COUNT(*) AS count', today);
  const rows: { count: number | string }[] = await manager.query(sql, parameters);
  return Number(rows[0]?.count);
}

function filtered(filter: FacilityFilter, columns: string, today: Day): SqlPart {
  const beneath = filter.within === undefined ? undefined : withBeneath([filter.within], today);
  const conditions = [openOnDay('facility')];
  const parameters: unknown[] = [...(beneath?.parameters ?? []), today, today];
  if (beneath) conditions.push('facility.id IN (SELECT facilityId FROM beneath)');
  if (filter.kind !== undefined) {
    conditions.push('facility.kind = ?');
    parameters.push(filter.kind);
  }
  if (filter.search !== undefined) {
    const { sql, parameters: pattern } = containing(['facility.name', 'facility.code'], filter.search);
    conditions.push(sql);
    parameters.push(...pattern);
  }
  const select = `SELECT ${columns} FROM facility WHERE ${conditions.join(' AND ')}`;
  return { sql: `${beneath?.sql ?? ''} ${select}`, parameters };
}
