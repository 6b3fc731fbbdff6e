import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let county: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  county = await server.managerToken(town.countyId);
});
afterAll(() => server.close());

interface Setting {
  name: string;
  value: number;
  unit: string;
  meaning: string;
  setAtId: string | null;
  fromDay: string | null;
  code?: string;
  field?: string[];
}
const fields = 'name value unit meaning setAtId fromDay';

async function set(
  facilityId: number,
  value: number | null,
  { name = 'FROZEN', fromDay = '2026-03-10', token = county } = {},
): Promise<Setting> {
  const query = `mutation { setPlanningSetting(facilityId: ${facilityId}, name: ${name}, value: ${value}, fromDay: "${fromDay}") { ... on PlanningSetting { ${fields} } ... on PlanningSettingRefusal { code field } } }`;
  const { body } = await server.post<{ setPlanningSetting: Setting }>(query, {}, token);
  expect(body.errors).toBe(undefined);
  return body.data.setPlanningSetting;
}

async function inForce(facilityId: number, on = '2026-03-10', token = county): Promise<Setting[]> {
  const query = `{ planningSettings(facilityId: ${facilityId}, on: "${on}") { ${fields} } }`;
  const { body } = await server.post<{ planningSettings: Setting[] }>(query, {}, token);
  expect(body.errors).toBe(undefined);
  return body.data.planningSettings;
}

async function frozen(facilityId: number, on?: string): Promise<unknown> {
  const found = (await inForce(facilityId, on)).find(({ name }) => name === 'FROZEN');
  return [found?.value, found?.setAtId === null ? null : Number(found?.setAtId)];
}

it('falls back to what everybody has, in words', async () => {
  const settings = await inForce(town.stationId);
  expect(settings.map(({ name }) => name)).toContain('LEFT_OUT');
  expect(settings[0]).toMatchObject({
    name: 'TRAVEL',
    value: 100,
    unit: 'HUNDREDTHS',
    setAtId: null,
    fromDay: null,
  });
  expect(settings.every(({ meaning }) => meaning.length > 5)).toBe(true);
});

it('counts from its day on, the nearest above a station before the others, and no more where it was taken back', async () => {
  const { stationId, streetId, countyId } = town;
  await set(countyId, 20);
  expect(await frozen(stationId)).toEqual([20, countyId]);
  await set(streetId, 40, { fromDay: '2026-03-12' });
  expect(await frozen(stationId, '2026-03-11')).toEqual([20, countyId]);
  expect(await frozen(stationId, '2026-03-12')).toEqual([40, streetId]);
  await set(stationId, 50);
  expect(await frozen(stationId, '2026-03-12')).toEqual([50, stationId]);
  await set(stationId, null, { fromDay: '2026-03-13' });
  expect(await frozen(stationId, '2026-03-12')).toEqual([50, stationId]);
  expect(await frozen(stationId, '2026-03-13')).toEqual([40, streetId]);
  // Said again for the same day, it replaces what was said.
  expect(await set(stationId, 55)).toMatchObject({ value: 55, fromDay: '2026-03-10' });
});

it('is refused with code and field', async () => {
  const refused = async (...given: Parameters<typeof set>) => {
    const { code, field } = await set(...given);
    return [code, field?.join('.')];
  };
  expect(await refused(town.otherStationId, 10)).toEqual(['FACILITY_UNKNOWN', 'facilityId']);
  expect(await refused(999_999, 10)).toEqual(['FACILITY_UNKNOWN', 'facilityId']);
  expect(await refused(town.stationId, -1)).toEqual(['VALUE_OUT_OF_RANGE', 'value']);
  expect(await refused(town.stationId, 1441)).toEqual(['VALUE_OUT_OF_RANGE', 'value']);
  expect(await refused(town.stationId, 5, { name: 'LEFT_OUT' })).toEqual(['VALUE_OUT_OF_RANGE', 'value']);
  expect(await refused(town.stationId, 10, { fromDay: '2026-03-09' })).toEqual(['BACKDATED', 'fromDay']);
});

it('shows nothing of places elsewhere', async () => {
  expect(await inForce(town.otherStationId)).toEqual([]);
  expect(await inForce(999_999)).toEqual([]);
});
