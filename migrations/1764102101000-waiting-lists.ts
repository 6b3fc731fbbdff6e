import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { key, assignedId, int, big, text, day, flag } = column;
const dayKey = (name: string) => ({ ...day(name), isPrimary: true });

const tables: TableOptions[] = [
  {
    name: 'waitlist_rule',
    columns: [
      dayKey('fromDay'),
      int('offerHours'),
      int('moveInDaysMax'),
      int('refusalsMax'),
      int('refusalDays'),
      int('closedDays'),
      flag('silenceRefuses'),
    ],
    checks: [
      check(
        'ck_waitlist_rule',
        'offerHours >= 1 AND moveInDaysMax >= 0 AND refusalsMax >= 1 AND refusalDays >= 1 AND closedDays >= 0',
      ),
    ],
  },
  {
    name: 'waitlist_class',
    columns: [
      dayKey('fromDay'),
      key('place', 'integer'),
      int('classRank'),
      nullable(text('category', 24)),
      nullable(int('levelMin')),
      nullable(int('ageMin')),
      flag('atOnce'),
      text('nameZh', 60),
      text('nameEn', 120),
    ],
    checks: [check('ck_waitlist_class', 'classRank >= 1 AND (levelMin IS NULL OR levelMin BETWEEN 0 AND 4)')],
  },
  {
    name: 'waitlist_line',
    columns: [key('facilityId', 'integer'), key('bedType', 'varchar', 12)],
    foreignKeys: [reference('fk_waitlist_line_facility', 'facilityId', 'facility')],
    checks: [check('ck_waitlist_line_type', "bedType IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')")],
  },
  {
    name: 'waitlist_entry',
    columns: [
      assignedId(),
      text('requestId', 36),
      text('contentHash', 64),
      int('elderId'),
      nullable(int('openElderId')),
      int('facilityId'),
      text('bedType', 12),
      day('joinedOn'),
      big('joinedAt'),
      int('joinedById'),
      nullable(big('endedAt')),
      nullable(int('endedById')),
      nullable(text('endKind', 12)),
    ],
    indices: [
      unique('uq_waitlist_request', 'requestId'),
      unique('uq_waitlist_open', 'openElderId', 'facilityId', 'bedType'),
      index('ix_waitlist_line', 'facilityId', 'bedType', 'openElderId'),
      index('ix_waitlist_elder', 'elderId', 'id'),
    ],
    foreignKeys: [
      reference('fk_waitlist_elder', 'elderId', 'elder'),
      reference('fk_waitlist_facility', 'facilityId', 'facility'),
      reference('fk_waitlist_joined_by', 'joinedById', 'account'),
      reference('fk_waitlist_ended_by', 'endedById', 'account'),
    ],
    checks: [
      check('ck_waitlist_type', "bedType IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')"),
      check('ck_waitlist_open', '(openElderId IS NULL) = (endedAt IS NOT NULL)'),
      check('ck_waitlist_ended', '(endedAt IS NULL) = (endKind IS NULL)'),
      check(
        'ck_waitlist_end_kind',
        "endKind IS NULL OR endKind IN ('ADMITTED', 'LEFT', 'CLOSED', 'FILE_ENDED')",
      ),
    ],
  },
  {
    name: 'bed_offer',
    columns: [
      assignedId(),
      big('entryId'),
      int('elderId'),
      int('bedId'),
      big('offeredAt'),
      int('offeredById'),
      nullable(big('declinedAt')),
      nullable(day('declinedOn')),
      nullable(int('declinedById')),
      nullable(text('reasonSealed', 1200)),
    ],
    indices: [
      index('ix_offer_entry', 'entryId', 'id'),
      index('ix_offer_elder', 'elderId', 'declinedOn'),
      index('ix_offer_bed', 'bedId', 'offeredAt'),
    ],
    foreignKeys: [
      reference('fk_offer_hold', 'id', 'bed_hold'),
      reference('fk_offer_entry', 'entryId', 'waitlist_entry'),
      reference('fk_offer_by', 'offeredById', 'account'),
      reference('fk_offer_declined_by', 'declinedById', 'account'),
    ],
    checks: [
      check(
        'ck_offer_declined',
        '(declinedAt IS NULL) = (declinedOn IS NULL) AND (declinedAt IS NULL) = (declinedById IS NULL)',
      ),
    ],
  },
  {
    name: 'waitlist_pass',
    columns: [assignedId(), nullable(text('reasonSealed', 1200)), big('passedAt'), int('passedById')],
    foreignKeys: [reference('fk_pass_by', 'passedById', 'account')],
  },
  {
    name: 'waitlist_skip',
    columns: [assignedId('passId'), assignedId('entryId')],
    indices: [index('ix_skip_entry', 'entryId')],
    foreignKeys: [
      reference('fk_skip_pass', 'passId', 'waitlist_pass'),
      reference('fk_skip_entry', 'entryId', 'waitlist_entry'),
    ],
  },
];

/** The first that applies counts: hardship, the disabled, the very old, everybody. */
const classes: readonly (readonly (string | number | null)[])[] = [
  ['2000-01-01', 1, 1, 'DESTITUTE', null, null, 1, '特困老人', 'Destitute'],
  ['2000-01-01', 2, 1, 'MINIMUM_LIVING', null, null, 0, '低保老人', 'On minimum living allowance'],
  ['2000-01-01', 3, 1, 'BEREAVED_FAMILY', null, null, 0, '计划生育特殊家庭', 'Bereaved of an only child'],
  ['2000-01-01', 4, 2, null, 3, null, 0, '重度失能老人', 'Severely disabled'],
  ['2000-01-01', 5, 3, null, null, 80, 0, '80 岁及以上老人', 'Aged 80 and over'],
  ['2000-01-01', 6, 4, null, null, null, 0, '其他老人', 'Others'],
];

/** Waiting lists, offers made from them, who was passed over, and the rules of all three as data. */
export class WaitingLists1764102101000 implements MigrationInterface {
  name = 'WaitingLists1764102101000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    await runner.query('DELETE FROM waitlist_rule');
    await runner.query('DELETE FROM waitlist_class');
    await runner.query("INSERT INTO waitlist_rule VALUES ('2000-01-01', 72, 14, 2, 365, 365, ?)", [0]);
    for (const row of classes) {
      await runner.query(`INSERT INTO waitlist_class VALUES (${row.map(() => '?').join(', ')})`, [...row]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
