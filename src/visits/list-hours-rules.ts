import type { EntityManager } from 'typeorm';
import type { HoursRuleStatus } from '../../entities/visits/hours-rule.entity.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { withAbove, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** A version of a set of rules, with who proposed it and what became of it. */
export interface ListedHoursRules {
  id: number;
  code: string;
  version: number;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  status: HoursRuleStatus;
  /** JSON in the format of docs/home-care-hours.md. */
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

/** Versions by their ids; an unknown id is missing. */
export async function listedHoursRules(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, ListedHoursRules>> {
  if (ids.length === 0) return new Map();
  const rows: RulesRow[] = await manager.query(
    `SELECT ${columns} FROM hours_rule r WHERE r.id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, listed(row)]));
}

export interface HoursRulesFilter {
  /** The rules that count at this facility, above it or beneath it. */
  facilityId: number;
  status?: HoursRuleStatus | undefined;
  code?: string | undefined;
}

/** The version with this id, when `scope` covers its place today; else undefined, as if it did not exist. */
export async function findHoursVersion(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<ListedHoursRules | undefined> {
  const rules = (await listedHoursRules(manager, [id])).get(id);
  // Rules that there are not are looked for in the tree as well, so that the time of the answer tells nobody.
  const isInScope = await covers(manager, scope, rules?.facilityId ?? nowhere, today);
  return rules && isInScope ? rules : undefined;
}

/**
 * Versions of the rules of a facility, of the places above it, whose rules count there too, and of those
 * beneath it, in the order of their ids; undefined when the facility is not in `scope` today.
 */
export async function findHoursRules(
  manager: EntityManager,
  filter: HoursRulesFilter,
  page: { afterId: number; rowsMax: number },
  scope: Scope,
  today: Day,
): Promise<ListedHoursRules[] | undefined> {
  if (!(await covers(manager, scope, filter.facilityId, today))) return undefined;
  const { sql, parameters } = filtered(filter, columns, await placesOf(manager, filter.facilityId, today));
  const rows: RulesRow[] = await manager.query(`${sql} AND r.id > ? ORDER BY r.id LIMIT ?`, [
    ...parameters,
    page.afterId,
    page.rowsMax,
  ]);
  return rows.map(listed);
}

/** How many `findHoursRules` has on all pages. */
export async function countHoursRules(
  manager: EntityManager,
  filter: HoursRulesFilter,
  today: Day,
): Promise<number> {
  const places = await placesOf(manager, filter.facilityId, today);
  const { sql, parameters } = filtered(filter, 'COUNT(*) AS count', places);
  const rows: { count: number | string }[] = await manager.query(sql, parameters);
  return Number(rows[0]?.count);
}

/** Of the places that have rules at all, those at, above or beneath a facility: a few, in two statements. */
async function placesOf(manager: EntityManager, facilityId: number, today: Day): Promise<number[]> {
  const above = withAbove([facilityId], today);
  const upwards: { id: number }[] = await manager.query(
    `${above.sql} SELECT DISTINCT r.facilityId AS id FROM hours_rule r
      WHERE r.facilityId = ? OR r.facilityId IN (SELECT ancestorId FROM above)`,
    [...above.parameters, facilityId],
  );
  const beneath = withBeneath([facilityId], today);
  const downwards: { id: number }[] = await manager.query(
    `${beneath.sql} SELECT DISTINCT r.facilityId AS id FROM hours_rule r
      WHERE r.facilityId IN (SELECT facilityId FROM beneath)`,
    beneath.parameters,
  );
  return [...new Set([...upwards, ...downwards].map(({ id }) => id))];
}

function filtered(
  { status, code }: HoursRulesFilter,
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
  return { sql: `SELECT ${selected} FROM hours_rule r WHERE ${conditions.join(' AND ')}`, parameters };
}

interface RulesRow extends Omit<ListedHoursRules, 'proposedAt' | 'decidedAt'> {
  proposedAt: number | string;
  decidedAt: number | string | null;
}

function listed(row: RulesRow): ListedHoursRules {
  const decidedAt = row.decidedAt === null ? null : new Date(Number(row.decidedAt));
  return { ...row, proposedAt: new Date(Number(row.proposedAt)), decidedAt };
}
