import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder, Facility, FacilityPlacement } from '../../entities/index.js';
import { categoriesOfElders } from '../../src/elders/elder-categories.js';
import { registerElder } from '../../src/elders/register-elder.js';
import type { Registration } from '../../src/elders/registration.rules.js';
import { openIdentity } from '../../src/elders/shown-identities.js';
import type { Scope } from '../../src/network/scope.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { countRows, today } from '../support/town.js';
import { buildTwoCounties, newIdNumber, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let given: Registration;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
});
beforeEach(() => {
  given = {
    name: '王秀英',
    idNumber: newIdNumber('1948-02-29'),
    homeStationId: town.stationId,
    categories: ['LIVING_ALONE', 'DISABLED'],
    abilityLevel: 2,
    abilityExpiresOn: '2027-01-01',
  };
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const register = (changed: Partial<Registration> = {}, scope: Scope = 'everywhere') =>
  open.database.write((manager) => registerElder(manager, { ...given, ...changed }, scope, today));

async function codeOf(changed: Partial<Registration>, scope: Scope = 'everywhere') {
  const before = await countRows(open, 'elder');
  const result = await register(changed, scope);
  expect(await countRows(open, 'elder')).toBe(before);
  return isRefusal(result) ? [result.refused, result.field] : result;
}

describe('registering an elder', () => {
  it('keeps the file as it was told, with the birth date of the ID number', async () => {
    const elder = await register({ phone: ' 138-0000 1234', address: ' 南阳市卧龙区梅溪路1号 ' });
    if (isRefusal(elder)) throw new Error(elder.refused);
    const stored = await open.database.read((manager) => manager.findOneByOrFail(Elder, { id: elder.id }));
    expect(stored).toEqual({
      id: elder.id,
      name: '王秀英',
      idNumberSealed: expect.stringMatching(/^v1\.k1\.[\w-]{62}$/),
      idNumberHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      phoneSealed: expect.stringMatching(/^v1\.k1\./),
      addressSealed: expect.stringMatching(/^v1\.k1\./),
      birthDate: '1948-02-29',
      abilityLevel: 2,
      abilityExpiresOn: '2027-01-01',
      homeStationId: town.stationId,
      status: 'ACTIVE',
      registeredOn: today,
      endedOn: null,
      erasedAt: null,
    });
    const identity = await open.database.read(async (manager) => openIdentity(manager, stored));
    expect(identity).toEqual({
      idNumber: given.idNumber,
      phone: '13800001234',
      address: '南阳市卧龙区梅溪路1号',
    });
    expect(elder).toEqual(stored);
    const categories = await open.database.read((manager) => categoriesOfElders(manager, [elder.id]));
    expect(categories).toEqual(new Map([[elder.id, ['DISABLED', 'LIVING_ALONE']]]));
  });

  it('takes x for X, and then the number is taken', async () => {
    const elder = await register({ idNumber: '11010519491231002x' });
    expect(elder).toMatchObject({ birthDate: '1949-12-31', phoneSealed: null, addressSealed: null });
    expect(await codeOf({ idNumber: '11010519491231002X' })).toEqual([
      'ID_NUMBER_TAKEN',
      ['input', 'idNumber'],
    ]);
  });

  it('needs no station, no category and no assessment from who sees everything', async () => {
    const bare = { homeStationId: null, categories: [], abilityLevel: null, abilityExpiresOn: null };
    expect(await register(bare)).toMatchObject({ homeStationId: null, abilityLevel: null });
  });

  it('is done by a manager within the own county', async () => {
    expect(await register({}, [town.countyId])).toMatchObject({ status: 'ACTIVE' });
  });

  it('is refused at a station of another county as at one that nobody has', async () => {
    const refusal = ['HOME_STATION_UNKNOWN', ['input', 'homeStationId']];
    expect(await codeOf({}, [town.otherCountyId])).toEqual(refusal);
    expect(await codeOf({ homeStationId: 999_999 }, [town.otherCountyId])).toEqual(refusal);
    expect(await codeOf({ homeStationId: 999_999 })).toEqual(refusal);
    expect(await codeOf({ homeStationId: null }, [town.countyId])).toEqual(refusal);
    expect(await codeOf({}, [])).toEqual(refusal);
  });

  it('is refused at a facility that is no home-care station', async () => {
    const refusal = ['HOME_STATION_UNKNOWN', ['input', 'homeStationId']];
    expect(await codeOf({ homeStationId: town.canteenIds[0] })).toEqual(refusal);
    expect(await codeOf({ homeStationId: town.streetId })).toEqual(refusal);
  });

  it.each([
    ['closed today', { openedOn: '2020-01-01', closedOn: today }, false],
    ['closing tomorrow', { openedOn: '2020-01-01', closedOn: '2026-03-11' }, true],
    ['opening today', { openedOn: today, closedOn: null }, true],
    ['opening tomorrow', { openedOn: '2026-03-11', closedOn: null }, false],
  ])('at a station %s', async (code, days, accepted) => {
    const homeStationId = await open.database.write(async (manager) => {
      const station = { code, name: code, kind: 'HOME_CARE_STATION' as const, divisionCode: '411302001002' };
      const { id } = await manager.save(manager.create(Facility, { ...station, ...days }));
      const placement = { parentId: town.streetId, fromDay: days.openedOn, toDay: null };
      await manager.insert(FacilityPlacement, { facilityId: id, ...placement });
      return id;
    });
    if (accepted) expect(await register({ homeStationId })).toMatchObject({ homeStationId });
    else
      expect(await codeOf({ homeStationId })).toEqual(['HOME_STATION_UNKNOWN', ['input', 'homeStationId']]);
  });

  it('answers the first refusal by precedence', async () => {
    await register({ idNumber: '440524188001010014' });
    const steps: [Partial<Registration>, string][] = [
      [
        {
          name: '',
          idNumber: '440524188001010015',
          phone: '12',
          address: '路'.repeat(201),
          abilityLevel: 5,
          homeStationId: 999_999,
        },
        'NAME_INVALID',
      ],
      [{ name: '李' }, 'ID_NUMBER_INVALID'],
      [{ idNumber: '440524188001010014' }, 'PHONE_INVALID'],
      [{ phone: '12345678' }, 'ADDRESS_INVALID'],
      [{ address: '' }, 'ABILITY_LEVEL_OUT_OF_RANGE'],
      [{ abilityLevel: 1, abilityExpiresOn: null }, 'ABILITY_INCOMPLETE'],
      [{ abilityExpiresOn: today }, 'HOME_STATION_UNKNOWN'],
      [{ homeStationId: town.stationId }, 'ID_NUMBER_TAKEN'],
    ];
    const input: Partial<Registration> = {};
    for (const [righted, code] of steps) {
      Object.assign(input, righted);
      expect(await register(input)).toMatchObject({ refused: code });
    }
  });

  it('of one person at ten counters at once opens one file', async () => {
    const before = await countRows(open, 'elder');
    const results = await Promise.all(Array.from({ length: 10 }, () => register()));
    const refused = results.filter(isRefusal).map((refusal) => refusal.refused);
    expect(refused).toEqual(Array(9).fill('ID_NUMBER_TAKEN'));
    expect(await countRows(open, 'elder')).toBe(before + 1);
  });
});
