import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text } = column;

const tables: TableOptions[] = [
  {
    name: 'care_note',
    columns: [
      id(),
      text('requestId', 36),
      int('visitId'),
      int('elderId'),
      int('caregiverId'),
      text('textSealed', 3200),
      big('writtenAt'),
    ],
    indices: [
      unique('uq_care_note_request', 'requestId'),
      index('ix_care_note_elder', 'elderId', 'id'),
      index('ix_care_note_visit', 'visitId'),
    ],
    foreignKeys: [
      reference('fk_care_note_visit', 'visitId', 'visit'),
      reference('fk_care_note_elder', 'elderId', 'elder'),
      reference('fk_care_note_caregiver', 'caregiverId', 'caregiver'),
    ],
  },
  {
    name: 'care_measurement',
    columns: [
      id(),
      text('requestId', 36),
      int('visitId'),
      int('elderId'),
      int('caregiverId'),
      text('kind', 12),
      text('valueSealed', 120),
      big('measuredAt'),
    ],
    indices: [
      unique('uq_measurement_request', 'requestId', 'kind'),
      index('ix_measurement_elder', 'elderId', 'id'),
      index('ix_measurement_visit', 'visitId'),
    ],
    foreignKeys: [
      reference('fk_measurement_visit', 'visitId', 'visit'),
      reference('fk_measurement_elder', 'elderId', 'elder'),
      reference('fk_measurement_caregiver', 'caregiverId', 'caregiver'),
    ],
    checks: [
      check(
        'ck_measurement_kind',
        "kind IN ('SYSTOLIC', 'DIASTOLIC', 'PULSE', 'SUGAR', 'TEMPERATURE', 'WEIGHT')",
      ),
    ],
  },
  {
    name: 'care_limit',
    columns: [
      id(),
      nullable(int('elderId')),
      nullable(int('facilityId')),
      text('kind', 12),
      nullable(int('low')),
      nullable(int('high')),
      big('setAt'),
      int('setById'),
    ],
    indices: [
      unique('uq_care_limit_elder', 'elderId', 'kind'),
      unique('uq_care_limit_facility', 'facilityId', 'kind'),
    ],
    foreignKeys: [
      reference('fk_care_limit_elder', 'elderId', 'elder'),
      reference('fk_care_limit_facility', 'facilityId', 'facility'),
      reference('fk_care_limit_set_by', 'setById', 'account'),
    ],
    checks: [
      check('ck_care_limit_of', '(elderId IS NULL) <> (facilityId IS NULL)'),
      check('ck_care_limit_order', 'COALESCE(low, 0) <= COALESCE(high, 100000)'),
    ],
  },
  {
    name: 'care_alert',
    columns: [
      id(),
      int('measurementId'),
      int('elderId'),
      int('stationId'),
      text('direction', 4),
      big('raisedAt'),
      nullable(big('acknowledgedAt')),
      nullable(int('acknowledgedById')),
      nullable(big('closedAt')),
      nullable(int('closedById')),
      nullable(text('outcome', 16)),
      nullable(text('noteSealed', 1200)),
    ],
    indices: [
      unique('uq_care_alert_measurement', 'measurementId'),
      index('ix_care_alert_open', 'stationId', 'closedAt', 'raisedAt'),
      index('ix_care_alert_elder', 'elderId'),
    ],
    foreignKeys: [
      reference('fk_care_alert_measurement', 'measurementId', 'care_measurement'),
      reference('fk_care_alert_elder', 'elderId', 'elder'),
      reference('fk_care_alert_station', 'stationId', 'facility'),
      reference('fk_care_alert_known_by', 'acknowledgedById', 'account'),
      reference('fk_care_alert_closed_by', 'closedById', 'account'),
    ],
    checks: [
      check('ck_care_alert_direction', "direction IN ('LOW', 'HIGH')"),
      check(
        'ck_care_alert_closed',
        '(closedAt IS NULL) = (outcome IS NULL) AND (closedAt IS NULL) = (closedById IS NULL)',
      ),
      check('ck_care_alert_known', '(acknowledgedAt IS NULL) = (acknowledgedById IS NULL)'),
    ],
  },
  {
    name: 'visit_rating',
    columns: [
      key('visitId', 'integer'),
      int('stars'),
      nullable(text('commentSealed', 3200)),
      big('ratedAt'),
      big('changedAt'),
      int('ratedById'),
    ],
    foreignKeys: [
      reference('fk_rating_visit', 'visitId', 'visit'),
      reference('fk_rating_by', 'ratedById', 'account'),
    ],
    checks: [
      check('ck_rating_stars', 'stars >= 1 AND stars <= 5'),
      check('ck_rating_changed', 'changedAt >= ratedAt'),
    ],
  },
  {
    name: 'home_service_item',
    columns: [key('serviceId', 'integer'), key('number', 'integer'), text('nameZh', 40), text('nameEn', 80)],
    foreignKeys: [reference('fk_service_item_service', 'serviceId', 'home_service')],
    checks: [check('ck_service_item_number', 'number >= 1')],
  },
  {
    name: 'elder_contacts',
    columns: [key('elderId', 'integer'), text('contactsSealed', 2400), big('setAt'), int('setById')],
    foreignKeys: [
      reference('fk_contacts_elder', 'elderId', 'elder'),
      reference('fk_contacts_set_by', 'setById', 'account'),
    ],
  },
];

/**
 * What caregivers write down at a visit, what alerts follow, how families rate it, and whom to ring.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class CareRecords1764101501000 implements MigrationInterface {
  name = 'CareRecords1764101501000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
