import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.js';

const [postings, column, name] = ['hours_posting', 'openStationId', 'ix_hours_posting_open'];

/**
 * Marks what stations are owed and no statement holds yet, so that a draft is not looked for in all that was ever used.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class OpenPostings1764102242000 implements MigrationInterface {
  name = 'OpenPostings1764102242000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(postings, column))) {
      await runner.query(`ALTER TABLE ${postings} ADD COLUMN ${column} integer NULL`);
    }
    await runner.query(
      `UPDATE ${postings} SET ${column} = stationId
        WHERE (kind IN ('USE', 'CORRECT')
               OR (kind = 'FORFEIT' AND EXISTS (
                     SELECT 1 FROM hours_entry paid WHERE paid.postingId = ${postings}.id
                        AND paid.account IN ('STATION_RECEIVABLE', 'USED'))))
          AND NOT EXISTS (SELECT 1 FROM station_line line WHERE line.postingId = ${postings}.id)`,
    );
    const { indices } = (await runner.getTable(postings)) ?? { indices: [] };
    if (!indices.some((one) => one.name === name)) {
      await runner.createIndex(postings, new TableIndex(index(name, column, 'bookedOn')));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(postings, name);
    await runner.query(`ALTER TABLE ${postings} DROP COLUMN ${column}`);
  }
}
