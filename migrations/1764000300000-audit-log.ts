import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { column, createTable, index, nullable, unique } from './columns.js';

const { assignedId, int, big, text } = column;

const tables: TableOptions[] = [
  {
    name: 'audit_record',
    columns: [
      assignedId(),
      big('at'),
      nullable(int('accountId')),
      text('roles', 100),
      nullable(text('address', 64)),
      nullable(text('requestId', 64)),
      text('operation', 64),
      nullable(int('facilityId')),
      nullable(int('elderId')),
      nullable(text('subject', 80)),
      text('result', 40),
      int('times'),
      { name: 'details', type: 'text' },
    ],
    indices: [
      index('ix_audit_at', 'at'),
      index('ix_audit_account', 'accountId', 'at'),
      index('ix_audit_facility', 'facilityId', 'at'),
      index('ix_audit_elder', 'elderId', 'at'),
      index('ix_audit_operation', 'operation', 'at'),
    ],
  },
  {
    name: 'audit_link',
    columns: [assignedId('seq'), big('recordId'), text('hash', 64)],
    indices: [unique('uq_audit_link_record', 'recordId')],
  },
  { name: 'audit_pending', columns: [assignedId('recordId')] },
  { name: 'audit_start', columns: [assignedId('seq'), text('hash', 64), big('prunedAt')] },
];

export class AuditLog1764000300000 implements MigrationInterface {
  name = 'AuditLog1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await createTable(runner, table);
    // The place of the next link, and the row behind which servers take turns to append to the chain.
    await runner.query("INSERT INTO id_sequence (name, nextId) VALUES ('audit-link', 1)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM id_sequence WHERE name = 'audit-link'");
    for (const table of [...tables].reverse()) await runner.dropTable(table.name);
  }
}
