import type { EntityManager } from 'typeorm';
import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { type AuditEntry, appendRecord, auditRow } from '../../src/audit-log/audit-record.js';
import { linkRecords } from '../../src/audit-log/link-records.js';
import { auditColumnsOf, auditRowOf, type RawAuditRow } from '../../src/audit-log/read-records.js';
import type { Database } from '../../src/shared/database.js';

const actor = {
  accountId: null,
  roles: ['MANAGER'],
  address: '10.0.0.1',
  requestId: 'r-1',
  facilityId: null,
};

/** A record as a write would append it, in a transaction of its own. */
export function append(
  database: Database,
  id: number,
  entry: Partial<AuditEntry> = {},
  at = new Date('2026-03-10T04:00:00Z'),
): Promise<void> {
  return database.write((manager) => appendEntry(manager, id, entry, at));
}

export function appendEntry(
  manager: EntityManager,
  id: number,
  entry: Partial<AuditEntry> = {},
  at = new Date('2026-03-10T04:00:00Z'),
): Promise<void> {
  const details = '{"name":"王**"}';
  const row = auditRow(id, at, actor, { operation: 'topUpCard', result: 'DONE', details, ...entry });
  return appendRecord(manager, row);
}

/** Gives everything that is waiting its place. */
export async function linkAll(database: Database): Promise<void> {
  while ((await database.write((manager) => linkRecords(manager, 100))).count > 0);
}

/** All records in the order of their ids. */
export async function recordsOf(database: Database): Promise<AuditRow[]> {
  const rows: RawAuditRow[] = await database.read((manager) =>
    manager.query(`SELECT ${auditColumnsOf('r')} FROM audit_record r ORDER BY r.id`),
  );
  return rows.map(auditRowOf);
}

/** Changes the database past the platform, as a thief of its rights would. */
export function tamper(database: Database, ...statements: (string | [string, unknown[]])[]): Promise<void> {
  return database.write(async (manager) => {
    for (const statement of statements) {
      const [sql, parameters] = typeof statement === 'string' ? [statement, []] : statement;
      await manager.query(sql, parameters);
    }
  });
}
