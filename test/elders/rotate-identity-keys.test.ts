import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { sealedTables } from '../../src/cli/sealed-tables.js';
import { brokenIdentities } from '../../src/elders/audit-identities.js';
import { findElders } from '../../src/elders/find-elders.js';
import { registerElder } from '../../src/elders/register-elder.js';
import type { Database } from '../../src/shared/database.js';
import { migrate } from '../../src/shared/migrate.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { type RotationOptions, rotateKeys } from '../../src/shared/rotate-keys.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeysOf } from '../support/test-keys.js';
import { today } from '../support/town.js';
import { newIdNumber } from '../support/two-counties.js';

let old: TestDatabase;
let rotating: Database;
const cleanUps: (() => Promise<void>)[] = [];

beforeEach(async () => {
  old = await openTestDatabase();
  cleanUps.push(old.drop);
  rotating = await openWith('k2', 'k1');
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A server with keys of these ids on the same database. */
async function openWith(...ids: string[]): Promise<Database> {
  const { database, writer } = await openDatabase(old.url, { identityKeys: testKeysOf(...ids) });
  cleanUps.push(() => database.close());
  await migrate(writer);
  return database;
}

const rotateIdentityKeys = (database: Database, options: RotationOptions = {}) =>
  rotateKeys(database, sealedTables, options);

const phone = '13800001234';

async function register(database: Database, idNumber = newIdNumber()): Promise<string> {
  const bare = { homeStationId: null, categories: [], abilityLevel: null, abilityExpiresOn: null };
  const registration = { name: '王小明', idNumber, phone, address: '南阳市', ...bare };
  const result = await database.write((manager) => registerElder(manager, registration, 'everywhere', today));
  if (isRefusal(result)) throw new Error(result.refused);
  return idNumber;
}

async function registerMany(database: Database, count: number): Promise<string[]> {
  const idNumbers: string[] = [];
  for (let index = 0; index < count; index++) idNumbers.push(await register(database));
  return idNumbers;
}

/** How many values are encrypted under each key. */
async function valuesByKey(): Promise<Record<string, number>> {
  const rows: Record<string, string>[] = await old.writer.query(
    'SELECT idNumberSealed, phoneSealed, addressSealed FROM elder',
  );
  const counts: Record<string, number> = {};
  for (const value of rows.flatMap((row) => Object.values(row))) {
    const [, keyId = ''] = value.split('.');
    counts[keyId] = (counts[keyId] ?? 0) + 1;
  }
  return counts;
}

async function expectFound(database: Database, idNumbers: readonly string[]): Promise<void> {
  for (const search of idNumbers) {
    const page = { afterId: 0, rowsMax: 2 };
    const found = await database.read((manager) =>
      findElders(manager, { search }, page, 'everywhere', today),
    );
    expect(found).toHaveLength(1);
  }
}

it('encrypts everything anew, after which the old key is needed no more', async () => {
  const idNumbers = await registerMany(old.database, 5);
  expect(await valuesByKey()).toEqual({ k1: 15 });
  expect(await rotateIdentityKeys(rotating)).toEqual({
    keyId: 'k2',
    rotated: 5,
    remaining: 0,
    unreadable: [],
    retired: ['k1'],
  });
  expect(await valuesByKey()).toEqual({ k2: 15 });
  const alone = await openWith('k2');
  await expectFound(alone, idNumbers);
  await expectAuditClean(alone);
  expect(await rotateIdentityKeys(alone)).toMatchObject({ rotated: 0, remaining: 0, retired: [] });
});

it('is stopped in the middle, and goes on with what is left', async () => {
  const idNumbers = await registerMany(old.database, 450);
  const stop = new AbortController();
  const progress: [number, number][] = [];
  const stopped = await rotateIdentityKeys(rotating, {
    signal: stop.signal,
    onProgress(done, total) {
      progress.push([done, total]);
      if (progress.length === 2) stop.abort();
    },
  });
  expect(stopped).toEqual({ keyId: 'k2', rotated: 400, remaining: 50, unreadable: [], retired: [] });
  expect(progress).toEqual([
    [200, 450],
    [400, 450],
  ]);
  expect(await valuesByKey()).toEqual({ k1: 150, k2: 1200 });
  await expectFound(rotating, idNumbers.slice(395, 405));
  expect(await rotateIdentityKeys(rotating)).toMatchObject({ rotated: 50, remaining: 0, retired: ['k1'] });
  expect(await valuesByKey()).toEqual({ k2: 1350 });
  await expectAuditClean(rotating);
});

it('loses nothing that is registered meanwhile, and says when an older key still encrypts', async () => {
  const before = await registerMany(old.database, 300);
  // Beside it a server that knows the new key and still writes under the old one.
  const server = await openWith('k1', 'k2');
  const [rotation, during] = await Promise.all([rotateIdentityKeys(rotating), registerMany(server, 40)]);
  expect(rotation.rotated).toBeGreaterThanOrEqual(300);
  await expectFound(server, [...before.slice(0, 20), ...during]);
  await expectAuditClean(server);

  const late = await register(server);
  const again = await rotateIdentityKeys(rotating);
  expect(again).toMatchObject({ remaining: 0 });
  expect(again.rotated).toBeGreaterThanOrEqual(1);
  expect(await valuesByKey()).toEqual({ k2: 341 * 3 });
  await expectFound(rotating, [late]);
});

it('does not write over a value that was changed since it was read', async () => {
  const server = await openWith('k2', 'k1');
  await registerMany(old.database, 200);
  const changed = server.write((manager) =>
    manager.query('UPDATE elder SET phoneSealed = NULL, addressSealed = NULL WHERE id > 100'),
  );
  await Promise.all([rotateIdentityKeys(rotating), changed]);
  const [{ count }] = await old.writer.query(
    'SELECT COUNT(*) AS count FROM elder WHERE phoneSealed IS NULL AND addressSealed IS NULL',
  );
  expect(Number(count)).toBe(100);
  expect(await rotateIdentityKeys(rotating)).toMatchObject({ remaining: 0 });
});

it('one person who is registered at two servers at once, under two keys, has one file', async () => {
  const server = await openWith('k1', 'k2');
  const idNumber = newIdNumber();
  const results = await Promise.allSettled([register(server, idNumber), register(rotating, idNumber)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: new Error('ID_NUMBER_TAKEN'),
  });
  await expectFound(server, [idNumber]);
});

it('passes over what nobody can read, and keeps its key', async () => {
  await registerMany(old.database, 3);
  await old.database.write((manager) =>
    manager.query(
      "UPDATE elder SET phoneSealed = CONCAT(SUBSTR(phoneSealed, 1, 20), 'AAAA', SUBSTR(phoneSealed, 25)) WHERE id = 2",
    ),
  );
  expect(await rotateIdentityKeys(rotating)).toEqual({
    keyId: 'k2',
    rotated: 2,
    remaining: 1,
    unreadable: [{ table: 'elder', id: 2 }],
    retired: [],
  });
});

it('the audit reads every value, and tells those that were altered, moved or taken from another file', async () => {
  await registerMany(old.database, 6);
  const change = (sql: string) => old.database.write((manager) => manager.query(sql));
  const copy = (column: string, from: number) =>
    `(SELECT value FROM (SELECT ${column} AS value FROM elder WHERE id = ${from}) copied)`;
  await change("UPDATE elder SET idNumberSealed = REPLACE(idNumberSealed, 'v1.k1.', 'v1.k7.') WHERE id = 2");
  await change(`UPDATE elder SET phoneSealed = ${copy('addressSealed', 3)} WHERE id = 3`);
  await change(`UPDATE elder SET idNumberSealed = ${copy('idNumberSealed', 1)} WHERE id = 4`);
  await change("UPDATE elder SET birthDate = '1950-01-02' WHERE id = 5");
  await change("UPDATE elder SET addressSealed = 'plain' WHERE id = 6");
  const broken = await old.database.read(async (manager) => {
    const found: unknown[] = [];
    for await (const { elderId, what } of brokenIdentities(manager)) found.push([elderId, what]);
    return found;
  });
  expect(broken).toEqual([
    [2, 'elder.idNumber is encrypted under key k7, which is not among the keys'],
    [3, 'elder.phone does not open with key k1: the value was altered or moved'],
    [4, 'the ID number is not the one of its hash'],
    [5, "the birth date is not the ID number's"],
    [6, 'elder.address holds a value that is not encrypted'],
  ]);
});
