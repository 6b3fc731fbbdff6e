import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day } = column;

/** Who visits, what is brought, and the visits themselves; rosters and hours come with planning. */
const tables: TableOptions[] = [
  {
    name: 'home_service',
    columns: [
      id(),
      text('code', 32),
      text('serviceGroup', 24),
      text('nameZh', 40),
      text('nameEn', 80),
      int('minutes'),
      nullable(text('skill', 24)),
      int('caregivers'),
      int('preparationMinutes'),
      int('bufferMinutes'),
      text('genderRule', 8),
    ],
    indices: [unique('uq_home_service_code', 'code')],
    checks: [
      check('ck_home_service_minutes', 'minutes > 0 AND preparationMinutes >= 0 AND bufferMinutes >= 0'),
      check('ck_home_service_caregivers', 'caregivers >= 1 AND caregivers <= 2'),
    ],
  },
  {
    name: 'home_service_price',
    columns: [key('serviceId', 'integer'), { ...day('fromDay'), isPrimary: true }, big('fen')],
    foreignKeys: [reference('fk_service_price_service', 'serviceId', 'home_service')],
    checks: [check('ck_service_price_fen', 'fen >= 0')],
  },
  {
    name: 'caregiver',
    columns: [
      id(),
      int('accountId'),
      int('stationId'),
      text('gender', 8),
      nullable(text('homeDivisionCode', 12)),
      day('activeFrom'),
      nullable(day('activeUntil')),
    ],
    indices: [unique('uq_caregiver_account', 'accountId'), index('ix_caregiver_station', 'stationId')],
    foreignKeys: [
      reference('fk_caregiver_account', 'accountId', 'account'),
      reference('fk_caregiver_station', 'stationId', 'facility'),
    ],
    checks: [check('ck_caregiver_active', 'activeUntil IS NULL OR activeUntil > activeFrom')],
  },
  {
    name: 'caregiver_skill',
    columns: [key('caregiverId', 'integer'), key('skill', 'varchar', 24), nullable(day('expiresOn'))],
    foreignKeys: [reference('fk_skill_caregiver', 'caregiverId', 'caregiver')],
  },
  {
    name: 'visit',
    columns: [
      id(),
      text('requestId', 36),
      int('occurrence'),
      int('elderId'),
      int('serviceId'),
      int('stationId'),
      big('startsAt'),
      big('endsAt'),
      text('status', 16),
      big('subsidyFen'),
      big('selfPaidFen'),
      nullable(big('checkedInAt')),
      nullable(big('checkedOutAt')),
      nullable(int('bookedById')),
      big('bookedAt'),
      int('version'),
    ],
    indices: [
      unique('uq_visit_request', 'requestId', 'occurrence'),
      index('ix_visit_elder', 'elderId', 'startsAt'),
      index('ix_visit_station', 'stationId', 'startsAt'),
    ],
    foreignKeys: [
      reference('fk_visit_elder', 'elderId', 'elder'),
      reference('fk_visit_service', 'serviceId', 'home_service'),
      reference('fk_visit_station', 'stationId', 'facility'),
      reference('fk_visit_booked_by', 'bookedById', 'account'),
    ],
    checks: [
      check('ck_visit_interval', 'endsAt > startsAt AND endsAt <= startsAt + 86400000'),
      check('ck_visit_money', 'subsidyFen >= 0 AND selfPaidFen >= 0'),
      check('ck_visit_checked', 'checkedOutAt IS NULL OR checkedOutAt >= checkedInAt'),
    ],
  },
  {
    name: 'visit_caregiver',
    columns: [key('visitId', 'integer'), key('caregiverId', 'integer'), big('startsAt'), big('endsAt')],
    indices: [index('ix_visit_caregiver', 'caregiverId', 'startsAt')],
    foreignKeys: [
      reference('fk_visit_caregiver_visit', 'visitId', 'visit'),
      reference('fk_visit_caregiver_caregiver', 'caregiverId', 'caregiver'),
    ],
    checks: [check('ck_visit_caregiver_interval', 'endsAt > startsAt AND endsAt <= startsAt + 86400000')],
  },
];

export class Visits1764100300000 implements MigrationInterface {
  name = 'Visits1764100300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
