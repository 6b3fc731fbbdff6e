import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Facility } from '../../entities/index.js';
import { Authenticator } from '../../src/access/authenticate.js';
import { canteenOf, mayAsk } from '../../src/access/caller.js';
import { createAdministrator } from '../../src/access/create-administrator.js';
import { createManager } from '../../src/access/create-manager.js';
import { enrolReader } from '../../src/access/enrol-reader.js';
import { countReaders, listReaders } from '../../src/access/list-readers.js';
import type { OpenedAccount } from '../../src/access/open-account.js';
import { revokeReader } from '../../src/access/revoke-reader.js';
import { rotateReader } from '../../src/access/rotate-reader.js';
import type { Scope } from '../../src/network/scope.js';
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

async function enrol(name: string, canteen = 'CANTEEN-1'): Promise<OpenedAccount> {
  return opened(await tryToEnrol(name, canteen));
}

function tryToEnrol(name: string, canteen: string | number) {
  return test.database.write((manager) => enrolReader(manager, { canteen, name, now: noon }, 'everywhere'));
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
      await test.database.write((manager) =>
        rotateReader(manager, { accountId, overlapMinutes: 0, now: later }, 'everywhere'),
      ),
    );
    expect(rotated.accountId).toBe(accountId);
    expect(rotated.token).not.toBe(token);
    expect(await callerOf(token)).toMatchObject({ accountId, revoked: true });
    expect(await callerOf(rotated.token)).toMatchObject({ accountId, revoked: false });
  });

  it('lets the old key work beside the new one until the overlap is over, and not a moment longer', async () => {
    const { accountId, token } = await enrol('SN-0010');
    const rotate = (overlapMinutes: number, now: Date) =>
      test.database.write((manager) =>
        rotateReader(manager, { accountId, overlapMinutes, now }, 'everywhere'),
      );
    const second = opened(await rotate(60, later));
    const minutesOn = (minutes: number, ms = 0) => new Date(later.getTime() + minutes * 60_000 + ms);
    const revoked = async (key: string, at: Date) => (await callerOf(key, at))?.revoked;
    expect([await revoked(token, later), await revoked(token, minutesOn(60, -1))]).toEqual([false, false]);
    expect([await revoked(token, minutesOn(60)), await revoked(second.token, minutesOn(600))]).toEqual([
      true,
      false,
    ]);

    const third = opened(await rotate(60, minutesOn(30)));
    expect([await revoked(token, minutesOn(60)), await revoked(second.token, minutesOn(89))]).toEqual([
      true,
      false,
    ]);
    const fourth = opened(await rotate(0, minutesOn(31)));
    for (const key of [token, second.token, third.token])
      expect(await revoked(key, minutesOn(31))).toBe(true);
    expect(await revoked(fourth.token, minutesOn(31))).toBe(false);
  });

  it.each([-1, 43_201, 1.5])('refuses an overlap of %s minutes', async (overlapMinutes) => {
    const { accountId, token } = await enrol('SN-0011');
    const rotation = { accountId, overlapMinutes, now: later };
    const result = await test.database.write((manager) => rotateReader(manager, rotation, 'everywhere'));
    expect(result).toMatchObject({ refused: 'OVERLAP_OUT_OF_RANGE', field: ['overlapMinutes'] });
    expect(await callerOf(token)).toMatchObject({ revoked: false });
  });

  it('two at once leave one key that counts', async () => {
    const { accountId } = await enrol('SN-0003');
    const rotate = () =>
      test.database.write((manager) =>
        rotateReader(manager, { accountId, overlapMinutes: 0, now: later }, 'everywhere'),
      );
    const keys = (await Promise.all([rotate(), rotate(), rotate()])).map(opened);
    const callers = await Promise.all(keys.map(({ token }) => callerOf(token)));
    expect(callers.map((caller) => caller?.revoked).sort()).toEqual([false, true, true]);
  });

  it('refuses who is no reader, and a revoked one', async () => {
    const rotate = (accountId: number) =>
      test.database.write((manager) =>
        rotateReader(manager, { accountId, overlapMinutes: 0, now: later }, 'everywhere'),
      );
    expect(await rotate(999_999)).toMatchObject({ refused: 'READER_UNKNOWN', field: ['readerId'] });
    expect(await rotate(town.managerId)).toMatchObject({ refused: 'READER_UNKNOWN' });
    const { accountId } = await enrol('SN-0004');
    await test.database.write((manager) => revokeReader(manager, { accountId, now: later }, 'everywhere'));
    expect(await rotate(accountId)).toMatchObject({ refused: 'READER_REVOKED' });
  });
});

describe('revocation', () => {
  it('ends the key and the grant; the canteen is still known', async () => {
    const { accountId, token } = await enrol('SN-0005');
    const revoke = () =>
      test.database.write((manager) => revokeReader(manager, { accountId, now: later }, 'everywhere'));
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
    await test.database.write((manager) => revokeReader(manager, { accountId, now: earlier }, 'everywhere'));
    expect(await callerOf(token)).toMatchObject({ revoked: true, grants: [{ untilAt: noon }] });
  });
});

describe('the list of readers', () => {
  it('has those of a place and beneath it, within the scope, in service and revoked', async () => {
    const first = await enrol('SN-A', 'CANTEEN-2');
    const second = await enrol('SN-B', 'CANTEEN-2');
    const rotation = { accountId: first.accountId, overlapMinutes: 60, now: later };
    await test.database.write(async (manager) => {
      await rotateReader(manager, rotation, 'everywhere');
      await revokeReader(manager, { accountId: second.accountId, now: later }, 'everywhere');
    });
    const list = (within: number | undefined, scope: Scope, page = { afterId: 0, rowsMax: 100 }) =>
      test.database.read((manager) => listReaders(manager, { within, scope, now: later }, page));
    const [one, other] = town.canteenIds;
    const unseen = { lastSeenAt: null, softwareVersion: null, clockSkewMs: null, possiblyClonedAt: null };
    const shared = { canteenId: other, enrolledAt: noon, ...unseen };
    const listed = [
      {
        id: first.accountId,
        name: 'SN-A',
        keyMadeAt: later,
        oldKeyUntil: new Date(later.getTime() + 3_600_000),
        revokedAt: null,
        ...shared,
      },
      { id: second.accountId, name: 'SN-B', keyMadeAt: noon, oldKeyUntil: null, revokedAt: later, ...shared },
    ];
    expect(await list(other, 'everywhere')).toEqual(listed);
    expect(await list(undefined, [other])).toEqual(listed);
    expect((await list(town.streetId, [town.countyId])).slice(-2)).toEqual(listed);
    expect(await list(other, [one])).toEqual([]);
    expect(await list(undefined, [])).toEqual([]);
    expect(await list(other, 'everywhere', { afterId: first.accountId, rowsMax: 1 })).toEqual(
      listed.slice(1),
    );
    const count = (within: number | undefined, scope: Scope) =>
      test.database.read((manager) => countReaders(manager, { within, scope, now: later }));
    expect([await count(other, 'everywhere'), await count(other, [one])]).toEqual([2, 0]);
  });
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
