import { type MigrationInterface, type QueryRunner, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
import { column, index, nullable, reference } from './columns.js';

const table = 'waitlist_line';
const by = 'offersFreeById';
const key = 'fk_waitlist_line_offers_free';
const found = 'ix_line_offers_free';

/**
 * A facility may let free beds of a line be offered by themselves.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class FreeBedsOffered1764102300000 implements MigrationInterface {
  name = 'FreeBedsOffered1764102300000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(table, by))) {
      await runner.addColumn(table, new TableColumn(nullable(column.int(by))));
    }
    const line = await runner.getTable(table);
    if (!line?.indices.some(({ name }) => name === found)) {
      await runner.createIndex(table, new TableIndex(index(found, by)));
    }
    if (!line?.foreignKeys.some(({ name }) => name === key)) {
      await runner.createForeignKey(table, new TableForeignKey(reference(key, by, 'account')));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropForeignKey(table, key);
    await runner.dropIndex(table, found);
    await runner.dropColumn(table, by);
  }
}
