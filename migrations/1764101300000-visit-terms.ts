import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, nullable, reference } from './columns.js';

const { key, int, day, flag } = column;

/** On which terms visits are booked, and who must be visited every month. */
const tables: TableOptions[] = [
  {
    name: 'visit_terms',
    columns: [
      key('facilityId', 'integer'),
      { ...day('fromDay'), isPrimary: true },
      int('leadMinutes'),
      int('horizonDays'),
      int('rasterMinutes'),
      int('noticeMinutes'),
      flag('lateGivesBack'),
    ],
    foreignKeys: [reference('fk_visit_terms_facility', 'facilityId', 'facility')],
    checks: [
      check(
        'ck_visit_terms_minutes',
        'leadMinutes >= 0 AND leadMinutes <= 10080 AND noticeMinutes >= 0 AND noticeMinutes <= 10080',
      ),
      check('ck_visit_terms_horizon', 'horizonDays >= 1 AND horizonDays <= 366'),
      check('ck_visit_terms_raster', 'rasterMinutes >= 5 AND rasterMinutes <= 240'),
    ],
  },
  {
    name: 'visit_duty',
    columns: [
      key('facilityId', 'integer'),
      key('category', 'varchar', 24),
      key('abilityFrom', 'integer'),
      { ...day('fromDay'), isPrimary: true },
      nullable(day('toDay')),
    ],
    foreignKeys: [reference('fk_visit_duty_facility', 'facilityId', 'facility')],
    checks: [
      check('ck_visit_duty_ability', 'abilityFrom >= 0 AND abilityFrom <= 4'),
      check('ck_visit_duty_days', 'toDay IS NULL OR toDay > fromDay'),
    ],
  },
];

/** MySQL commits at every change of a table, so each step asks first whether it was done already. */
export class VisitTerms1764101300000 implements MigrationInterface {
  name = 'VisitTerms1764101300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
