import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day } = column;

const [events, cause] = ['visit_event', 'causedBy'];

const tables: TableOptions[] = [
  {
    name: 'family_payment',
    columns: [
      id(),
      text('requestId', 36),
      int('visitId'),
      int('elderId'),
      int('stationId'),
      big('fen'),
      text('means', 8),
      int('takenById'),
      nullable(int('reversesId')),
      nullable(text('reasonSealed', 1200)),
      day('bookedOn'),
      big('recordedAt'),
      int('recordedById'),
    ],
    indices: [
      unique('uq_family_payment_request', 'requestId'),
      unique('uq_family_payment_reverses', 'reversesId'),
      index('ix_family_payment_visit', 'visitId'),
      index('ix_family_payment_elder', 'elderId'),
      index('ix_family_payment_station', 'stationId', 'bookedOn'),
    ],
    foreignKeys: [
      reference('fk_family_payment_visit', 'visitId', 'visit'),
      reference('fk_family_payment_elder', 'elderId', 'elder'),
      reference('fk_family_payment_station', 'stationId', 'facility'),
      reference('fk_family_payment_taken_by', 'takenById', 'account'),
      reference('fk_family_payment_reverses', 'reversesId', 'family_payment'),
      reference('fk_family_payment_recorded_by', 'recordedById', 'account'),
    ],
    checks: [
      check('ck_family_payment_fen', 'fen <> 0 AND (fen < 0) = (reversesId IS NOT NULL)'),
      check('ck_family_payment_means', "means IN ('CASH', 'TRANSFER')"),
    ],
  },
  {
    name: 'family_payment_entry',
    columns: [
      key('paymentId', 'integer'),
      key('line', 'integer'),
      text('account', 20),
      int('ownerId'),
      big('fen'),
    ],
    indices: [index('ix_family_entry_account', 'account', 'ownerId')],
    foreignKeys: [reference('fk_family_entry_payment', 'paymentId', 'family_payment')],
    checks: [check('ck_family_entry_account', "account IN ('FAMILY', 'STATION_RECEIVABLE') AND fen <> 0")],
  },
];

/**
 * On whose account a visit is called off, and what families paid for visits.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class FamiliesPay1764102241000 implements MigrationInterface {
  name = 'FamiliesPay1764102241000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(events, cause))) {
      await runner.query(`ALTER TABLE ${events} ADD COLUMN ${cause} varchar(8) NULL`);
    }
    for (const table of tables) {
      if (!(await runner.hasTable(table.name as string))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name as string);
    await runner.query(`ALTER TABLE ${events} DROP COLUMN ${cause}`);
  }
}
