import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { key, assignedId, int, big, text, day } = column;

/** What is asked and answered about stays, and what they cost. */
const tables: TableOptions[] = [
  {
    name: 'stay_transfer',
    columns: [
      assignedId(),
      big('stayId'),
      nullable(big('openStayId')),
      int('toFacilityId'),
      day('onDay'),
      text('state', 12),
      big('askedAt'),
      int('askedById'),
      nullable(big('answeredAt')),
      nullable(int('answeredById')),
      nullable(text('answerSealed', 1200)),
      nullable(big('newStayId')),
    ],
    indices: [
      unique('uq_transfer_open', 'openStayId'),
      unique('uq_transfer_new_stay', 'newStayId'),
      index('ix_transfer_to', 'toFacilityId', 'state', 'id'),
      index('ix_transfer_stay', 'stayId', 'id'),
    ],
    foreignKeys: [
      reference('fk_transfer_stay', 'stayId', 'bed_stay'),
      reference('fk_transfer_to', 'toFacilityId', 'facility'),
      reference('fk_transfer_asked_by', 'askedById', 'account'),
      reference('fk_transfer_answered_by', 'answeredById', 'account'),
      reference('fk_transfer_new_stay', 'newStayId', 'bed_stay'),
    ],
    checks: [
      check('ck_transfer_state', "state IN ('ASKED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')"),
      check('ck_transfer_open', "(state = 'ASKED') = (openStayId IS NOT NULL)"),
      check('ck_transfer_answered', "(state = 'ASKED') = (answeredAt IS NULL)"),
      check('ck_transfer_new_stay', "(state = 'ACCEPTED') = (newStayId IS NOT NULL)"),
    ],
  },
  {
    name: 'stay_charge',
    columns: [
      assignedId('stayId'),
      key('month', 'varchar', 7),
      day('untilDay'),
      int('days'),
      int('leaveDays'),
      big('fen'),
      big('chargedAt'),
      int('chargedById'),
    ],
    foreignKeys: [
      reference('fk_charge_stay', 'stayId', 'bed_stay'),
      reference('fk_charge_by', 'chargedById', 'account'),
    ],
    checks: [check('ck_charge_sums', 'days >= 0 AND leaveDays >= 0 AND leaveDays <= days AND fen >= 0')],
  },
  {
    name: 'bed_request',
    columns: [
      key('requestId', 'varchar', 36),
      text('operation', 16),
      text('contentHash', 64),
      big('rowId'),
      big('answeredAt'),
    ],
    indices: [index('ix_bed_request_row', 'rowId')],
  },
];

const ruleColumns =
  'facilityKey, bedType, fromDay, facilityId, needsAssessment, levelMin, levelMax, contractBy, trialDays, ' +
  'holdDaysMax, homeLeaveDaysMax, hospitalLeaveDaysMax, homeLeavePercent, hospitalLeavePercent, entryDaysBackMax';

/**
 * What counts everywhere until a facility or those above it say otherwise: only nursing beds are for the fully disabled,
 * day care and beds at home need no trial. Days and per cents are customary ones, to be replaced by the city's own.
 */
const rules: readonly (readonly (string | number | null)[])[] = [
  [0, 'GENERAL', '2000-01-01', null, 1, 0, 2, 'TRIAL_END', 30, 30, 60, 60, 50, 50, 62],
  [0, 'NURSING', '2000-01-01', null, 1, 1, 4, 'TRIAL_END', 30, 30, 60, 60, 50, 50, 62],
  [0, 'DAY_CARE', '2000-01-01', null, 1, 0, 3, 'TRIAL_END', 0, 30, 60, 60, 0, 0, 62],
  [0, 'HOME', '2000-01-01', null, 1, 1, 4, 'TRIAL_END', 0, 30, 60, 60, 0, 0, 62],
];

const reasons: readonly (readonly (string | number)[])[] = [
  ['HOME', '回家', 'Went home', 0],
  ['HOSPITAL', '转入医院', 'Moved to a hospital', 0],
  ['OTHER_HOME', '转入其他机构', 'Moved to a home outside this network', 0],
  ['DEATH', '去世', 'Died', 1],
  ['TRIAL_FAILED', '试住不合适', 'The trial did not work out', 0],
  ['FEES_UNPAID', '欠费', 'Fees were not paid', 0],
  ['OTHER', '其他', 'Another reason', 0],
  // These are written by the platform itself, and nobody is offered them.
  ['TRANSFER', '转床', 'Goes on in another bed', 0],
  ['CANCELLED', '取消入住', 'Taken back before it began', 0],
  ['FILE_ENDED', '档案结束', "The elder's file ended", 0],
];

/**
 * Questions, bills and answers about stays, and the first rules and reasons: data that a place changes without a new
 * version of the program.
 */
export class BedTerms1764102001000 implements MigrationInterface {
  name = 'BedTerms1764102001000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    for (const row of rules) {
      await insertOnce(runner, 'admission_rule', ruleColumns, row, 3);
    }
    for (const row of reasons) {
      await insertOnce(runner, 'discharge_reason', 'code, nameZh, nameEn, endsFile', row, 1);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM admission_rule');
    await runner.query('DELETE FROM discharge_reason');
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}

/** The first `keys` columns say whether the row is there already. */
async function insertOnce(
  runner: QueryRunner,
  table: string,
  columns: string,
  row: readonly (string | number | null)[],
  keys: number,
): Promise<void> {
  const same = columns
    .split(', ')
    .slice(0, keys)
    .map((name) => `${name} = ?`)
    .join(' AND ');
  const found: unknown[] = await runner.query(
    `SELECT 1 AS found FROM ${table} WHERE ${same}`,
    row.slice(0, keys),
  );
  if (found.length > 0) return;
  await runner.query(`INSERT INTO ${table} (${columns}) VALUES (${row.map(() => '?').join(', ')})`, [...row]);
}
