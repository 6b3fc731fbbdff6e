import {
  type MigrationInterface,
  type QueryRunner,
  TableCheck,
  TableColumn,
  TableForeignKey,
  TableIndex,
  type TableOptions,
} from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, key, int, big, text, flag } = column;

const tables: TableOptions[] = [
  {
    name: 'staff_credential',
    columns: [
      key('accountId', 'integer'),
      text('userName', 40),
      text('passwordHash', 255),
      flag('temporary'),
      big('passwordSetAt'),
      nullable(text('totpSecret', 255)),
      nullable(big('totpSince')),
      nullable(int('totpLastStep')),
    ],
    indices: [unique('uq_credential_user_name', 'userName')],
    foreignKeys: [reference('fk_credential_account', 'accountId', 'account')],
    checks: [check('ck_credential_totp', 'totpSecret IS NOT NULL OR totpSince IS NULL')],
  },
  {
    name: 'staff_session',
    columns: [
      id(),
      int('accountId'),
      big('startedAt'),
      big('expiresAt'),
      flag('secondFactor'),
      nullable(big('endedAt')),
    ],
    indices: [index('ix_session_account', 'accountId')],
    foreignKeys: [reference('fk_session_account', 'accountId', 'account')],
    checks: [check('ck_session_interval', 'expiresAt > startedAt')],
  },
  {
    name: 'refresh_token',
    columns: [id(), int('sessionId'), text('hash', 64), big('createdAt'), nullable(big('usedAt'))],
    indices: [unique('uq_refresh_token_hash', 'hash'), index('ix_refresh_token_session', 'sessionId')],
    foreignKeys: [reference('fk_refresh_token_session', 'sessionId', 'staff_session')],
  },
  {
    name: 'sign_in_throttle',
    columns: [key('subject', 'varchar', 64), int('tries'), big('lastAt'), big('blockedUntil')],
    indices: [index('ix_throttle_last', 'lastAt')],
    checks: [check('ck_throttle_tries', 'tries > 0')],
  },
];

const grants = 'access_grant';
const facilityBefore = check('ck_grant_facility', "role = 'ADMIN' OR facilityId IS NOT NULL");
const facilityNow = check('ck_grant_facility', "role = 'ADMIN' OR (role = 'FAMILY') = (facilityId IS NULL)");
const elderCheck = check('ck_grant_elder', "(role = 'FAMILY') = (elderId IS NOT NULL)");

/** Staff who sign in, and roles beyond administrators, managers and readers; a family member's is at an elder. */
export class StaffSessions1764000100000 implements MigrationInterface {
  name = 'StaffSessions1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn(grants, new TableColumn(nullable(int('elderId'))));
    await runner.createIndex(grants, new TableIndex(index('ix_grant_elder', 'elderId')));
    await runner.createForeignKey(
      grants,
      new TableForeignKey(reference('fk_grant_elder', 'elderId', 'elder')),
    );
    await dropCheck(runner, facilityBefore);
    await addCheck(runner, facilityNow);
    await addCheck(runner, elderCheck);
    for (const table of tables) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name);
    // The tables of before have no place for roles that there were not.
    await runner.query(`DELETE FROM ${grants} WHERE role NOT IN ('ADMIN', 'MANAGER', 'READER')`);
    await dropCheck(runner, elderCheck);
    await dropCheck(runner, facilityNow);
    await addCheck(runner, facilityBefore);
    await runner.dropForeignKey(grants, 'fk_grant_elder');
    await runner.dropIndex(grants, 'ix_grant_elder');
    await runner.dropColumn(grants, 'elderId');
  }
}

interface Check {
  name: string;
  expression: string;
}

/** TypeORM refuses checks on MySQL, whose version 8 and MariaDB have them. */
async function addCheck(runner: QueryRunner, { name, expression }: Check): Promise<void> {
  if (runner.dataSource.options.type === 'mysql') {
    await runner.query(`ALTER TABLE ${grants} ADD CONSTRAINT ${name} CHECK (${expression})`);
  } else await runner.createCheckConstraint(grants, new TableCheck({ name, expression }));
}

async function dropCheck(runner: QueryRunner, { name }: Check): Promise<void> {
  if (runner.dataSource.options.type === 'mysql') {
    await runner.query(`ALTER TABLE ${grants} DROP CONSTRAINT ${name}`);
  } else await runner.dropCheckConstraint(grants, name);
}
