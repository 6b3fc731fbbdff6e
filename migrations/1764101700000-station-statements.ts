import { type MigrationInterface, type QueryRunner, TableIndex, type TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { key, int, big, text, day } = column;

const lines: TableOptions = {
  name: 'station_line',
  withoutRowid: true,
  columns: [
    key('statementId', 'integer'),
    key('postingId', 'integer'),
    text('kind', 12),
    int('visitId'),
    day('day'),
    nullable(text('correctsMonth', 7)),
    int('elderId'),
    int('units'),
    int('minutes'),
    int('hoursMinutes'),
    nullable(int('score')),
    nullable(text('paidBecause', 8)),
    big('grossFen'),
    big('subsidyFen'),
    big('discountFen'),
    big('selfPaidFen'),
  ],
  indices: [
    unique('uq_station_line_posting', 'postingId'),
    index('ix_station_line_visit', 'visitId'),
    index('ix_station_line_elder', 'elderId'),
  ],
  foreignKeys: [
    reference('fk_station_line_statement', 'statementId', 'month_statement'),
    reference('fk_station_line_posting', 'postingId', 'hours_posting'),
    reference('fk_station_line_visit', 'visitId', 'visit'),
    reference('fk_station_line_elder', 'elderId', 'elder'),
  ],
  checks: [
    check('ck_station_line_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen'),
    check('ck_station_line_score', 'score IS NULL OR score BETWEEN 0 AND 100'),
  ],
};

const disputes = 'statement_dispute';
const disputedPosting = 'uq_dispute_posting';

/**
 * Statements of home-care stations: lines of the hours' ledger, and disputes that say in which ledger their line is.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class StationStatements1764101700000 implements MigrationInterface {
  name = 'StationStatements1764101700000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable(lines.name))) await createTable(runner, lines);
    if (!(await runner.hasColumn(disputes, 'kind'))) {
      await runner.query(`ALTER TABLE ${disputes} ADD COLUMN kind varchar(12) NOT NULL DEFAULT 'CANTEEN'`);
    }
    await indexBy(runner, 'kind', 'postingId');
  }

  async down(runner: QueryRunner): Promise<void> {
    await indexBy(runner, 'postingId');
    await runner.query(`ALTER TABLE ${disputes} DROP COLUMN kind`);
    await runner.dropTable(lines.name);
  }
}

async function indexBy(runner: QueryRunner, ...columns: string[]): Promise<void> {
  const present = (await runner.getTable(disputes))?.indices.some(({ name }) => name === disputedPosting);
  if (present) await runner.dropIndex(disputes, disputedPosting);
  await runner.createIndex(disputes, new TableIndex(unique(disputedPosting, ...columns)));
}
