import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, assignedId, key, int, big, text, day } = column;

const subsidies: TableOptions = {
  name: 'bed_subsidy',
  columns: [
    id(),
    int('facilityKey'),
    nullable(int('facilityId')),
    int('funderId'),
    day('fromDay'),
    text('per', 8),
    nullable(int('wholeMonthDays')),
    int('homeLeaveDaysMax'),
    int('hospitalDaysMax'),
    big('setAt'),
    nullable(int('setById')),
  ],
  indices: [unique('uq_bed_subsidy', 'facilityKey', 'funderId', 'fromDay')],
  foreignKeys: [
    reference('fk_bed_subsidy_facility', 'facilityId', 'facility'),
    reference('fk_bed_subsidy_funder', 'funderId', 'funder'),
    reference('fk_bed_subsidy_set_by', 'setById', 'account'),
  ],
  checks: [
    check('ck_bed_subsidy_place', 'facilityKey = COALESCE(facilityId, 0)'),
    check('ck_bed_subsidy_per', "per IN ('DAY', 'MONTH')"),
    check(
      'ck_bed_subsidy_days',
      'homeLeaveDaysMax BETWEEN 0 AND 31 AND hospitalDaysMax BETWEEN 0 AND 31 AND (wholeMonthDays IS NULL OR wholeMonthDays BETWEEN 1 AND 31)',
    ),
    check('ck_bed_subsidy_whole', "wholeMonthDays IS NULL OR per = 'MONTH'"),
  ],
};

const rates: TableOptions = {
  name: 'bed_subsidy_rate',
  columns: [
    key('subsidyId', 'integer'),
    key('place', 'integer'),
    nullable(text('bedType', 12)),
    nullable(int('levelMin')),
    nullable(int('levelMax')),
    big('fen'),
  ],
  foreignKeys: [reference('fk_bed_rate_subsidy', 'subsidyId', 'bed_subsidy')],
  checks: [
    check(
      'ck_bed_rate_levels',
      '(levelMin IS NULL) = (levelMax IS NULL) AND (levelMin IS NULL OR levelMin <= levelMax)',
    ),
    check('ck_bed_rate_range', 'levelMin IS NULL OR (levelMin >= 0 AND levelMax <= 4)'),
    check('ck_bed_rate_fen', 'fen >= 0'),
  ],
};

const lines: TableOptions = {
  name: 'home_line',
  withoutRowid: true,
  columns: [
    key('statementId', 'integer'),
    assignedId('postingId'),
    text('kind', 12),
    int('facilityId'),
    big('stayId'),
    text('bedType', 12),
    nullable(int('level')),
    text('daysMonth', 7),
    day('day'),
    nullable(text('correctsMonth', 7)),
    int('elderId'),
    int('units'),
    int('homeLeaveDays'),
    int('hospitalDays'),
    int('countedDays'),
    text('days', 31),
    big('grossFen'),
    big('subsidyFen'),
    big('discountFen'),
    big('selfPaidFen'),
  ],
  indices: [
    unique('uq_home_line_posting', 'postingId'),
    index('ix_home_line_stay', 'stayId', 'daysMonth'),
    index('ix_home_line_facility', 'facilityId', 'daysMonth'),
    index('ix_home_line_elder', 'elderId'),
  ],
  foreignKeys: [
    reference('fk_home_line_statement', 'statementId', 'month_statement'),
    reference('fk_home_line_facility', 'facilityId', 'facility'),
    reference('fk_home_line_stay', 'stayId', 'bed_stay'),
    reference('fk_home_line_elder', 'elderId', 'elder'),
  ],
  checks: [
    check('ck_home_line_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen'),
    check('ck_home_line_kind', "kind IN ('STAY', 'CORRECT', 'DISPUTE')"),
    check('ck_home_line_level', 'level IS NULL OR level BETWEEN 0 AND 4'),
  ],
};

const parts: TableOptions = {
  name: 'home_line_part',
  withoutRowid: true,
  columns: [
    key('statementId', 'integer'),
    assignedId('postingId'),
    key('funderId', 'integer'),
    int('days'),
    big('fen'),
  ],
  indices: [index('ix_home_part_posting', 'postingId')],
  foreignKeys: [
    reference('fk_home_part_statement', 'statementId', 'month_statement'),
    reference('fk_home_part_funder', 'funderId', 'funder'),
  ],
};

const denied: TableOptions = {
  name: 'denied_bed_days',
  columns: [assignedId('disputeId'), big('stayId'), text('month', 7), text('days', 31)],
  indices: [index('ix_denied_stay', 'stayId', 'month')],
  foreignKeys: [
    reference('fk_denied_dispute', 'disputeId', 'statement_dispute'),
    reference('fk_denied_stay', 'stayId', 'bed_stay'),
  ],
};

const tables = [subsidies, rates, lines, parts, denied];

/**
 * What funders pay homes for occupied beds, and the lines of homes' statements.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class BedDayStatements1764102220000 implements MigrationInterface {
  name = 'BedDayStatements1764102220000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
