import type { EntityManager } from 'typeorm';
import type { Role } from '../entities/access/access-grant.entity.js';
import { openAccounts } from '../src/access/open-account.js';
import { hashToken, newToken } from '../src/access/tokens.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { insertRows, placeholders } from '../src/shared/statements.js';
import { type DemoCredentials, readCredentials, writeCredentials } from './demo-credentials.js';
import { isEverybody, newStaff } from './demo-staff.js';
import { facilityIds, idOf } from './reference/insert-reference.js';
import { demoCanteenCode, nanyangNetwork, rootCode } from './reference/nanyang/network.js';

/** An account of the demonstration; the administrator's stands at no facility. */
interface DemoAccount {
  name: string;
  role: Role;
  facilityCode: string | null;
}

/** Two counties, so that one can be seen to be closed to the other's manager. */
const managedCodes = ['NY-411302', 'NY-411302-S01', demoCanteenCode, 'NY-411303'];

function demoAccounts(): DemoAccount[] {
  const canteens = nanyangNetwork().filter(({ kind }) => kind === 'ELDER_CANTEEN');
  return [
    { name: '演示管理员', role: 'ADMIN', facilityCode: null },
    ...managedCodes.map((code) => demoAccount('MANAGER', '演示管理人员', code)),
    ...canteens.map(({ code }) => demoAccount('READER', '演示读卡器', code)),
  ];
}

function demoAccount(role: Role, title: string, facilityCode: string): DemoAccount {
  return { name: `${title} ${facilityCode}`, role, facilityCode };
}

/**
 * Sees to it that the file holds keys of this database. Where it does, only a changed address is written.
 * Where it is missing, broken or another database's, new keys are made: for accounts that are not there
 * with the account, for those that are in place of their old keys, because of those only hashes are left.
 */
export async function provideCredentials(
  database: Database,
  { dataDir, graphqlUrl, now }: { dataDir: string; graphqlUrl: string; now: Date },
): Promise<void> {
  const kept = readCredentials(dataDir);
  const known = kept && (await database.read((manager) => knowsAny(manager, kept))) ? kept : undefined;
  const people = known && hasPeople(known) ? known.accounts : undefined;
  if (known?.graphql === graphqlUrl && people) return;
  const accounts = people ?? (await newStaff(database, now));
  const keys = known ?? credentialsOf(graphqlUrl, await database.write((manager) => newKeys(manager, now)));
  writeCredentials(dataDir, { ...keys, graphql: graphqlUrl, accounts });
}

/** A file of before relatives had phones, or of fewer people, does not have all of them. */
function hasPeople({ accounts }: DemoCredentials): boolean {
  return (
    isEverybody(accounts) && accounts.every(({ role, phone }) => role !== 'FAMILY' || phone !== undefined)
  );
}

/** A revoked key is one of this database too: whoever revoked it does not want it back. */
async function knowsAny(manager: EntityManager, credentials: DemoCredentials): Promise<boolean> {
  const { admin, managers, readers } = credentials;
  const hashes = [admin, ...managers, ...readers].map(({ token }) => hashToken(token));
  const rows: unknown[] = await manager.query(
    `SELECT id FROM access_token WHERE hash IN (${placeholders(hashes)}) LIMIT 1`,
    hashes,
  );
  return rows.length > 0;
}

interface Key extends DemoAccount {
  facilityId: number | null;
  token: string;
}

async function newKeys(manager: EntityManager, now: Date): Promise<Key[]> {
  // Two servers that start together make the accounts once.
  await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
  const ids = await facilityIds(manager);
  const present = await presentAccounts(manager);
  const wanted = demoAccounts().map((account) => {
    const facilityId = account.facilityCode === null ? null : idOf(ids, account.facilityCode);
    return { ...account, facilityId, key: keyOf({ ...account, facilityId }) };
  });
  const missing = wanted.filter(({ key }) => !present.has(key));
  const opened = await openAccounts(
    manager,
    missing.map(({ name, role, facilityId }) => ({ name, role, facilityId, now })),
  );
  const accountIds = new Map([
    ...present,
    ...missing.map(({ key }, index) => [key, opened[index]?.accountId as number] as const),
  ]);
  const renewed = wanted.flatMap(({ key }) => present.get(key) ?? []);
  const tokens = await renewTokens(manager, renewed, now);
  for (const { accountId, token } of opened) tokens.set(accountId, token);
  return wanted.map((account) => ({
    ...account,
    token: tokens.get(accountIds.get(account.key) as number) as string,
  }));
}

/** Accounts by name, role and facility, those left out whose role has ended. */
async function presentAccounts(manager: EntityManager): Promise<Map<string, number>> {
  const rows: { id: number; name: string; role: Role; facilityId: number | null }[] = await manager.query(
    `SELECT account.id, account.name, access_grant.role, access_grant.facilityId
       FROM account JOIN access_grant ON access_grant.accountId = account.id
      WHERE access_grant.untilAt IS NULL AND account.name LIKE '演示%'
        AND account.id NOT IN (SELECT accountId FROM staff_credential)`,
  );
  return new Map(rows.map((row) => [keyOf(row), row.id]));
}

function keyOf({ name, role, facilityId }: { name: string; role: Role; facilityId: number | null }): string {
  return `${role} ${facilityId} ${name}`;
}

async function renewTokens(
  manager: EntityManager,
  accountIds: readonly number[],
  now: Date,
): Promise<Map<number, string>> {
  const tokens = new Map(accountIds.map((accountId) => [accountId, newToken()]));
  if (tokens.size === 0) return tokens;
  await manager.query(
    `UPDATE access_token SET revokedAt = ?
      WHERE revokedAt IS NULL AND accountId IN (${placeholders(accountIds)})`,
    [now.getTime(), ...accountIds],
  );
  await insertRows(
    manager,
    'access_token',
    ['accountId', 'hash', 'createdAt'],
    [...tokens].map(([accountId, token]) => [accountId, hashToken(token), now.getTime()]),
  );
  return tokens;
}

function credentialsOf(graphql: string, keys: readonly Key[]): Omit<DemoCredentials, 'accounts'> {
  const ofRole = (role: Role) => keys.filter((key) => key.role === role);
  const [admin] = ofRole('ADMIN');
  if (!admin) throw new Error('the demo accounts have no administrator');
  return {
    graphql,
    admin: { token: admin.token },
    managers: ofRole('MANAGER').map(({ facilityCode, token }) => ({
      facilityCode: String(facilityCode),
      token,
    })),
    readers: ofRole('READER').map(({ facilityId, facilityCode, token }) => ({
      facilityId: String(facilityId),
      facilityCode: String(facilityCode),
      token,
    })),
  };
}
