import { type AuditRow, auditColumns } from './audit-record.js';

/** The columns of a record, by the alias of its table, for a SELECT. */
export function auditColumnsOf(alias: string): string {
  return auditColumns.map((name) => `${alias}.${name} AS ${name}`).join(', ');
}

/** A row as a driver hands it over, whose long numbers may be texts. */
export type RawAuditRow = Omit<AuditRow, 'id' | 'at'> & { id: number | string; at: number | string };

export function auditRowOf(raw: RawAuditRow): AuditRow {
  return { ...raw, id: Number(raw.id), at: Number(raw.at) };
}
