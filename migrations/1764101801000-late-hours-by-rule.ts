import type { MigrationInterface, QueryRunner } from 'typeorm';

const [table, column] = ['visit_terms', 'lateGivesBack'];

/**
 * What becomes of government hours that are called off too late is said by the rule of each grant alone: the terms of
 * booking said it too, and the two could differ.
 *
 * MySQL commits at every change of a table, so the step asks first whether it was done already.
 */
export class LateHoursByRule1764101801000 implements MigrationInterface {
  name = 'LateHoursByRule1764101801000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(table, column))) return;
    await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} boolean NOT NULL DEFAULT 1`);
  }
}
