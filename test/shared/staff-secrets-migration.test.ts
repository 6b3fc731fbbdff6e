import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { insertStaffAccount } from '../../src/access/insert-staff-account.js';
import { sealedTotp, sealTotp } from '../../src/access/totp-secrets.js';
import { sealedTables } from '../../src/cli/sealed-tables.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { migrate } from '../../src/shared/migrate.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { rotateKeys, unreadableRows } from '../../src/shared/rotate-keys.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeysOf } from '../support/test-keys.js';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
let test: TestDatabase;
const accountIds: number[] = [];
beforeAll(async () => {
  test = await openTestDatabase();
  for (const userName of ['has-codes', 'has-none']) {
    const account = { name: '测试人员', userName, passwordHash: 'x', temporary: false, facilityId: null };
    const inserted = await test.database.write((manager) =>
      insertStaffAccount(manager, { ...account, role: 'ADMIN', now: new Date(0) }),
    );
    if (isRefusal(inserted)) throw new Error(inserted.refused);
    accountIds.push(inserted.accountId);
  }
});
afterAll(() => test.drop());

const rows = (): Promise<{ totpSecret: string | null; totpNext?: string | null }[]> =>
  test.writer.query('SELECT * FROM staff_credential ORDER BY accountId');
const opened = (column: 'totpSecret' | 'totpNext', stored: string | null | undefined) =>
  test.database.read(async (manager) =>
    cipherOf(manager).decrypt(sealedTotp.columns[column]?.(accountIds[0] ?? 0) ?? '', stored ?? ''),
  );

it('plain secrets are encrypted, there and back', async () => {
  const undone = async () => {
    const applied: { name: string }[] = await test.writer.query('SELECT name FROM migrations');
    return !applied.some(({ name }) => name === 'StaffSecrets1764100200000');
  };
  while (!(await undone())) await test.writer.undoLastMigration();
  await test.writer.query('UPDATE staff_credential SET totpSecret = ?, totpSince = 1 WHERE accountId = ?', [
    `plain:${secret}`,
    accountIds[0],
  ]);
  await migrate(test.writer);
  const [first, second] = await rows();
  expect(first?.totpSecret).toMatch(/^v1\.k1\./);
  expect(await opened('totpSecret', first?.totpSecret)).toBe(secret);
  expect(second?.totpSecret).toBeNull();

  while (!(await undone())) await test.writer.undoLastMigration();
  expect((await rows()).map(({ totpSecret }) => totpSecret)).toEqual([`plain:${secret}`, null]);
  await migrate(test.writer);
});

it('rotating the key encrypts them anew, the one that is to follow too, and only then gives the old key up', async () => {
  await test.database.write(async (manager) => {
    const next = sealTotp(cipherOf(manager), 'totpNext', accountIds[0] ?? 0, 'NEXT');
    await manager.query('UPDATE staff_credential SET totpNext = ? WHERE accountId = ?', [
      next,
      accountIds[0],
    ]);
  });
  const { database } = await openDatabase(test.url, { identityKeys: testKeysOf('k2', 'k1') });
  try {
    expect(await rotateKeys(database, sealedTables)).toMatchObject({
      rotated: 1,
      remaining: 0,
      retired: ['k1'],
    });
    const [row] = await rows();
    expect([row?.totpSecret, row?.totpNext]).toEqual([
      expect.stringMatching(/^v1\.k2\./),
      expect.stringMatching(/^v1\.k2\./),
    ]);
    const read = await database.read(async (manager) => [
      cipherOf(manager).decrypt(`staff_credential.totpSecret#${accountIds[0]}`, row?.totpSecret ?? ''),
      cipherOf(manager).decrypt(`staff_credential.totpNext#${accountIds[0]}`, row?.totpNext ?? ''),
    ]);
    expect(read).toEqual([secret, 'NEXT']);
  } finally {
    await database.close();
  }
});

it('the audit finds a secret that is another account’s', async () => {
  await test.writer.query(
    `UPDATE staff_credential SET totpSecret = (SELECT value FROM
       (SELECT totpSecret AS value FROM staff_credential WHERE accountId = ?) copied) WHERE accountId = ?`,
    accountIds,
  );
  const { database } = await openDatabase(test.url, { identityKeys: testKeysOf('k2') });
  const found = await database.read(async (manager) => {
    const broken: unknown[] = [];
    for await (const row of unreadableRows(manager, sealedTotp)) broken.push(row);
    return broken;
  });
  await database.close();
  expect(found).toEqual([
    {
      table: 'staff_credential',
      id: accountIds[1],
      what: `staff_credential.totpSecret#${accountIds[1]} does not open with key k2: the value was altered or moved`,
    },
  ]);
});
