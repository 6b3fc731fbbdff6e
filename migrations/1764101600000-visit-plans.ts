import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference } from './columns.js';

const { id, key, int, big, text, day } = column;

/** By what plans are made, how a search for one went, and what it found. */
const tables: TableOptions[] = [
  {
    name: 'planning_setting',
    columns: [
      key('facilityId', 'integer'),
      key('name', 'varchar', 24),
      { ...day('fromDay'), isPrimary: true },
      nullable(int('value')),
      int('setById'),
      big('setAt'),
    ],
    foreignKeys: [
      reference('fk_planning_setting_facility', 'facilityId', 'facility'),
      reference('fk_planning_setting_set_by', 'setById', 'account'),
    ],
  },
  {
    name: 'plan_run',
    columns: [
      id(),
      text('state', 8),
      day('fromDay'),
      day('toDay'),
      big('seed'),
      int('secondsMax'),
      nullable(big('iterationsMax')),
      text('weights', 600),
      nullable(text('costs', 1200)),
      big('iterations'),
      int('plannedVisits'),
      int('leftOutVisits'),
      big('startedAt'),
      int('startedById'),
      big('heardAt'),
      nullable(big('stopAskedAt')),
      nullable(big('endedAt')),
      nullable(text('failure', 16)),
      nullable(big('appliedAt')),
      nullable(int('appliedById')),
      nullable(int('appliedVisits')),
    ],
    indices: [index('ix_plan_run_days', 'toDay', 'fromDay')],
    foreignKeys: [
      reference('fk_plan_run_started_by', 'startedById', 'account'),
      reference('fk_plan_run_applied_by', 'appliedById', 'account'),
    ],
    checks: [
      check('ck_plan_run_days', 'toDay > fromDay'),
      check('ck_plan_run_state', "state IN ('RUNNING', 'DONE', 'STOPPED', 'FAILED')"),
      check('ck_plan_run_ended', "(state = 'RUNNING') = (endedAt IS NULL)"),
      check('ck_plan_run_failure', "(state = 'FAILED') = (failure IS NOT NULL)"),
      check('ck_plan_run_applied', "appliedAt IS NULL OR state IN ('DONE', 'STOPPED')"),
      check('ck_plan_run_counts', 'iterations >= 0 AND plannedVisits >= 0 AND leftOutVisits >= 0'),
    ],
  },
  {
    name: 'plan_run_station',
    columns: [key('planId', 'integer'), key('stationId', 'integer')],
    indices: [index('ix_plan_run_station', 'stationId', 'planId')],
    foreignKeys: [
      reference('fk_plan_run_station_plan', 'planId', 'plan_run'),
      reference('fk_plan_run_station_station', 'stationId', 'facility'),
    ],
  },
  {
    name: 'plan_run_caregiver',
    columns: [key('planId', 'integer'), key('caregiverId', 'integer'), text('fingerprint', 64)],
    foreignKeys: [
      reference('fk_plan_run_caregiver_plan', 'planId', 'plan_run'),
      reference('fk_plan_run_caregiver_caregiver', 'caregiverId', 'caregiver'),
    ],
  },
  {
    name: 'plan_run_visit',
    columns: [
      key('planId', 'integer'),
      key('visitId', 'integer'),
      text('role', 8),
      int('version'),
      text('fingerprint', 64),
      big('startsAt'),
      nullable(int('firstCaregiverId')),
      nullable(int('secondCaregiverId')),
      nullable(big('secondStartsAt')),
      nullable(text('leftOutCode', 24)),
      nullable(text('reasonZh', 400)),
      nullable(text('reasonEn', 400)),
    ],
    foreignKeys: [
      reference('fk_plan_run_visit_plan', 'planId', 'plan_run'),
      reference('fk_plan_run_visit_visit', 'visitId', 'visit'),
    ],
    checks: [
      check('ck_plan_visit_left_out', "leftOutCode IS NULL OR role = 'OPEN'"),
      check('ck_plan_visit_role', "role IN ('OPEN', 'FIXED')"),
    ],
  },
  {
    name: 'plan_run_stop',
    columns: [
      key('planId', 'integer'),
      key('caregiverId', 'integer'),
      key('visitId', 'integer'),
      int('part'),
      big('startsAt'),
      big('endsAt'),
      int('waySeconds'),
      nullable(int('backSeconds')),
    ],
    foreignKeys: [
      reference('fk_plan_run_stop_plan', 'planId', 'plan_run'),
      reference('fk_plan_run_stop_caregiver', 'caregiverId', 'caregiver'),
      reference('fk_plan_run_stop_visit', 'visitId', 'visit'),
    ],
    checks: [
      check('ck_plan_stop_interval', 'endsAt > startsAt'),
      check('ck_plan_stop_ways', 'waySeconds >= 0 AND (backSeconds IS NULL OR backSeconds >= 0)'),
    ],
  },
];

/** MySQL commits at every change of a table, so each step asks first whether it was done already. */
export class VisitPlans1764101600000 implements MigrationInterface {
  name = 'VisitPlans1764101600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}
