import type { MigrationInterface, QueryRunner } from 'typeorm';

const orders = 'delivery_order';
const key = 'uq_delivery_photo';

/**
 * A photo proves one meal. Of those that proved several before this was asked the first keeps it, and the others stay
 * as they were written.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class PhotosProveOnce1764101900000 implements MigrationInterface {
  name = 'PhotosProveOnce1764101900000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(orders, 'usedPhoto'))) {
      await runner.query(`ALTER TABLE ${orders} ADD COLUMN usedPhoto varchar(120) NULL`);
    }
    // MySQL reads a table that it changes only through a derived one.
    await runner.query(
      `UPDATE ${orders} SET usedPhoto = LOWER(photoReference)
        WHERE usedPhoto IS NULL AND id IN (
          SELECT first.id FROM (
            SELECT MIN(id) AS id FROM ${orders}
             WHERE photoReference IS NOT NULL AND photoReference <> 'ERASED' GROUP BY LOWER(photoReference)
          ) AS first)`,
    );
    const { indices } = (await runner.getTable(orders)) ?? { indices: [] };
    if (!indices.some(({ name }) => name === key)) {
      await runner.query(`CREATE UNIQUE INDEX ${key} ON ${orders} (usedPhoto)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(orders, key);
    await runner.query(`ALTER TABLE ${orders} DROP COLUMN usedPhoto`);
  }
}
