import type { MigrationInterface, QueryRunner } from 'typeorm';

const orders = 'delivery_order';
const key = 'uq_delivery_own_request';

/**
 * A request id is that of one request. Where two requests had the same one before this was asked, the first keeps it, and
 * the orders of the other stay as they are.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class DeliveryRequests1764102601000 implements MigrationInterface {
  name = 'DeliveryRequests1764102601000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(orders, 'ownRequestId'))) {
      await runner.query(`ALTER TABLE ${orders} ADD COLUMN ownRequestId varchar(36) NULL`);
    }
    // MySQL reads a table that it changes only through a derived one.
    await runner.query(
      `UPDATE ${orders} SET ownRequestId = requestId
        WHERE ownRequestId IS NULL AND id IN (
          SELECT first.id FROM (SELECT MIN(id) AS id FROM ${orders} GROUP BY requestId) AS first)`,
    );
    const { indices } = (await runner.getTable(orders)) ?? { indices: [] };
    if (!indices.some(({ name }) => name === key)) {
      await runner.query(`CREATE UNIQUE INDEX ${key} ON ${orders} (ownRequestId)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(orders, key);
    await runner.query(`ALTER TABLE ${orders} DROP COLUMN ownRequestId`);
  }
}
