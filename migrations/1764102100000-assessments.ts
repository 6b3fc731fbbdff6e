import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { indicators, levels } from './assessment-scale-2022.js';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { key, assignedId, int, big, text, day } = column;

const tables: TableOptions[] = [
  {
    name: 'assessment_scale',
    columns: [
      key('id', 'integer'),
      text('code', 24),
      day('fromDay'),
      text('nameZh', 60),
      text('nameEn', 120),
      int('validityMonths'),
      int('comaLevel'),
      int('worseBy'),
      int('riskEventsMin'),
      int('riskDays'),
      int('changeDays'),
    ],
    indices: [unique('uq_assessment_scale_day', 'fromDay')],
    checks: [
      check(
        'ck_assessment_scale',
        'validityMonths >= 1 AND comaLevel BETWEEN 0 AND 4 AND worseBy >= 0 AND riskEventsMin >= 1 AND changeDays >= 0',
      ),
    ],
  },
  {
    name: 'assessment_indicator',
    columns: [
      key('scaleId', 'integer'),
      key('code', 'varchar', 24),
      nullable(text('groupCode', 24)),
      int('place'),
      text('nameZh', 60),
      text('nameEn', 120),
      nullable(int('scoreMax')),
    ],
    foreignKeys: [reference('fk_indicator_scale', 'scaleId', 'assessment_scale')],
    checks: [check('ck_indicator_score', '(groupCode IS NULL) = (scoreMax IS NULL)')],
  },
  {
    name: 'assessment_level',
    columns: [
      key('scaleId', 'integer'),
      key('level', 'integer'),
      int('scoreMin'),
      text('nameZh', 60),
      text('nameEn', 120),
    ],
    foreignKeys: [reference('fk_assessment_level_scale', 'scaleId', 'assessment_scale')],
    checks: [check('ck_assessment_level', 'level BETWEEN 0 AND 4 AND scoreMin >= 0')],
  },
  {
    name: 'elder_assessment',
    columns: [
      assignedId(),
      int('elderId'),
      int('place'),
      text('kind', 12),
      nullable(text('requestId', 36)),
      nullable(text('contentHash', 64)),
      day('assessedOn'),
      int('level'),
      nullable(int('score')),
      nullable(int('scaleId')),
      nullable(text('findingsSealed', 2400)),
      nullable(day('expiresOn')),
      nullable(day('countsUntil')),
      big('recordedAt'),
      nullable(int('recordedById')),
    ],
    indices: [
      unique('uq_assessment_request', 'requestId'),
      unique('uq_assessment_place', 'elderId', 'place'),
    ],
    foreignKeys: [
      reference('fk_assessment_elder', 'elderId', 'elder'),
      reference('fk_assessment_scale', 'scaleId', 'assessment_scale'),
      reference('fk_assessment_by', 'recordedById', 'account'),
    ],
    checks: [
      check('ck_assessment_kind', "kind IN ('ASSESSED', 'REGISTERED')"),
      check('ck_assessment_level_of', 'level BETWEEN 0 AND 4'),
      check(
        'ck_assessment_whole',
        "(kind = 'ASSESSED') = (score IS NOT NULL) AND (kind = 'ASSESSED') = (findingsSealed IS NOT NULL) AND (kind = 'ASSESSED') = (scaleId IS NOT NULL) AND (kind = 'ASSESSED') = (requestId IS NOT NULL)",
      ),
    ],
  },
  {
    name: 'elder_state_change',
    columns: [
      assignedId(),
      int('elderId'),
      nullable(int('openElderId')),
      day('changedOn'),
      text('kind', 16),
      nullable(text('noteSealed', 1200)),
      big('reportedAt'),
      int('reportedById'),
      nullable(big('assessmentId')),
    ],
    indices: [unique('uq_state_change_open', 'openElderId'), index('ix_state_change_elder', 'elderId', 'id')],
    foreignKeys: [
      reference('fk_state_change_elder', 'elderId', 'elder'),
      reference('fk_state_change_by', 'reportedById', 'account'),
      reference('fk_state_change_answer', 'assessmentId', 'elder_assessment'),
    ],
    checks: [
      check('ck_state_change_open', '(openElderId IS NULL) = (assessmentId IS NOT NULL)'),
      check('ck_state_change_kind', "kind IN ('ILLNESS', 'HOSPITAL', 'ACCIDENT', 'BETTER', 'OTHER')"),
    ],
  },
];

/** Assessments of elders' abilities, and the scale of GB/T 42195-2022 as data. */
export class Assessments1764102100000 implements MigrationInterface {
  name = 'Assessments1764102100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    await runner.query('DELETE FROM assessment_level WHERE scaleId = 1');
    await runner.query('DELETE FROM assessment_indicator WHERE scaleId = 1');
    await runner.query('DELETE FROM assessment_scale WHERE id = 1');
    await runner.query(
      `INSERT INTO assessment_scale (id, code, fromDay, nameZh, nameEn, validityMonths, comaLevel, worseBy,
         riskEventsMin, riskDays, changeDays)
       VALUES (1, 'GB/T 42195-2022', '2000-01-01', '老年人能力评估规范', 'Assessment of the abilities of older adults',
         12, 4, 1, 2, 30, 30)`,
    );
    for (const [place, row] of indicators.entries()) {
      await runner.query(
        `INSERT INTO assessment_indicator (scaleId, code, groupCode, place, nameZh, nameEn, scoreMax)
         VALUES (1, ?, ?, ?, ?, ?, ?)`,
        [row[0], row[1], place + 1, row[2], row[3], row[4]],
      );
    }
    for (const row of levels) {
      await runner.query(
        'INSERT INTO assessment_level (scaleId, level, scoreMin, nameZh, nameEn) VALUES (1, ?, ?, ?, ?)',
        [...row],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
