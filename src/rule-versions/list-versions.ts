import type { EntityManager } from 'typeorm';
import type { VersionStatus } from '../../entities/rule-version.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { withAbove, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { RuleTable } from './rule-kind.js';

/** A version of a set of rules, with who proposed it and what became of it. */
export interface ListedVersion {
  id: number;
  code: string;
  version: number;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  status: VersionStatus;
  /** JSON in the format of its kind. */
  document: string;
  proposedById: number | null;
  proposedAt: Date;
  decidedById: number | null;
  decidedAt: Date | null;
  decisionNote: string | null;
}

const columns = `r.id, r.code, r.version, r.facilityId, CAST(r.fromDay AS CHAR) AS fromDay,
            CAST(r.toDay AS CHAR) AS toDay, r.status, r.document, r.proposedById, r.proposedAt, r.decidedById,
            r.decidedAt, r.decisionNote`;

/** The version with this id, wherever it counts. */
export async function listedVersion(
  manager: EntityManager,
  { table }: RuleTable,
  id: number,
): Promise<ListedVersion | undefined> {
  const rows: VersionRow[] = await manager.query(`SELECT ${columns} FROM ${table} r WHERE r.id = ?`, [id]);
  return rows.map(listed)[0];
}

/** All versions of a set, in the order of their numbers. */
export async function versionsOf(
  manager: EntityManager,
  { table }: RuleTable,
  code: string,
): Promise<ListedVersion[]> {
  const rows: VersionRow[] = await manager.query(
    `SELECT ${columns} FROM ${table} r WHERE r.code = ? ORDER BY r.version`,
    [code],
  );
  return rows.map(listed);
}

/** The version with this id, when `scope` covers its place today; else undefined, as if it did not exist. */
export async function findVersion(
  manager: EntityManager,
  kind: RuleTable,
  id: number,
  scope: Scope,
  today: Day,
): Promise<ListedVersion | undefined> {
  const version = await listedVersion(manager, kind, id);
  // Rules that there are not are looked for in the tree as well, so that the time of the answer tells nobody.
  const isInScope = await covers(manager, scope, version?.facilityId ?? nowhere, today);
  return version && isInScope ? version : undefined;
}

export interface VersionFilter {
  /** The rules that count at this facility, above it or beneath it. */
  facilityId: number;
  status?: VersionStatus | undefined;
  code?: string | undefined;
}

/**
 * Versions of the rules of a facility, of the places above it, whose rules count there too, and of those
 * beneath it, in the order of their ids; undefined when the facility is not in `scope` today.
 */
export async function findVersions(
  manager: EntityManager,
  kind: RuleTable,
  { filter, page }: { filter: VersionFilter; page: { afterId: number; rowsMax: number } },
  scope: Scope,
  today: Day,
): Promise<ListedVersion[] | undefined> {
  if (!(await covers(manager, scope, filter.facilityId, today))) return undefined;
  const places = await placesOf(manager, kind, filter.facilityId, today);
  const { sql, parameters } = filtered(kind, filter, columns, places);
  const rows: VersionRow[] = await manager.query(`${sql} AND r.id > ? ORDER BY r.id LIMIT ?`, [
    ...parameters,
    page.afterId,
    page.rowsMax,
  ]);
  return rows.map(listed);
}

/** How many `findVersions` has on all pages. */
export async function countVersions(
  manager: EntityManager,
  kind: RuleTable,
  filter: VersionFilter,
  today: Day,
): Promise<number> {
  const places = await placesOf(manager, kind, filter.facilityId, today);
  const { sql, parameters } = filtered(kind, filter, 'COUNT(*) AS count', places);
  const rows: { count: number | string }[] = await manager.query(sql, parameters);
  return Number(rows[0]?.count);
}

/** Of the places that have rules at all, those at, above or beneath a facility: a few, in two statements. */
async function placesOf(
  manager: EntityManager,
  { table }: RuleTable,
  facilityId: number,
  today: Day,
): Promise<number[]> {
  const above = withAbove([facilityId], today);
  const upwards: { id: number }[] = await manager.query(
    `${above.sql} SELECT DISTINCT r.facilityId AS id FROM ${table} r
      WHERE r.facilityId = ? OR r.facilityId IN (SELECT ancestorId FROM above)`,
    [...above.parameters, facilityId],
  );
  const beneath = withBeneath([facilityId], today);
  const downwards: { id: number }[] = await manager.query(
    `${beneath.sql} SELECT DISTINCT r.facilityId AS id FROM ${table} r
      WHERE r.facilityId IN (SELECT facilityId FROM beneath)`,
    beneath.parameters,
  );
  return [...new Set([...upwards, ...downwards].map(({ id }) => id))];
}

function filtered(
  { table }: RuleTable,
  { status, code }: VersionFilter,
  selected: string,
  places: readonly number[],
): { sql: string; parameters: unknown[] } {
  const conditions = [`r.facilityId IN (${placeholders(places) || 'NULL'})`];
  const parameters: unknown[] = [...places];
  if (status !== undefined) {
    conditions.push('r.status = ?');
    parameters.push(status);
  }
  if (code !== undefined) {
    conditions.push('r.code = ?');
    parameters.push(code);
  }
  return { sql: `SELECT ${selected} FROM ${table} r WHERE ${conditions.join(' AND ')}`, parameters };
}

interface VersionRow extends Omit<ListedVersion, 'proposedAt' | 'decidedAt'> {
  proposedAt: number | string;
  decidedAt: number | string | null;
}

function listed(row: VersionRow): ListedVersion {
  const decidedAt = row.decidedAt === null ? null : new Date(Number(row.decidedAt));
  return { ...row, proposedAt: new Date(Number(row.proposedAt)), decidedAt };
}
