import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Facility } from '../../entities/index.js';
import { Authenticator } from '../../src/access/authenticate.js';
import { canteenOf, mayAsk } from '../../src/access/caller.js';
import { createAdministrator } from '../../src/access/create-administrator.js';
import { createManager } from '../../src/access/create-manager.js';
import { enrolReader } from '../../src/access/enrol-reader.js';
import { listReaders } from '../../src/access/list-readers.js';
import type { OpenedAccount } from '../../src/access/open-account.js';
import { revokeReader } from '../../src/access/revoke-reader.js';
import { rotateReader } from '../../src/access/rotate-reader.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town } from '../support/town.js';

const later = new Date(noon.getTime() + 3_600_000);

let test: TestDatabase;
let town: Town;
beforeAll(async () => {
  test = await openTestDatabase();
  town = await buildTown(test.database);
});
afterAll(() => test.drop());

async function enrol(name: string, canteenCode = 'CANTEEN-1'): Promise<OpenedAccount> {
  return opened(await tryToEnrol(name, canteenCode));
}

function tryToEnrol(name: string, canteenCode: string) {
  return test.database.write((manager) => enrolReader(manager, { canteenCode, name, now: noon }));
}

function opened(result: OpenedAccount | Refusal<string>): OpenedAccount {
  if (isRefusal(result)) throw new Error(result.refused);
  return result;
}

function callerOf(token: string, now = later) {
  return new Authenticator(test.database).callerOf(token, now);
}

describe('enrolment', () => {
  it('binds the reader to its canteen, where it may swipe and nothing else', async () => {
    const { token } = await enrol('SN-0001');
    const caller = await callerOf(token);
    expect(caller).toMatchObject({ name: 'SN-0001', grants: [{ role: 'READER', untilAt: null }] });
    expect(caller && canteenOf(caller)).toBe(town.canteenIds[0]);
    expect(caller && mayAsk(caller, 'recordSwipe')).toBe(true);
    expect(caller && mayAsk(caller, 'canteenDay')).toBe(false);
  });

  it.each([
    ['an unknown code', 'NOWHERE', 'SN', 'FACILITY_UNKNOWN', ['code']],
    ['a facility of another kind', 'STATION', 'SN', 'NOT_A_CANTEEN', ['code']],
    ['a closed canteen', 'CLOSED', 'SN', 'FACILITY_CLOSED', ['code']],
    ['a canteen that opens tomorrow', 'TOMORROW', 'SN', 'FACILITY_CLOSED', ['code']],
    ['a name of blanks', 'CANTEEN-1', '  ', 'NAME_INVALID', ['name']],
    ['a name of 61 characters', 'CANTEEN-1', 'x'.repeat(61), 'NAME_INVALID', ['name']],
  ])('refuses %s, and writes nothing', async (_what, code, name, refused, field) => {
    const place = { kind: 'ELDER_CANTEEN' as const, divisionCode: '411302001001', name: code };
    if (code === 'CLOSED' || code === 'TOMORROW') {
      const days = code === 'CLOSED' ? ['2020-01-01', '2026-03-10'] : ['2026-03-11', null];
      const [openedOn, closedOn] = days as [string, string | null];
      await test.database.write((manager) =>
        manager.insert(Facility, { ...place, code, openedOn, closedOn }),
      );
    }
    const before = await countRows(test, 'account');
    expect(await tryToEnrol(name, code)).toMatchObject({ refused, field });
    expect(await countRows(test, 'account')).toBe(before);
  });
});

describe('rotation', () => {
  it('gives a new key, and the old one is revoked', async () => {
    const { accountId, token } = await enrol('SN-0002');
    const rotated = opened(
      await test.database.write((manager) => rotateReader(manager, { accountId, now: later })),
    );
    expect(rotated.accountId).toBe(accountId);
    expect(rotated.token).not.toBe(token);
    expect(await callerOf(token)).toMatchObject({ accountId, revoked: true });
    expect(await callerOf(rotated.token)).toMatchObject({ accountId, revoked: false });
  });

  it('two at once leave one key that counts', async () => {
    const { accountId } = await enrol('SN-0003');
    const rotate = () => test.database.write((manager) => rotateReader(manager, { accountId, now: later }));
    const keys = (await Promise.all([rotate(), rotate(), rotate()])).map(opened);
    const callers = await Promise.all(keys.map(({ token }) => callerOf(token)));
    expect(callers.map((caller) => caller?.revoked).sort()).toEqual([false, true, true]);
  });

  it('refuses who is no reader, and a revoked one', async () => {
    const rotate = (accountId: number) =>
      test.database.write((manager) => rotateReader(manager, { accountId, now: later }));
    expect(await rotate(999_999)).toMatchObject({ refused: 'READER_UNKNOWN', field: ['reader'] });
    expect(await rotate(town.managerId)).toMatchObject({ refused: 'READER_UNKNOWN' });
    const { accountId } = await enrol('SN-0004');
    await test.database.write((manager) => revokeReader(manager, { accountId, now: later }));
    expect(await rotate(accountId)).toMatchObject({ refused: 'READER_REVOKED' });
  });
});

describe('revocation', () => {
  it('ends the key and the grant; the canteen is still known', async () => {
    const { accountId, token } = await enrol('SN-0005');
    const revoke = () => test.database.write((manager) => revokeReader(manager, { accountId, now: later }));
    expect(await revoke()).toEqual({ accountId, name: 'SN-0005' });
    const caller = await callerOf(token);
    expect(caller).toMatchObject({ revoked: true, grants: [{ role: 'READER', untilAt: later }] });
    expect(caller && canteenOf(caller)).toBe(town.canteenIds[0]);
    expect(caller && mayAsk(caller, 'recordSwipe')).toBe(false);
    expect(await revoke()).toMatchObject({ refused: 'READER_REVOKED' });
  });

  it('of a reader whose grant is yet to begin, by a clock that was set back', async () => {
    const { accountId, token } = await enrol('SN-0006');
    const earlier = new Date(noon.getTime() - 1000);
    await test.database.write((manager) => revokeReader(manager, { accountId, now: earlier }));
    expect(await callerOf(token)).toMatchObject({ revoked: true, grants: [{ untilAt: noon }] });
  });
});

it('lists the readers that a canteen has and had', async () => {
  const first = await enrol('SN-A', 'CANTEEN-2');
  const second = await enrol('SN-B', 'CANTEEN-2');
  await test.database.write(async (manager) => {
    await rotateReader(manager, { accountId: first.accountId, now: later });
    await revokeReader(manager, { accountId: second.accountId, now: later });
  });
  const list = (code: string) => test.database.read((manager) => listReaders(manager, code));
  expect(await list('CANTEEN-2')).toEqual([
    { accountId: first.accountId, name: 'SN-A', enrolledAt: noon, keyMadeAt: later, revokedAt: null },
    { accountId: second.accountId, name: 'SN-B', enrolledAt: noon, keyMadeAt: noon, revokedAt: later },
  ]);
  expect(await list('NOWHERE')).toMatchObject({ refused: 'FACILITY_UNKNOWN' });
});

it('an administrator is everywhere, a manager at an open facility', async () => {
  const now = noon;
  const administrator = opened(
    await test.database.write((manager) => createAdministrator(manager, { name: ' 李局长 ', now })),
  );
  expect(await callerOf(administrator.token)).toMatchObject({
    name: '李局长',
    grants: [{ role: 'ADMIN', facilityId: null }],
  });
  const create = (facilityCode: string, name: string) =>
    test.database.write((manager) => createManager(manager, { facilityCode, name, now }));
  const manager = opened(await create('STREET', '王主任'));
  expect(await callerOf(manager.token)).toMatchObject({
    grants: [{ role: 'MANAGER', facilityId: town.streetId }],
  });
  expect(await create('NOWHERE', '王主任')).toMatchObject({ refused: 'FACILITY_UNKNOWN' });
  expect(await create('STREET', '')).toMatchObject({ refused: 'NAME_INVALID' });
});
