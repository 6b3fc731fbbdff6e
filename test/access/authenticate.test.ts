import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccessGrant } from '../../entities/index.js';
import { Authenticator } from '../../src/access/authenticate.js';
import { revokeTokens } from '../../src/access/enrolled-reader.js';
import { openAccount, openAccounts } from '../../src/access/open-account.js';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town } from '../support/town.js';

const opened = new Date('2026-03-01T00:00:00+08:00');
const closes = new Date('2026-04-01T00:00:00+08:00');
const later = (instant: Date, milliseconds: number) => new Date(instant.getTime() + milliseconds);

let test: TestDatabase;
let town: Town;
let authenticator: Authenticator;
beforeAll(async () => {
  test = await openTestDatabase();
  town = await buildTown(test.database);
  authenticator = new Authenticator(test.database);
});
afterAll(() => test.drop());

/** A manager of the street from `opened` on, and of the county from `opened` until `closes`. */
function managerOfTwo() {
  return test.database.write(async (manager) => {
    const account = { name: '张主任', role: 'MANAGER' as const, facilityId: town.streetId, now: opened };
    const { accountId, token } = await openAccount(manager, account);
    await manager.insert(AccessGrant, {
      accountId,
      role: 'MANAGER',
      facilityId: town.countyId,
      fromAt: opened,
      untilAt: closes,
    });
    return { accountId, token };
  });
}

it('tells whose the token is, and nothing about one that nobody has', async () => {
  const { accountId, token } = await managerOfTwo();
  expect(await authenticator.callerOf(token, opened)).toEqual({
    accountId,
    name: '张主任',
    revoked: false,
    grants: [
      {
        id: expect.any(Number),
        role: 'MANAGER',
        facilityId: town.streetId,
        elderId: null,
        showsIdentities: false,
        untilAt: null,
      },
      {
        id: expect.any(Number),
        role: 'MANAGER',
        facilityId: town.countyId,
        elderId: null,
        showsIdentities: false,
        untilAt: closes,
      },
    ],
  });
  expect(await authenticator.callerOf(`${token}x`, opened)).toBeUndefined();
  expect(await authenticator.callerOf('', opened)).toBeUndefined();
});

it('grants are half-open: the first instant counts, the last does not', async () => {
  const { token } = await managerOfTwo();
  const placesAt = async (now: Date) =>
    (await authenticator.callerOf(token, now))?.grants.map(({ facilityId }) => facilityId);
  expect(await placesAt(later(opened, -1))).toEqual([]);
  expect(await placesAt(opened)).toEqual([town.streetId, town.countyId]);
  expect(await placesAt(later(closes, -1))).toEqual([town.streetId, town.countyId]);
  expect(await placesAt(closes)).toEqual([town.streetId]);
});

it('a revocation counts from the next request on, and leaves the grants the account ever had', async () => {
  const { accountId, token } = await managerOfTwo();
  expect(await authenticator.callerOf(token, closes)).toMatchObject({ revoked: false });
  await test.database.write((manager) => revokeTokens(manager, accountId, closes));
  expect(await authenticator.callerOf(token, closes)).toMatchObject({
    revoked: true,
    grants: [{ facilityId: town.streetId }, { facilityId: town.countyId }],
  });
});

it('requests that arrive together share one question', async () => {
  const accounts = Array.from({ length: 40 }, (_, index) => ({
    name: `读卡器 ${index}`,
    role: 'READER' as const,
    facilityId: town.canteenIds[0],
    now: opened,
  }));
  const readers = await test.database.write((manager) => openAccounts(manager, accounts));
  const tokens = [...readers, ...readers].map(({ token }) => token);
  const { result, statements } = await statementsOf(test.database, () =>
    Promise.all([...tokens, 'unknown'].map((token) => authenticator.callerOf(token, opened))),
  );
  expect(statements).toHaveLength(1);
  expect(result.map((caller) => caller?.accountId)).toEqual([
    ...readers.map(({ accountId }) => accountId),
    ...readers.map(({ accountId }) => accountId),
    undefined,
  ]);
  expect(result[39]?.name).toBe('读卡器 39');
});

it('only the hash of a token is kept', async () => {
  const { token } = await managerOfTwo();
  expect(token).toMatch(/^[\w-]{43}$/);
  const rows: { hash: string }[] = await test.writer.query('SELECT hash FROM access_token');
  expect(rows.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  expect(JSON.stringify(rows)).not.toContain(token);
});
