import type { EntityManager } from 'typeorm';
import { type Insert, writeTogether } from '../shared/statements.js';

/** A record as its row holds it; `at` is epoch milliseconds. The entity says what each part means. */
export interface AuditRow {
  id: number;
  at: number;
  accountId: number | null;
  roles: string;
  address: string | null;
  requestId: string | null;
  operation: string;
  facilityId: number | null;
  elderId: number | null;
  subject: string | null;
  result: string;
  times: number;
  details: string;
}

/** Who acts and from where. */
export interface Actor {
  accountId: number | null;
  roles: readonly string[];
  address: string | null;
  requestId: string | null;
  /** Where the first of the roles is held: the place of a record that is about no other. */
  facilityId: number | null;
}

/** What a record is about: ids only, never an ID number, a card's uid or a phone number. */
export interface Subject {
  facilityId?: number | null;
  elderId?: number | null;
  /** A kind and an id, such as card:12. */
  subject?: string | null;
}

/** What there is to say of something that happened. `details` is masked already. */
export interface AuditEntry extends Subject {
  operation: string;
  /** DONE, or the code of the refusal or of the error. */
  result: string;
  times?: number;
  details?: string;
}

export const auditColumns = [
  'id',
  'at',
  'accountId',
  'roles',
  'address',
  'requestId',
  'operation',
  'facilityId',
  'elderId',
  'subject',
  'result',
  'times',
  'details',
] as const satisfies readonly (keyof AuditRow)[];

/** The result of what was done as it was asked. */
export const done = 'DONE';

export function auditRow(id: number, at: Date, actor: Actor, entry: AuditEntry): AuditRow {
  return {
    id,
    at: at.getTime(),
    accountId: actor.accountId,
    roles: [...new Set(actor.roles)].sort().join(' ').slice(0, 100),
    address: actor.address?.slice(0, 64) ?? null,
    requestId: actor.requestId,
    operation: entry.operation.slice(0, 64),
    facilityId: entry.facilityId ?? actor.facilityId,
    elderId: entry.elderId ?? null,
    subject: entry.subject?.slice(0, 80) ?? null,
    result: entry.result.slice(0, 40),
    times: entry.times ?? 1,
    details: entry.details ?? '{}',
  };
}

/** What inserts records, to be written with whatever they are about. */
export function auditInserts(rows: readonly AuditRow[]): Insert[] {
  return [
    {
      table: 'audit_record',
      columns: auditColumns,
      rows: rows.map((row) => auditColumns.map((name) => row[name])),
    },
    { table: 'audit_pending', columns: ['recordId'], rows: rows.map(({ id }) => [id]) },
  ];
}

/** Appends a record in the transaction of the write that it is about. */
export function appendRecord(manager: EntityManager, row: AuditRow): Promise<void> {
  return appendRecords(manager, [row]);
}

/** Appends records in the transaction of the writes that they are about. */
export function appendRecords(manager: EntityManager, rows: readonly AuditRow[]): Promise<void> {
  return writeTogether(manager, auditInserts(rows));
}
