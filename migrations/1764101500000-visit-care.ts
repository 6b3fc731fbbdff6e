import { type MigrationInterface, type QueryRunner, TableIndex, type TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, day, flag } = column;

const tables: TableOptions[] = [
  {
    name: 'visit_care_terms',
    columns: [
      key('facilityId', 'integer'),
      { ...day('fromDay'), isPrimary: true },
      int('nearMetres'),
      int('farMetres'),
      flag('isFarRefused'),
      int('opensMinutes'),
      int('closesMinutes'),
      int('minutesShareMin'),
      int('clockDriftSeconds'),
      int('offlineHoursMax'),
      int('stationAfterMinutes'),
      int('streetAfterMinutes'),
      int('payFrom'),
      int('lookFrom'),
      big('setAt'),
      int('setById'),
    ],
    foreignKeys: [
      reference('fk_care_terms_facility', 'facilityId', 'facility'),
      reference('fk_care_terms_set_by', 'setById', 'account'),
    ],
    checks: [
      check('ck_care_terms_metres', 'nearMetres > 0 AND nearMetres <= farMetres'),
      check('ck_care_terms_limits', 'stationAfterMinutes >= 0 AND stationAfterMinutes <= streetAfterMinutes'),
      check('ck_care_terms_scores', 'lookFrom >= 0 AND lookFrom <= payFrom AND payFrom <= 100'),
    ],
  },
  {
    name: 'visit_check',
    columns: [
      id(),
      text('requestId', 36),
      int('visitId'),
      int('caregiverId'),
      text('kind', 4),
      big('deviceAt'),
      nullable(big('sentAt')),
      big('receivedAt'),
      big('countsAt'),
      flag('isOffline'),
      nullable(text('positionSealed', 160)),
      nullable(int('distanceMetres')),
      nullable(int('accuracyMetres')),
      text('tag', 8),
      text('doubts', 80),
    ],
    indices: [
      unique('uq_check_request', 'requestId'),
      index('ix_check_visit', 'visitId', 'caregiverId'),
      index('ix_check_received', 'receivedAt'),
    ],
    foreignKeys: [
      reference('fk_check_visit', 'visitId', 'visit'),
      reference('fk_check_caregiver', 'caregiverId', 'caregiver'),
    ],
    checks: [
      check('ck_check_kind', "kind IN ('IN', 'OUT')"),
      check('ck_check_tag', "tag IN ('NONE', 'MATCH', 'OTHER')"),
      check('ck_check_metres', 'COALESCE(distanceMetres, 0) >= 0 AND COALESCE(accuracyMetres, 0) >= 0'),
    ],
  },
  {
    name: 'visit_evidence',
    columns: [
      key('visitId', 'integer'),
      int('score'),
      text('decision', 8),
      text('reasons', 400),
      big('scoredAt'),
      nullable(int('endedById')),
      nullable(int('openStationId')),
      nullable(text('decided', 8)),
      nullable(big('decidedAt')),
      nullable(int('decidedById')),
      nullable(text('noteSealed', 1200)),
    ],
    indices: [index('ix_evidence_open', 'openStationId', 'visitId')],
    foreignKeys: [
      reference('fk_evidence_visit', 'visitId', 'visit'),
      reference('fk_evidence_ended_by', 'endedById', 'account'),
      reference('fk_evidence_station', 'openStationId', 'facility'),
      reference('fk_evidence_decided_by', 'decidedById', 'account'),
    ],
    checks: [
      check('ck_evidence_score', 'score >= 0 AND score <= 100'),
      check('ck_evidence_decision', "decision IN ('PAY', 'LOOK', 'BLOCK')"),
      check(
        'ck_evidence_decided',
        '(decided IS NULL) = (decidedById IS NULL) AND (decided IS NULL) = (decidedAt IS NULL)',
      ),
      check('ck_evidence_open', 'openStationId IS NULL OR decided IS NULL'),
    ],
  },
  {
    name: 'door_tag',
    columns: [
      id(),
      int('elderId'),
      text('codeHash', 64),
      big('issuedAt'),
      int('issuedById'),
      nullable(big('revokedAt')),
      nullable(int('revokedById')),
    ],
    indices: [unique('uq_door_tag_code', 'codeHash'), index('ix_door_tag_elder', 'elderId')],
    foreignKeys: [
      reference('fk_door_tag_elder', 'elderId', 'elder'),
      reference('fk_door_tag_issued_by', 'issuedById', 'account'),
      reference('fk_door_tag_revoked_by', 'revokedById', 'account'),
    ],
    checks: [check('ck_door_tag_revoked', '(revokedAt IS NULL) = (revokedById IS NULL)')],
  },
  {
    name: 'visit_alert',
    columns: [
      id(),
      int('visitId'),
      text('kind', 12),
      text('level', 8),
      int('facilityId'),
      big('raisedAt'),
      nullable(big('acknowledgedAt')),
      nullable(int('acknowledgedById')),
      nullable(big('closedAt')),
      nullable(int('closedById')),
      nullable(text('outcome', 16)),
      nullable(text('noteSealed', 1200)),
    ],
    indices: [
      unique('uq_visit_alert', 'visitId', 'kind', 'level'),
      index('ix_visit_alert_open', 'facilityId', 'closedAt', 'raisedAt'),
    ],
    foreignKeys: [
      reference('fk_visit_alert_visit', 'visitId', 'visit'),
      reference('fk_visit_alert_facility', 'facilityId', 'facility'),
      reference('fk_visit_alert_known_by', 'acknowledgedById', 'account'),
      reference('fk_visit_alert_closed_by', 'closedById', 'account'),
    ],
    checks: [
      check('ck_visit_alert_kind', "kind IN ('NOT_BEGUN', 'NOT_ENDED')"),
      check('ck_visit_alert_level', "level IN ('STATION', 'STREET')"),
      check('ck_visit_alert_closed', '(closedAt IS NULL) = (outcome IS NULL)'),
      check('ck_visit_alert_known', '(acknowledgedAt IS NULL) = (acknowledgedById IS NULL)'),
    ],
  },
  {
    name: 'visit_watch',
    columns: [key('name', 'varchar', 16), big('leasedUntil'), text('holder', 36)],
  },
];

/** The scan for missed visits asks by status and start, whatever the station. */
const statusIndex = index('ix_visit_status', 'status', 'startsAt');

/**
 * How visits are carried out: what caregivers tapped, what that is worth as evidence, and who is told when nobody came.
 *
 * MySQL commits at every change of a table, so each step asks first whether it was done already.
 */
export class VisitCare1764101500000 implements MigrationInterface {
  name = 'VisitCare1764101500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      if (!(await runner.hasTable(table.name))) await createTable(runner, table);
    }
    // One lease for the whole network: whoever holds it looks for visits that nobody began.
    const leases: unknown[] = await runner.query('SELECT name FROM visit_watch');
    if (leases.length === 0) {
      await runner.query("INSERT INTO visit_watch (name, leasedUntil, holder) VALUES ('MISSED', 0, '')");
    }
    if (!(await hasStatusIndex(runner))) await runner.createIndex('visit', new TableIndex(statusIndex));
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await hasStatusIndex(runner)) await runner.dropIndex('visit', statusIndex.name);
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
  }
}

async function hasStatusIndex(runner: QueryRunner): Promise<boolean> {
  const table = await runner.getTable('visit');
  return table?.indices.some(({ name }) => name === statusIndex.name) ?? false;
}
