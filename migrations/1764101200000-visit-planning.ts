import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day, flag } = column;

/** When caregivers work, where they set out, what was agreed at a booking, and what became of it. */
const tables: TableOptions[] = [
  {
    name: 'public_holiday',
    columns: [{ ...day('day'), isPrimary: true }, text('kind', 8), text('nameZh', 40), text('nameEn', 80)],
    checks: [check('ck_public_holiday_kind', "kind IN ('HOLIDAY', 'WORKDAY')")],
  },
  {
    name: 'home_station',
    columns: [
      key('facilityId', 'integer'),
      int('latitudeMicro'),
      int('longitudeMicro'),
      text('travelMode', 8),
    ],
    foreignKeys: [reference('fk_home_station_facility', 'facilityId', 'facility')],
    checks: [
      check('ck_home_station_place', 'latitudeMicro BETWEEN -90000000 AND 90000000'),
      check('ck_home_station_mode', "travelMode IN ('WALK', 'CYCLE', 'CAR')"),
    ],
  },
  {
    name: 'home_service_pair',
    columns: [key('serviceId', 'integer'), int('secondAfterMin'), int('secondAfterMax')],
    foreignKeys: [reference('fk_pair_service', 'serviceId', 'home_service')],
    checks: [check('ck_pair_after', 'secondAfterMin >= 0 AND secondAfterMin <= secondAfterMax')],
  },
  {
    name: 'caregiver_shift',
    columns: [
      key('caregiverId', 'integer'),
      key('weekday', 'integer'),
      key('fromMinute', 'integer'),
      { ...day('fromDay'), isPrimary: true },
      int('toMinute'),
      nullable(day('toDay')),
    ],
    foreignKeys: [reference('fk_shift_caregiver', 'caregiverId', 'caregiver')],
    checks: [
      check('ck_shift_weekday', 'weekday BETWEEN 1 AND 7'),
      check('ck_shift_minutes', 'fromMinute >= 0 AND fromMinute < toMinute AND toMinute <= 1440'),
      check('ck_shift_days', 'toDay IS NULL OR toDay > fromDay'),
    ],
  },
  {
    name: 'caregiver_absence',
    columns: [
      id(),
      int('caregiverId'),
      text('kind', 12),
      big('startsAt'),
      big('endsAt'),
      big('recordedAt'),
      nullable(int('recordedById')),
      nullable(big('withdrawnAt')),
    ],
    indices: [index('ix_absence_caregiver', 'caregiverId', 'endsAt')],
    foreignKeys: [
      reference('fk_absence_caregiver', 'caregiverId', 'caregiver'),
      reference('fk_absence_recorded_by', 'recordedById', 'account'),
    ],
    checks: [
      check('ck_absence_interval', 'endsAt > startsAt'),
      check('ck_absence_kind', "kind IN ('DAY_OFF', 'SICK_LEAVE', 'TRAINING', 'OTHER')"),
    ],
  },
  {
    name: 'visit_series',
    columns: [
      id(),
      text('requestId', 36),
      int('elderId'),
      int('serviceId'),
      text('recurrence', 400),
      flag('skipsHolidays'),
      big('bookedAt'),
      nullable(int('bookedById')),
    ],
    indices: [unique('uq_series_request', 'requestId'), index('ix_series_elder', 'elderId')],
    foreignKeys: [
      reference('fk_series_elder', 'elderId', 'elder'),
      reference('fk_series_service', 'serviceId', 'home_service'),
      reference('fk_series_booked_by', 'bookedById', 'account'),
    ],
  },
  {
    name: 'visit_booking',
    columns: [
      key('visitId', 'integer'),
      nullable(int('seriesId')),
      nullable(int('wishedCaregiverId')),
      big('promisedAt'),
      int('flexMinutes'),
      int('hoursMinutes'),
      nullable(text('noteSealed', 1200)),
    ],
    indices: [
      index('ix_booking_series', 'seriesId', 'visitId'),
      index('ix_booking_wished', 'wishedCaregiverId'),
    ],
    foreignKeys: [
      reference('fk_booking_visit', 'visitId', 'visit'),
      reference('fk_booking_series', 'seriesId', 'visit_series'),
      reference('fk_booking_wished', 'wishedCaregiverId', 'caregiver'),
    ],
    checks: [
      check('ck_booking_flex', 'flexMinutes >= 0 AND flexMinutes <= 720'),
      check('ck_booking_hours', 'hoursMinutes >= 0'),
    ],
  },
  {
    name: 'visit_event',
    columns: [
      id(),
      int('visitId'),
      int('version'),
      text('kind', 12),
      text('status', 16),
      big('startsAt'),
      big('at'),
      nullable(int('byId')),
      flag('isOverride'),
      nullable(text('reasonSealed', 1200)),
    ],
    indices: [unique('uq_visit_event', 'visitId', 'version'), index('ix_visit_event_at', 'at')],
    foreignKeys: [
      reference('fk_visit_event_visit', 'visitId', 'visit'),
      reference('fk_visit_event_by', 'byId', 'account'),
    ],
    checks: [check('ck_visit_event_version', 'version >= 1')],
  },
];

/** MySQL commits at every change of a table, so each step asks first whether it was done already. */
export class VisitPlanning1764101200000 implements MigrationInterface {
  name = 'VisitPlanning1764101200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    // A visit that was there already was promised as it stands, and no hours were agreed.
    await runner.query(
      `INSERT INTO visit_booking (visitId, promisedAt, flexMinutes, hoursMinutes)
       SELECT v.id, v.startsAt, 0, 0 FROM visit v
        WHERE NOT EXISTS (SELECT 1 FROM visit_booking b WHERE b.visitId = v.id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
