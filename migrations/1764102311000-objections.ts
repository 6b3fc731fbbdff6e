import type { MigrationInterface, QueryRunner } from 'typeorm';
import { check, column, createTable, index, nullable, reference } from './columns.js';

const { big, int, key, text } = column;

/** Families may object when a station calls a visit off too late on their account. */
export class Objections1764102311000 implements MigrationInterface {
  name = 'Objections1764102311000';

  async up(runner: QueryRunner): Promise<void> {
    // MySQL commits at once: a migration that was broken off is begun again.
    if (await runner.hasTable('visit_objection')) return;
    await createTable(runner, {
      name: 'visit_objection',
      columns: [
        key('visitId', 'integer'),
        nullable(int('openStationId')),
        nullable(text('reasonSealed', 1200)),
        big('madeAt'),
        int('madeById'),
        nullable(text('decision', 8)),
        nullable(big('decidedAt')),
        nullable(int('decidedById')),
        nullable(text('noteSealed', 1200)),
      ],
      indices: [index('ix_objection_open', 'openStationId', 'visitId')],
      foreignKeys: [
        reference('fk_objection_visit', 'visitId', 'visit'),
        reference('fk_objection_station', 'openStationId', 'facility'),
        reference('fk_objection_by', 'madeById', 'account'),
        reference('fk_objection_decided_by', 'decidedById', 'account'),
      ],
      checks: [
        check('ck_objection_decision', "decision IS NULL OR decision IN ('UPHELD', 'DENIED')"),
        check(
          'ck_objection_decided',
          '(decision IS NULL) = (decidedById IS NULL) AND (decision IS NULL) = (decidedAt IS NULL)',
        ),
        check('ck_objection_open', '(openStationId IS NULL) = (decision IS NOT NULL)'),
      ],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('visit_objection');
  }
}
