import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, nullable, reference } from './columns.js';

const { key, big, text } = column;

/** What readers show of themselves, and the buckets of limits that all servers share. */
const tables: TableOptions[] = [
  {
    name: 'reader_sighting',
    columns: [
      key('readerId', 'integer'),
      big('lastSeenAt'),
      nullable(text('softwareVersion', 40)),
      nullable(big('clockSkewMs')),
      nullable(big('possiblyClonedAt')),
    ],
    foreignKeys: [reference('fk_sighting_reader', 'readerId', 'account')],
  },
  {
    name: 'reader_address',
    columns: [
      key('readerId', 'integer'),
      key('address', 'varchar', 45),
      big('firstSeenAt'),
      big('lastSeenAt'),
    ],
    foreignKeys: [reference('fk_reader_address_reader', 'readerId', 'account')],
    checks: [check('ck_reader_address_interval', 'lastSeenAt >= firstSeenAt')],
  },
  { name: 'rate_bucket', columns: [key('bucketKey', 'varchar', 64), big('fullAt')] },
];

export class Readers1764000400000 implements MigrationInterface {
  name = 'Readers1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
