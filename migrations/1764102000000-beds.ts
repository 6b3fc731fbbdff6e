import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, assignedId, int, big, text, day, flag } = column;

const dayKey = (name: string) => ({ ...day(name), isPrimary: true });

/** What a facility has, and on which terms it is given. */
const places: TableOptions[] = [
  {
    name: 'room',
    columns: [
      id(),
      int('facilityId'),
      text('building', 40),
      int('floor'),
      text('name', 40),
      text('genderRule', 8),
      day('registeredOn'),
      nullable(day('closedOn')),
    ],
    indices: [unique('uq_room_name', 'facilityId', 'building', 'name')],
    foreignKeys: [reference('fk_room_facility', 'facilityId', 'facility')],
    checks: [
      check('ck_room_gender', "genderRule IN ('FEMALE', 'MALE', 'ANY')"),
      check('ck_room_closed', 'closedOn IS NULL OR closedOn >= registeredOn'),
    ],
  },
  {
    name: 'bed',
    columns: [
      id(),
      int('roomId'),
      int('facilityId'),
      text('label', 20),
      text('type', 12),
      day('registeredOn'),
      day('inServiceFrom'),
      nullable(day('closedOn')),
    ],
    indices: [unique('uq_bed_label', 'roomId', 'label'), index('ix_bed_facility', 'facilityId', 'id')],
    foreignKeys: [
      reference('fk_bed_room', 'roomId', 'room'),
      reference('fk_bed_facility', 'facilityId', 'facility'),
    ],
    checks: [
      check('ck_bed_type', "type IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')"),
      check(
        'ck_bed_days',
        'inServiceFrom >= registeredOn AND (closedOn IS NULL OR closedOn >= registeredOn)',
      ),
    ],
  },
  {
    name: 'bed_out_of_service',
    columns: [
      id(),
      int('bedId'),
      int('facilityId'),
      nullable(int('openBedId')),
      day('fromDay'),
      nullable(day('toDay')),
      text('reason', 12),
      big('recordedAt'),
      int('recordedById'),
    ],
    indices: [
      unique('uq_out_of_service_open', 'openBedId'),
      index('ix_out_of_service_bed', 'bedId', 'fromDay'),
      index('ix_out_of_service_facility', 'facilityId', 'toDay', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_out_of_service_bed', 'bedId', 'bed'),
      reference('fk_out_of_service_by', 'recordedById', 'account'),
    ],
    checks: [
      check('ck_out_of_service_days', 'toDay IS NULL OR toDay >= fromDay'),
      check('ck_out_of_service_open', '(toDay IS NULL) = (openBedId IS NOT NULL)'),
      check(
        'ck_out_of_service_reason',
        "reason IN ('REPAIR', 'DISINFECTION', 'INSPECTION', 'STAFFING', 'OTHER')",
      ),
    ],
  },
  {
    name: 'bed_fee',
    columns: [
      key('facilityId', 'integer'),
      key('bedType', 'varchar', 12),
      dayKey('fromDay'),
      big('fenPerDay'),
      big('setAt'),
      int('setById'),
    ],
    foreignKeys: [
      reference('fk_bed_fee_facility', 'facilityId', 'facility'),
      reference('fk_bed_fee_set_by', 'setById', 'account'),
    ],
    checks: [check('ck_bed_fee_fen', 'fenPerDay >= 0')],
  },
  {
    name: 'bed_own_fee',
    columns: [
      key('bedId', 'integer'),
      dayKey('fromDay'),
      nullable(big('fenPerDay')),
      big('setAt'),
      int('setById'),
    ],
    foreignKeys: [
      reference('fk_own_fee_bed', 'bedId', 'bed'),
      reference('fk_own_fee_set_by', 'setById', 'account'),
    ],
    checks: [check('ck_bed_own_fee_fen', 'fenPerDay IS NULL OR fenPerDay >= 0')],
  },
  {
    name: 'admission_rule',
    columns: [
      key('facilityKey', 'integer'),
      key('bedType', 'varchar', 12),
      dayKey('fromDay'),
      nullable(int('facilityId')),
      flag('needsAssessment'),
      int('levelMin'),
      int('levelMax'),
      text('contractBy', 12),
      int('trialDays'),
      int('holdDaysMax'),
      int('homeLeaveDaysMax'),
      int('hospitalLeaveDaysMax'),
      int('homeLeavePercent'),
      int('hospitalLeavePercent'),
      int('entryDaysBackMax'),
    ],
    indices: [index('ix_admission_rule_facility', 'facilityId')],
    foreignKeys: [reference('fk_admission_rule_facility', 'facilityId', 'facility')],
    checks: [
      check('ck_admission_rule_place', 'facilityKey = COALESCE(facilityId, 0)'),
      check('ck_admission_rule_levels', 'levelMin >= 0 AND levelMin <= levelMax AND levelMax <= 4'),
      check('ck_admission_rule_contract', "contractBy IN ('ADMISSION', 'TRIAL_END')"),
      check('ck_admission_rule_limits', 'trialDays >= 0 AND holdDaysMax >= 1 AND entryDaysBackMax >= 0'),
      check('ck_admission_rule_leave', 'homeLeaveDaysMax >= 0 AND hospitalLeaveDaysMax >= 0'),
      check(
        'ck_admission_rule_percent',
        'homeLeavePercent BETWEEN 0 AND 100 AND hospitalLeavePercent BETWEEN 0 AND 100',
      ),
    ],
  },
  {
    name: 'discharge_reason',
    columns: [key('code', 'varchar', 16), text('nameZh', 40), text('nameEn', 80), flag('endsFile')],
  },
];

/** Who has what, and over which days. */
const stays: TableOptions[] = [
  {
    name: 'bed_stay',
    columns: [
      assignedId(),
      int('bedId'),
      int('facilityId'),
      int('elderId'),
      day('fromDay'),
      nullable(day('toDay')),
      nullable(int('openBedId')),
      nullable(int('openElderId')),
      day('admittedOn'),
      nullable(big('previousStayId')),
      nullable(day('contractSignedOn')),
      day('trialEndsOn'),
      nullable(text('endReason', 16)),
      nullable(text('endNoteSealed', 1200)),
      big('enteredAt'),
      nullable(int('enteredById')),
      nullable(big('endedAt')),
      nullable(int('endedById')),
      nullable(big('cancelledAt')),
    ],
    indices: [
      unique('uq_stay_open_bed', 'openBedId'),
      unique('uq_stay_open_elder', 'openElderId'),
      unique('uq_stay_previous', 'previousStayId'),
      index('ix_stay_bed', 'bedId', 'toDay', 'fromDay'),
      index('ix_stay_elder', 'elderId', 'toDay', 'fromDay'),
      index('ix_stay_facility', 'facilityId', 'toDay', 'fromDay'),
      index('ix_stay_to', 'toDay', 'facilityId', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_stay_bed', 'bedId', 'bed'),
      reference('fk_stay_facility', 'facilityId', 'facility'),
      reference('fk_stay_elder', 'elderId', 'elder'),
      reference('fk_stay_end_reason', 'endReason', 'discharge_reason', 'code'),
      reference('fk_stay_entered_by', 'enteredById', 'account'),
      reference('fk_stay_ended_by', 'endedById', 'account'),
    ],
    checks: [
      check('ck_stay_days', 'toDay IS NULL OR toDay >= fromDay'),
      check('ck_stay_cancelled', '(cancelledAt IS NULL) = (toDay IS NULL OR toDay > fromDay)'),
      check('ck_stay_open_bed', '(toDay IS NULL) = (openBedId IS NOT NULL)'),
      check('ck_stay_open_elder', '(toDay IS NULL) = (openElderId IS NOT NULL)'),
      check('ck_stay_ended', '(toDay IS NULL) = (endReason IS NULL)'),
      check('ck_stay_admitted', 'admittedOn <= fromDay'),
    ],
  },
  {
    name: 'bed_hold',
    columns: [
      assignedId(),
      int('bedId'),
      int('facilityId'),
      int('elderId'),
      day('fromDay'),
      big('expiresAt'),
      day('expiresOn'),
      big('heldAt'),
      int('heldById'),
      nullable(big('endedAt')),
      nullable(day('endedOn')),
      nullable(text('endKind', 8)),
    ],
    indices: [
      index('ix_hold_bed', 'bedId', 'expiresOn'),
      index('ix_hold_elder', 'elderId', 'expiresOn'),
      index('ix_hold_facility', 'facilityId', 'expiresOn'),
      index('ix_hold_expires', 'expiresOn'),
    ],
    foreignKeys: [
      reference('fk_hold_bed', 'bedId', 'bed'),
      reference('fk_hold_elder', 'elderId', 'elder'),
      reference('fk_hold_held_by', 'heldById', 'account'),
    ],
    checks: [
      check('ck_hold_days', 'expiresOn >= fromDay'),
      check(
        'ck_hold_ended',
        '(endedAt IS NULL) = (endedOn IS NULL) AND (endedAt IS NULL) = (endKind IS NULL)',
      ),
      check('ck_hold_end_kind', "endKind IS NULL OR endKind IN ('ADMITTED', 'RELEASED')"),
    ],
  },
  {
    name: 'stay_leave',
    columns: [
      assignedId(),
      big('stayId'),
      nullable(big('openStayId')),
      int('facilityId'),
      text('kind', 8),
      day('fromDay'),
      nullable(day('toDay')),
      nullable(day('expectedBackOn')),
      big('startedAt'),
      nullable(int('startedById')),
    ],
    indices: [
      unique('uq_leave_open_stay', 'openStayId'),
      index('ix_leave_stay', 'stayId', 'fromDay'),
      index('ix_leave_facility', 'facilityId', 'toDay', 'fromDay'),
      index('ix_leave_to', 'toDay', 'facilityId', 'fromDay'),
    ],
    foreignKeys: [
      reference('fk_leave_stay', 'stayId', 'bed_stay'),
      reference('fk_leave_started_by', 'startedById', 'account'),
    ],
    checks: [
      check('ck_leave_kind', "kind IN ('HOME', 'HOSPITAL')"),
      check('ck_leave_days', 'toDay IS NULL OR toDay >= fromDay'),
      check('ck_leave_open', '(toDay IS NULL) = (openStayId IS NOT NULL)'),
      check('ck_leave_expected', 'expectedBackOn IS NULL OR expectedBackOn > fromDay'),
    ],
  },
];

/** Beds, who has them, and over which days. MySQL commits at every change of a table, so each step asks first. */
export class Beds1764102000000 implements MigrationInterface {
  name = 'Beds1764102000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [...places, ...stays]) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...places, ...stays].reverse()) await runner.dropTable(name);
  }
}
