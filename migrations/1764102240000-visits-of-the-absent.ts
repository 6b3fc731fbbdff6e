import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { column, createTable, index, reference } from './columns.js';

const { key, big, day } = column;

const tables: TableOptions[] = [
  {
    name: 'visit_away',
    columns: [key('visitId', 'integer'), day('sinceDay'), big('foundAt')],
    foreignKeys: [reference('fk_visit_away_visit', 'visitId', 'visit')],
  },
  {
    name: 'visit_former_caregiver',
    columns: [key('visitId', 'integer'), key('caregiverId', 'integer'), big('relievedAt')],
    indices: [index('ix_former_caregiver', 'caregiverId')],
    foreignKeys: [
      reference('fk_former_visit', 'visitId', 'visit'),
      reference('fk_former_caregiver', 'caregiverId', 'caregiver'),
    ],
  },
];

/** Visits at home on days on which the elder lives elsewhere, and those who were to bring a visit before it was given to others. */
export class VisitsOfTheAbsent1764102240000 implements MigrationInterface {
  name = 'VisitsOfTheAbsent1764102240000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name as string))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name as string);
  }
}
