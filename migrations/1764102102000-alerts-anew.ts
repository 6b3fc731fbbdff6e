import type { MigrationInterface, QueryRunner } from 'typeorm';

const alerts = 'visit_alert';

/**
 * A visit that was moved after somebody was told of it is told of again when nobody comes at its new time, so that a
 * kind and level may be there once for each instant.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already. The new index comes
 * first: the foreign key of the visit needs one that begins with it.
 */
export class AlertsAnew1764102102000 implements MigrationInterface {
  name = 'AlertsAnew1764102102000';

  async up(runner: QueryRunner): Promise<void> {
    await replace(runner, 'uq_visit_alert', 'uq_visit_alert_raised', 'visitId, kind, level, raisedAt');
  }

  async down(runner: QueryRunner): Promise<void> {
    await replace(runner, 'uq_visit_alert_raised', 'uq_visit_alert', 'visitId, kind, level');
  }
}

async function replace(runner: QueryRunner, before: string, after: string, columns: string): Promise<void> {
  const { indices } = (await runner.getTable(alerts)) ?? { indices: [] };
  const names = indices.map(({ name }) => name);
  if (!names.includes(after)) await runner.query(`CREATE UNIQUE INDEX ${after} ON ${alerts} (${columns})`);
  if (names.includes(before)) await runner.dropIndex(alerts, before);
}
