import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { index } from './columns.js';

const indices = [
  ['visit_alert', 'ix_visit_alert_closed'],
  ['care_alert', 'ix_care_alert_closed'],
] as const;

/**
 * Lists of closed alerts, the newest first, end where the page does, and do not sort all that were ever closed.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class ClosedAlerts1764102310000 implements MigrationInterface {
  name = 'ClosedAlerts1764102310000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name] of indices) {
      const found = (await runner.getTable(table))?.indices ?? [];
      if (found.some((one) => one.name === name)) continue;
      await runner.createIndex(table, new TableIndex(index(name, 'closedAt')));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of indices) await runner.dropIndex(table, name);
  }
}
