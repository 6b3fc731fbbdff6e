import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, nullable, reference, unique } from './columns.js';

const { key, big, text } = column;

const tables: TableOptions[] = [
  {
    name: 'reader_list',
    columns: [
      key('canteenId', 'integer'),
      text('listId', 16),
      text('salt', 32),
      big('version'),
      big('prunedTo'),
      big('refreshedAt'),
    ],
    foreignKeys: [reference('fk_list_canteen', 'canteenId', 'canteen', 'facilityId')],
    checks: [check('ck_list_versions', 'version >= 0 AND prunedTo >= 0 AND prunedTo <= version')],
  },
  {
    name: 'reader_list_item',
    withoutRowid: true,
    columns: [
      key('canteenId', 'integer'),
      key('itemKey', 'varchar', 40),
      big('version'),
      nullable({ name: 'content', type: 'text' }),
      nullable(big('removedAt')),
    ],
    indices: [unique('uq_list_item_version', 'canteenId', 'version')],
    foreignKeys: [reference('fk_list_item_list', 'canteenId', 'reader_list', 'canteenId')],
    checks: [check('ck_list_item_removed', '(content IS NULL) = (removedAt IS NOT NULL)')],
  },
];

/**
 * What readers are told of cards, in lists with versions.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class ReaderLists1764100700000 implements MigrationInterface {
  name = 'ReaderLists1764100700000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
