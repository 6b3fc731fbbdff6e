import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Since when a card no longer pays, so that a tap of before is judged as it would have been then. Of a card that
 * was replaced the instant is known; of another one that stopped before this was kept it is not, and zero says
 * that no tap of it pays, as until now.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class CardsStopped1764101100000 implements MigrationInterface {
  name = 'CardsStopped1764101100000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('meal_card', 'stoppedAt'))) {
      await runner.query('ALTER TABLE meal_card ADD COLUMN stoppedAt bigint NULL');
    }
    await runner.query(
      `UPDATE meal_card
          SET stoppedAt = COALESCE((SELECT r.at FROM card_replacement r WHERE r.oldCardId = meal_card.id), 0)
        WHERE status <> 'ACTIVE' AND stoppedAt IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE meal_card DROP COLUMN stoppedAt');
  }
}
