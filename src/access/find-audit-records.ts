import type { EntityManager } from 'typeorm';
import type { AuditRow } from '../audit-log/audit-record.js';
import { auditColumnsOf, auditRowOf, type RawAuditRow } from '../audit-log/read-records.js';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** What is looked for; all that is given must hold. */
export interface AuditFilter {
  accountId?: number | undefined;
  elderId?: number | undefined;
  /** This facility and everything beneath it. */
  within?: number | undefined;
  /** The records of [from, to). */
  from?: Date | undefined;
  to?: Date | undefined;
  operation?: string | undefined;
  result?: string | undefined;
}

/** The place of a record in the order of the answer: the newest first, equal instants by id. */
export interface AuditPosition {
  at: number;
  id: number;
}

export interface FoundAuditRecord extends AuditRow {
  /** Null for a caller without an account. */
  accountName: string | null;
  /** The place in the chain; null until it has one, which is within a second or two. */
  seq: number | null;
}

/**
 * Records that lie in `scope` as the tree stands today, the newest first. A record without a place, such as that of a
 * caller whom nobody knows, is shown to those whose grant covers a whole city. Three statements at most.
 */
export async function findAuditRecords(
  manager: EntityManager,
  filter: AuditFilter,
  page: { after: AuditPosition | undefined; rowsMax: number },
  scope: Scope,
  today: Day,
): Promise<FoundAuditRecord[]> {
  const places = await narrowed(manager, scope, filter.within, today);
  const placeless = filter.within === undefined && (await coversCity(manager, places));
  const beneath = places === 'everywhere' ? undefined : withBeneath(places, today);
  const conditions = conditionsOf(filter, page.after);
  if (beneath) {
    const inside = 'r.facilityId IN (SELECT facilityId FROM beneath)';
    conditions.push([placeless ? `(${inside} OR r.facilityId IS NULL)` : inside, []]);
  }
  const where = conditions.map(([condition]) => condition).join(' AND ') || '1 = 1';
  const rows: (RawAuditRow & { accountName: string | null; seq: number | string | null })[] =
    await manager.query(
      `${beneath?.sql ?? ''}
       SELECT ${auditColumnsOf('r')}, account.name AS accountName, link.seq AS seq
         FROM audit_record r
         LEFT JOIN account ON account.id = r.accountId
         LEFT JOIN audit_link link ON link.recordId = r.id
        WHERE ${where}
        ORDER BY r.at DESC, r.id DESC LIMIT ${page.rowsMax}`,
      [...(beneath?.parameters ?? []), ...conditions.flatMap(([, parameters]) => parameters)],
    );
  return rows.map((row) => ({
    ...auditRowOf(row),
    accountName: row.accountName,
    seq: row.seq === null ? null : Number(row.seq),
  }));
}

type Condition = [sql: string, parameters: unknown[]];

function conditionsOf(filter: AuditFilter, after: AuditPosition | undefined): Condition[] {
  const { accountId, elderId, from, to, operation, result } = filter;
  const conditions: Condition[] = [];
  if (accountId !== undefined) conditions.push(['r.accountId = ?', [accountId]]);
  if (elderId !== undefined) conditions.push(['r.elderId = ?', [elderId]]);
  if (operation !== undefined) conditions.push(['r.operation = ?', [operation]]);
  if (result !== undefined) conditions.push(['r.result = ?', [result]]);
  if (from) conditions.push(['r.at >= ?', [from.getTime()]]);
  if (to) conditions.push(['r.at < ?', [to.getTime()]]);
  // The first half says the same as the rest of it, in a way that an index understands.
  if (after) conditions.push(['r.at <= ? AND (r.at < ? OR r.id < ?)', [after.at, after.at, after.id]]);
  return conditions;
}

/** True when the scope has a whole city in it. */
async function coversCity(manager: EntityManager, scope: Scope): Promise<boolean> {
  if (scope === 'everywhere') return true;
  if (scope.length === 0) return false;
  const cities: unknown[] = await manager.query(
    `SELECT id FROM facility WHERE kind = 'CITY_CENTER' AND id IN (${placeholders(scope)}) LIMIT 1`,
    [...scope],
  );
  return cities.length > 0;
}
