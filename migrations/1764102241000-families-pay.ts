import type { MigrationInterface, QueryRunner } from 'typeorm';

const [events, cause] = ['visit_event', 'causedBy'];

/**
 * On whose account a visit is called off.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class FamiliesPay1764102241000 implements MigrationInterface {
  name = 'FamiliesPay1764102241000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(events, cause))) {
      await runner.query(`ALTER TABLE ${events} ADD COLUMN ${cause} varchar(8) NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${events} DROP COLUMN ${cause}`);
  }
}
