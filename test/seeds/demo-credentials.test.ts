import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedDemo } from '../../seeds/demo.js';
import { hashToken } from '../../src/access/tokens.js';
import {
  accountsOutsideCrews,
  demoClock,
  graphqlUrl,
  newDatabase,
  newFolder,
  peopleWhoSignIn,
  readCredentials,
  seedCity,
} from '../support/demo-city.js';
import { rolesOf, signedIn } from '../support/staff.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestServer } from '../support/test-server.js';
import { countRows } from '../support/town.js';

async function activeKeys({ writer }: TestDatabase): Promise<Set<string>> {
  const rows: { hash: string }[] = await writer.query(
    'SELECT hash FROM access_token WHERE revokedAt IS NULL',
  );
  return new Set(rows.map(({ hash }) => hash));
}

describe('the demo city', () => {
  it('writes keys that only the owner can read, the demonstration canteen first', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 10);
    expect(statSync(join(dataDir, 'demo-credentials.json')).mode & 0o777).toBe(0o600);
    const file = readCredentials(dataDir);
    expect(Object.keys(file)).toEqual(['graphql', 'admin', 'managers', 'readers', 'accounts']);
    expect(file.graphql).toBe(graphqlUrl);
    expect(file.managers.map(({ facilityCode }: { facilityCode: string }) => facilityCode)).toEqual([
      'NY-411302',
      'NY-411302-S01',
      'NY-411302-C001',
      'NY-411303',
    ]);
    expect(file.readers).toHaveLength(304);
    expect(file.readers[0].facilityCode).toBe('NY-411302-C001');
    const [canteen] = await opened.writer.query("SELECT id FROM facility WHERE code = 'NY-411302-C001'");
    expect(file.readers[0].facilityId).toBe(String(canteen.id));
    const tokens = [file.admin, ...file.managers, ...file.readers].map(({ token }) => token);
    expect(new Set(tokens).size).toBe(309);
    expect(await activeKeys(opened)).toEqual(new Set(tokens.map(hashToken)));
    const grants = await opened.writer.query(
      `SELECT g.role, g.facilityId FROM access_token t JOIN access_grant g ON g.accountId = t.accountId
        WHERE t.hash = '${hashToken(file.readers[0].token)}'`,
    );
    expect(grants).toEqual([{ role: 'READER', facilityId: canteen.id }]);
  });

  it('has one person of each role and the managers of a month, who can sign in with the password of the file', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 10);
    const { accounts } = readCredentials(dataDir);
    const server = await startTestServer({ on: opened });
    expect(accounts.map(({ role, facilityCode }: Record<string, unknown>) => [role, facilityCode])).toEqual([
      ['ADMIN', null],
      ['MANAGER', 'NY-411302'],
      ['MANAGER', 'NY-411302-C001'],
      ['MANAGER', 'NY-411302-S01'],
      ['MANAGER', 'NY-411302-H001'],
      ['MANAGER', 'NY-411302-N001'],
      ['MANAGER', 'NY-411302-N002'],
      ['MANAGER', 'NY-411303-N001'],
      ['STAFF', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['COURIER', 'NY-411302-C001'],
      ['FINANCE', 'NY-411302'],
      ['AUDITOR', 'NY-411302'],
      ['FAMILY', null],
    ]);
    for (const { role, userName, password } of accounts) {
      const { accessToken, passwordTemporary } = await signedIn(server, userName, password);
      expect(passwordTemporary).toBe(false);
      expect(await rolesOf(server, accessToken)).toEqual([role]);
    }
    await server.close();
  });

  it('adds the people to a file of before they could sign in, and leaves its keys', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 10);
    const { accounts, ...keys } = readCredentials(dataDir);
    writeFileSync(join(dataDir, 'demo-credentials.json'), JSON.stringify(keys));
    await seedCity(opened, dataDir, 10);
    const renewed = readCredentials(dataDir);
    expect(renewed).toEqual({ ...keys, accounts: expect.any(Array) });
    expect(renewed.accounts.map(({ userName }: { userName: string }) => userName)).toEqual(
      accounts.map(({ userName }: { userName: string }) => userName),
    );
    expect(await countRows(opened, accountsOutsideCrews)).toBe(309 + peopleWhoSignIn);
  });

  it('makes new keys for the same accounts when the file is gone or broken, and the old ones stop counting', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 10);
    const first = readCredentials(dataDir);
    rmSync(join(dataDir, 'demo-credentials.json'));
    await seedCity(opened, dataDir, 10);
    const second = readCredentials(dataDir);
    expect(second.admin.token).not.toBe(first.admin.token);
    writeFileSync(join(dataDir, 'demo-credentials.json'), '{"graphql": ');
    chmodSync(join(dataDir, 'demo-credentials.json'), 0o644);
    await seedCity(opened, dataDir, 10);
    const third = readCredentials(dataDir);
    expect(statSync(join(dataDir, 'demo-credentials.json')).mode & 0o777).toBe(0o600);
    // With the people who sign in, of whom the file tells only the newest passwords.
    expect(await countRows(opened, accountsOutsideCrews)).toBe(309 + peopleWhoSignIn);
    const crews = "SELECT id FROM account WHERE name LIKE '护理员 NY-%'";
    expect(await countRows(opened, `access_grant WHERE accountId NOT IN (${crews})`)).toBe(
      309 + peopleWhoSignIn,
    );
    expect(third.accounts).toHaveLength(peopleWhoSignIn);
    expect(third.accounts[0].password).not.toBe(first.accounts[0].password);
    const tokens = [third.admin, ...third.managers, ...third.readers].map(({ token }) => token);
    expect(await activeKeys(opened)).toEqual(new Set(tokens.map(hashToken)));
  });

  it("replaces another database's file, and keeps a changed address up to date", async () => {
    const [one, other] = [await newDatabase(), await newDatabase()];
    const dataDir = newFolder();
    await seedCity(one, dataDir, 10);
    const first = readCredentials(dataDir);
    await seedCity(other, dataDir, 10);
    const second = readCredentials(dataDir);
    expect(await activeKeys(other)).toContain(hashToken(second.admin.token));
    expect(second.admin.token).not.toBe(first.admin.token);
    const moved = {
      elders: 10,
      dataDir,
      graphqlUrl: 'http://127.0.0.1:4001/graphql',
      clock: demoClock,
      progress: false,
    };
    await seedDemo(other.database, moved);
    expect(readCredentials(dataDir)).toEqual({ ...second, graphql: moved.graphqlUrl });
  });
});
