import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day, flag } = column;

/** What stations offer, and the government's hours: the rules, what they granted, and the ledger of it. */
const tables: TableOptions[] = [
  {
    name: 'station_service',
    columns: [
      key('serviceId', 'integer'),
      key('facilityId', 'integer'),
      { ...day('fromDay'), isPrimary: true },
      flag('isOffered'),
    ],
    foreignKeys: [
      reference('fk_station_service_service', 'serviceId', 'home_service'),
      reference('fk_station_service_facility', 'facilityId', 'facility'),
    ],
  },
  {
    name: 'hours_rule',
    columns: [
      id(),
      text('code', 32),
      int('version'),
      int('facilityId'),
      day('fromDay'),
      nullable(day('toDay')),
      text('status', 12),
      { name: 'document', type: 'text' },
      nullable(int('proposedById')),
      big('proposedAt'),
      nullable(int('decidedById')),
      nullable(big('decidedAt')),
      nullable(text('decisionNote', 200)),
    ],
    indices: [
      unique('uq_hours_rule_version', 'code', 'version'),
      index('ix_hours_rule_facility', 'facilityId', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_hours_rule_facility', 'facilityId', 'facility'),
      reference('fk_hours_rule_proposed_by', 'proposedById', 'account'),
      reference('fk_hours_rule_decided_by', 'decidedById', 'account'),
    ],
    checks: [
      check('ck_hours_rule_interval', 'toDay IS NULL OR toDay > fromDay'),
      check('ck_hours_rule_decided', "(status = 'PROPOSED') = (decidedAt IS NULL)"),
      check(
        'ck_hours_rule_second_person',
        "status <> 'APPROVED' OR proposedById IS NULL OR decidedById IS NULL OR decidedById <> proposedById",
      ),
    ],
  },
  {
    name: 'hours_grant',
    columns: [
      id(),
      int('elderId'),
      int('ruleId'),
      text('setCode', 32),
      text('grantCode', 32),
      text('period', 10),
      day('fromDay'),
      day('toDay'),
      int('grantedMinutes'),
      int('leftMinutes'),
      big('grantedAt'),
    ],
    indices: [
      unique('uq_hours_grant', 'elderId', 'period', 'setCode', 'grantCode'),
      index('ix_hours_grant_end', 'toDay'),
    ],
    foreignKeys: [
      reference('fk_hours_grant_elder', 'elderId', 'elder'),
      reference('fk_hours_grant_rule', 'ruleId', 'hours_rule'),
    ],
    checks: [
      check('ck_hours_grant_days', 'toDay > fromDay'),
      check('ck_hours_grant_left', 'leftMinutes >= 0 AND leftMinutes <= grantedMinutes'),
    ],
  },
  {
    name: 'hours_posting',
    columns: [
      id(),
      text('kind', 12),
      nullable(int('grantId')),
      nullable(int('visitId')),
      int('step'),
      int('elderId'),
      nullable(int('stationId')),
      day('bookedOn'),
      big('postedAt'),
    ],
    indices: [
      unique('uq_hours_posting_visit', 'visitId', 'step'),
      unique('uq_hours_posting_grant', 'grantId', 'step'),
      index('ix_hours_posting_elder', 'elderId', 'bookedOn'),
      index('ix_hours_posting_station', 'stationId', 'bookedOn'),
    ],
    foreignKeys: [
      reference('fk_hours_posting_grant', 'grantId', 'hours_grant'),
      reference('fk_hours_posting_visit', 'visitId', 'visit'),
      reference('fk_hours_posting_elder', 'elderId', 'elder'),
      reference('fk_hours_posting_station', 'stationId', 'facility'),
    ],
    checks: [
      check('ck_hours_posting_of', '(grantId IS NULL) <> (visitId IS NULL)'),
      check(
        'ck_hours_posting_step',
        "step >= 1 AND (visitId IS NULL OR (kind IN ('RESERVE', 'CORRECT')) = (step % 2 = 1))",
      ),
      check(
        'ck_hours_posting_kind',
        "(kind IN ('RESERVE', 'GIVE_BACK', 'USE', 'FORFEIT', 'CORRECT')) = (visitId IS NOT NULL)",
      ),
    ],
  },
  {
    name: 'hours_entry',
    columns: [
      key('postingId', 'integer'),
      key('line', 'integer'),
      text('account', 20),
      int('ownerId'),
      nullable(int('grantId')),
      int('minutes'),
      big('fen'),
    ],
    indices: [index('ix_hours_entry_account', 'account', 'ownerId', 'postingId')],
    foreignKeys: [
      reference('fk_hours_entry_posting', 'postingId', 'hours_posting'),
      reference('fk_hours_entry_grant', 'grantId', 'hours_grant'),
    ],
    checks: [
      check('ck_hours_entry_something', 'minutes <> 0 OR fen <> 0'),
      check(
        'ck_hours_entry_unit',
        "CASE WHEN account IN ('PROGRAMME', 'LEFT', 'RESERVED', 'USED', 'FORFEITED', 'EXPIRED') THEN fen = 0 ELSE minutes = 0 END",
      ),
    ],
  },
];

/** MySQL commits at every change of a table, so each step asks first whether it was done already. */
export class HomeHours1764101400000 implements MigrationInterface {
  name = 'HomeHours1764101400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
