import type { MigrationInterface, QueryRunner } from 'typeorm';

const name = 'OWN_DELIVERIES_COUNT';

/** How many meals of a day that one account ordered and handed over itself are a sign, until an administrator says otherwise. */
export class OwnDeliveries1764102900000 implements MigrationInterface {
  name = 'OwnDeliveries1764102900000';

  async up(runner: QueryRunner): Promise<void> {
    const rows: unknown[] = await runner.query('SELECT name FROM flag_threshold WHERE name = ?', [name]);
    if (rows.length > 0) return;
    await runner.query(
      "INSERT INTO flag_threshold (name, fromDay, value, setAt) VALUES (?, '2000-01-01', 3, 0)",
      [name],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM flag_threshold WHERE name = ?', [name]);
  }
}
