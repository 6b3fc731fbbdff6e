import type { MigrationInterface, QueryRunner } from 'typeorm';

const events = 'statement_event';

/**
 * A submission has a digest of what it wrote down. Those of before have none, and stay as they are.
 *
 * MySQL commits at every change of a table, so it is asked first whether it was done already.
 */
export class StatementDigests1764102800000 implements MigrationInterface {
  name = 'StatementDigests1764102800000';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn(events, 'linesDigest')) return;
    await runner.query(`ALTER TABLE ${events} ADD COLUMN linesDigest varchar(64) NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${events} DROP COLUMN linesDigest`);
  }
}
