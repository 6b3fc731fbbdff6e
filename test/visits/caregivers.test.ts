import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/shared/refusal.js';
import { addCaregiver as addOne } from '../../src/visits/add-caregiver.js';
import { certificatesOf, keepSkill, withdrawSkill } from '../../src/visits/caregiver-skills.js';
import { caregiverId, newCaregiver, startCaregivers, test, told, town } from '../support/caregivers.js';
import { addPerson } from '../support/staff.js';
import { noon, today } from '../support/town.js';

beforeAll(startCaregivers);
beforeEach(newCaregiver);
afterAll(() => test.drop());

describe('adding a caregiver', () => {
  const add = async (
    accountId: number,
    more: Partial<Parameters<typeof addOne>[1]> = {},
    scope = [town.countyId],
  ) => {
    const wanted = {
      accountId,
      stationId: town.stationId,
      gender: 'FEMALE' as const,
      homeDivisionCode: '411302001',
      activeFrom: today,
      now: noon,
      ...more,
    };
    return test.database.write((manager) => addOne(manager, wanted, scope));
  };
  const account = async (role: 'CAREGIVER' | 'STAFF', facilityId = town.streetId) =>
    (await addPerson(test.database, role, facilityId)).accountId;

  it('takes an account that may sign in as a caregiver at the station, once', async () => {
    const accountId = await account('CAREGIVER');
    const added = await add(accountId);
    expect(added).toMatchObject({
      accountId,
      stationId: town.stationId,
      gender: 'FEMALE',
      activeUntil: null,
    });
    expect(told(await add(accountId))).toBe('CAREGIVER_EXISTS input.accountId');
  });

  it('refuses in order, and writes nothing', async () => {
    const caregiver = await account('CAREGIVER');
    const elsewhere = await account('CAREGIVER', town.otherCountyId);
    const staff = await account('STAFF');
    const refusals = [
      await add(caregiver, { stationId: 999_999 }),
      await add(caregiver, { stationId: town.canteenIds[0] }),
      await add(caregiver, {}, [town.otherCountyId]),
      await add(999_999),
      await add(staff),
      await add(elsewhere),
      await add(caregiver, { homeDivisionCode: '41' }),
      await add(caregiver, { activeFrom: '2026-03-09' }),
      await add(caregiver, { activeFrom: '2036-03-09' }),
    ];
    expect(refusals.map(told)).toEqual([
      'STATION_UNKNOWN input.stationId',
      'STATION_UNKNOWN input.stationId',
      'STATION_UNKNOWN input.stationId',
      'ACCOUNT_UNKNOWN input.accountId',
      'ACCOUNT_UNKNOWN input.accountId',
      'ACCOUNT_UNKNOWN input.accountId',
      'DIVISION_INVALID input.homeDivisionCode',
      'DATE_OUT_OF_RANGE input.activeFrom',
      'DATE_OUT_OF_RANGE input.activeFrom',
    ]);
    expect(isRefusal(await add(caregiver))).toBe(false);
  });

  it('ten who add the same account at once add it once', async () => {
    const accountId = await account('CAREGIVER');
    const results = await Promise.all(Array.from({ length: 10 }, () => add(accountId)));
    expect(results.map(told).filter((each) => each === 'done')).toHaveLength(1);
  });
});

describe('skills', () => {
  const keep = (skill: string, expiresOn: string | null) =>
    test.database
      .write((manager) => keepSkill(manager, { caregiverId, skill, expiresOn }, [town.countyId], today))
      .then(told);
  const held = async () =>
    (await test.database.read((manager) => certificatesOf(manager, [caregiverId])))
      .get(caregiverId)
      ?.map(({ skill, expiresOn }) => `${skill} ${expiresOn}`);

  it('are kept, renewed and taken away', async () => {
    expect(await keep('BATHING', '2028-01-01')).toBe('done');
    expect(await keep('DRIVING', null)).toBe('done');
    expect(await held()).toEqual([
      'BATHING 2028-01-01',
      'COOKING null',
      'DRIVING null',
      'NURSING 2026-03-11',
    ]);
    const withdraw = (skill: string) =>
      test.database
        .write((manager) => withdrawSkill(manager, { caregiverId, skill }, [town.countyId], today))
        .then(told);
    expect(await withdraw('DRIVING')).toBe('done');
    expect(await withdraw('DRIVING')).toBe('SKILL_UNKNOWN skill');
    expect(await withdraw('cooking')).toBe('SKILL_UNKNOWN skill');
    expect(await held()).toEqual(['BATHING 2028-01-01', 'COOKING null', 'NURSING 2026-03-11']);
  });

  it('are refused when misspelt, or expired already', async () => {
    expect(await keep('bathing', null)).toBe('SKILL_INVALID skill');
    expect(await keep('BATHING', today)).toBe('DATE_OUT_OF_RANGE expiresOn');
    expect(await keep('BATHING', '2126-01-01')).toBe('DATE_OUT_OF_RANGE expiresOn');
  });
});
