import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
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

type Indicator = readonly [
  code: string,
  group: string | null,
  zh: string,
  en: string,
  scoreMax: number | null,
];

/** GB/T 42195-2022: four indicators of the first level, and beneath them twenty-six of the second. */
const indicators: readonly Indicator[] = [
  ['SELF_CARE', null, '自理能力', 'Self-care', null],
  ['EATING', 'SELF_CARE', '进食', 'Eating', 4],
  ['GROOMING', 'SELF_CARE', '修饰', 'Grooming', 4],
  ['BATHING', 'SELF_CARE', '洗澡', 'Bathing', 4],
  ['UPPER_DRESSING', 'SELF_CARE', '穿/脱上衣', 'Dressing the upper body', 4],
  ['LOWER_DRESSING', 'SELF_CARE', '穿/脱裤子和鞋袜', 'Trousers, socks and shoes', 4],
  ['BLADDER', 'SELF_CARE', '小便控制', 'Bladder control', 4],
  ['BOWEL', 'SELF_CARE', '大便控制', 'Bowel control', 4],
  ['TOILET', 'SELF_CARE', '如厕', 'Using the toilet', 4],
  ['MOVEMENT', null, '基础运动能力', 'Basic movement', null],
  ['TURNING', 'MOVEMENT', '床上体位转移', 'Moving in bed', 4],
  ['TRANSFER', 'MOVEMENT', '床椅转移', 'From bed to chair', 4],
  ['WALKING', 'MOVEMENT', '平地行走', 'Walking on level ground', 4],
  ['STAIRS', 'MOVEMENT', '上下楼梯', 'Stairs', 4],
  ['MIND', null, '精神状态', 'State of mind', null],
  ['TIME', 'MIND', '时间定向', 'Orientation in time', 4],
  ['SPACE', 'MIND', '空间定向', 'Orientation in space', 4],
  ['PEOPLE', 'MIND', '人物定向', 'Knowing people', 4],
  ['MEMORY', 'MIND', '记忆', 'Memory', 4],
  ['UNDERSTANDING', 'MIND', '理解能力', 'Understanding', 3],
  ['EXPRESSION', 'MIND', '表达能力', 'Expression', 3],
  ['AGGRESSION', 'MIND', '攻击行为', 'Aggressive behaviour', 1],
  ['DEPRESSION', 'MIND', '抑郁症状', 'Signs of depression', 1],
  ['CONSCIOUSNESS', 'MIND', '意识水平', 'Consciousness', 2],
  ['PERCEPTION', null, '感知觉与社会参与', 'Perception and taking part', null],
  ['SIGHT', 'PERCEPTION', '视力', 'Sight', 2],
  ['HEARING', 'PERCEPTION', '听力', 'Hearing', 2],
  ['DAILY_AFFAIRS', 'PERCEPTION', '执行日常事务', 'Daily affairs', 4],
  ['TRANSPORT', 'PERCEPTION', '使用交通工具外出', 'Getting about by transport', 4],
  ['SOCIAL', 'PERCEPTION', '社会交往能力', 'Dealing with others', 4],
];

/** Each level with the least score that reaches it. */
const levels: readonly (readonly [level: number, scoreMin: number, zh: string, en: string])[] = [
  [0, 90, '能力完好', 'Able'],
  [1, 66, '能力轻度受损（轻度失能）', 'Slightly disabled'],
  [2, 46, '能力中度受损（中度失能）', 'Moderately disabled'],
  [3, 30, '能力重度受损（重度失能）', 'Severely disabled'],
  [4, 0, '能力完全丧失（完全失能）', 'Fully disabled'],
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
