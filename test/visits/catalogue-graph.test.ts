import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offersService } from '../../src/visits/service-offers.js';
import { statementsOf } from '../support/count-statements.js';
import { addService } from '../support/hours.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addVisit } from '../support/visits.js';

let server: TestServer;
let town: TwoCounties;
let admin: string;
let manager: string;
let serviceId: number;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  admin = await server.adminToken();
  manager = await server.managerToken(town.countyId);
  serviceId = await addService(server.database, { code: 'CLEANING' });
});
afterAll(() => server.close());

const result =
  '{ __typename ... on ServiceRefusal { code field message } ... on ServiceChanged { serviceCode } }';

async function told(mutation: string, token = admin): Promise<string> {
  const { body } = await server.post<Record<string, { __typename: string; code?: string; field?: string[] }>>(
    `mutation { ${mutation} ${result} }`,
    {},
    token,
    { 'accept-language': 'en' },
  );
  if (body.errors) return body.errors.map(({ extensions }) => extensions.code).join();
  const [answer] = Object.values(body.data);
  return answer?.code ? `${answer.code} ${answer.field?.join('.')}` : 'done';
}

const terms = (more = '') => `nameZh: "助浴", nameEn: "Bathing", minutes: 90 ${more}`;
const add = (code: string, more = '', price = 'fromDay: "2026-03-10", priceFen: 12000') =>
  told(`addService(input: { code: "${code}", group: DAILY_CARE, ${terms(more)}, ${price} })`);

interface Shown {
  code: string;
  minutes: number;
  caregivers: number;
  secondAfterMax: number | null;
  isOffered: boolean;
  prices: { fromDay: string; fen: number }[];
  offers: { facilityId: string; fromDay: string; isOffered: boolean }[];
}

async function catalog(facilityId: number, on = '2026-03-10', token = manager): Promise<Shown[] | null> {
  const fields =
    'code minutes caregivers secondAfterMax isOffered prices { fromDay fen } offers { facilityId fromDay isOffered }';
  const query = `{ serviceCatalog(facilityId: ${facilityId}, on: "${on}") { ${fields} } }`;
  const { body } = await server.post<{ serviceCatalog: Shown[] | null }>(query, {}, token);
  expect(body.errors).toBe(undefined);
  return body.data.serviceCatalog;
}
const shown = async (code: string, facilityId = town.stationId, on?: string) =>
  (await catalog(facilityId, on))?.find((service) => service.code === code);

async function offered(within: number): Promise<string[]> {
  const { body } = await server.post<{ services: { code: string }[] }>(
    `{ services(within: ${within}) { code } }`,
    {},
    manager,
  );
  return body.data.services.map(({ code }) => code);
}

describe('the catalogue', () => {
  it('takes a service with all that a visit of it takes, and changes it', async () => {
    const pair = ', caregivers: 2, secondAfterMin: 0, secondAfterMax: 15, skill: "BATHING", genderRule: SAME';
    expect(await add('BATHING', pair)).toBe('done');
    expect(await shown('BATHING')).toEqual({
      code: 'BATHING',
      minutes: 90,
      caregivers: 2,
      secondAfterMax: 15,
      isOffered: true,
      prices: [{ fromDay: '2026-03-10', fen: 12_000 }],
      offers: [],
    });
    expect(await told(`changeService(serviceCode: "BATHING", input: { ${terms()} })`)).toBe('done');
    expect(await shown('BATHING')).toMatchObject({ caregivers: 1, secondAfterMax: null });
  });

  it.each([
    ['bathing', '', undefined, 'CODE_INVALID input.code'],
    ['CLEANING', '', undefined, 'CODE_TAKEN input.code'],
    ['N1', ', preparationMinutes: 241', undefined, 'MINUTES_OUT_OF_RANGE input.preparationMinutes'],
    ['N2', ', caregivers: 3', undefined, 'CAREGIVERS_OUT_OF_RANGE input.caregivers'],
    ['N3', ', secondAfterMin: 0, secondAfterMax: 5', undefined, 'PAIR_INVALID input.secondAfterMin'],
    [
      'N4',
      ', caregivers: 2, secondAfterMin: 9, secondAfterMax: 5',
      undefined,
      'PAIR_INVALID input.secondAfterMin',
    ],
    ['N5', ', caregivers: 2, secondAfterMin: 9', undefined, 'PAIR_INVALID input.secondAfterMin'],
    ['N6', ', skill: "bath"', undefined, 'SKILL_INVALID input.skill'],
    ['N7', '', 'fromDay: "2026-03-10", priceFen: -1', 'PRICE_OUT_OF_RANGE input.priceFen'],
    ['N8', '', 'fromDay: "2026-03-09", priceFen: 1', 'DATE_OUT_OF_RANGE input.fromDay'],
  ])('refuses %s%s', async (code, more, price, refused) => {
    expect(await add(code, more, price)).toBe(refused);
    if (code !== 'CLEANING') expect(await shown(code)).toBe(undefined);
  });

  it('is the whole network’s: who administers or manages a part may not change it', async () => {
    const { token } = await server.account('ADMIN', town.countyId);
    const change = `changeService(serviceCode: "CLEANING", input: { ${terms()} })`;
    expect(await told(change, token)).toBe('FORBIDDEN');
    expect(await told(change, manager)).toBe('FORBIDDEN');
    expect(
      await told('setServicePrice(serviceCode: "CLEANING", fromDay: "2026-04-01", priceFen: 1)', token),
    ).toBe('FORBIDDEN');
  });

  it('changes no price that has begun', async () => {
    const price = (fromDay: string, priceFen: number) =>
      told(`setServicePrice(serviceCode: "CLEANING", fromDay: "${fromDay}", priceFen: ${priceFen})`);
    expect(await price('2026-03-09', 1)).toBe('DATE_OUT_OF_RANGE fromDay');
    expect(await price('2026-03-10', 5100)).toBe('done');
    expect(await price('2026-03-10', 5200)).toBe('PRICE_BEGUN fromDay');
    expect(await price('2026-04-01', 6000)).toBe('done');
    expect(await price('2026-04-01', 6100)).toBe('done');
    expect((await shown('CLEANING'))?.prices).toEqual([
      { fromDay: '2020-01-01', fen: 5000 },
      { fromDay: '2026-03-10', fen: 5100 },
      { fromDay: '2026-04-01', fen: 6100 },
    ]);
    expect(await told('setServicePrice(serviceCode: "NONE", fromDay: "2026-04-01", priceFen: 1)')).toBe(
      'SERVICE_UNKNOWN serviceCode',
    );
  });

  it('keeps the number of caregivers while visits are booked', async () => {
    const booked = await addService(server.database, { code: 'BOOKED' });
    const { elderId } = await addDiner(town);
    const from = '2026-03-20T09:00:00+08:00';
    const id = await addVisit(server.database, {
      elderId,
      serviceId: booked,
      stationId: town.stationId,
      from,
    });
    const change = `changeService(serviceCode: "BOOKED", input: { ${terms(', caregivers: 2')} })`;
    expect(await told(change)).toBe('SERVICE_BOOKED input.caregivers');
    await server.database.write((each) =>
      each.query("UPDATE visit SET status = 'CANCELLED' WHERE id = ?", [id]),
    );
    expect(await told(change)).toBe('done');
  });
});

describe('what a station offers', () => {
  const offer = (
    facilityId: number,
    fromDay: string,
    isOffered: boolean,
    code = 'CLEANING',
    token = manager,
  ) =>
    told(
      `setServiceOffer(facilityId: ${facilityId}, serviceCode: "${code}", fromDay: "${fromDay}", isOffered: ${isOffered})`,
      token,
    );
  const offers = (day: string, stationId = town.stationId) =>
    server.database.read((each) => offersService(each, stationId, serviceId, day));

  it('is everything until somebody says otherwise, and then what the nearest place said last', async () => {
    expect(await offers('2026-03-10')).toBe(true);
    expect(await offer(town.countyId, '2026-03-10', false)).toBe('done');
    expect([await offers('2026-03-09'), await offers('2026-03-10')]).toEqual([true, false]);
    expect(await offers('2026-03-10', town.otherStationId)).toBe(true);
    expect(await offered(town.stationId)).not.toContain('CLEANING');
    expect(await offered(town.cityId)).toContain('CLEANING');
    expect(await offer(town.stationId, '2026-03-20', true)).toBe('done');
    expect([await offers('2026-03-19'), await offers('2026-03-20')]).toEqual([false, true]);
    expect(await offer(town.streetId, '2026-03-25', false)).toBe('done');
    expect(await offers('2026-03-26')).toBe(true);
    expect((await shown('CLEANING'))?.offers).toEqual(
      [
        { facilityId: String(town.countyId), fromDay: '2026-03-10', isOffered: false },
        { facilityId: String(town.streetId), fromDay: '2026-03-25', isOffered: false },
        { facilityId: String(town.stationId), fromDay: '2026-03-20', isOffered: true },
      ].sort((one, other) => Number(one.facilityId) - Number(other.facilityId)),
    );
    expect(await shown('CLEANING', town.stationId, '2026-03-20')).toMatchObject({ isOffered: true });
    expect(await offer(town.stationId, '2026-03-15', false)).toBe('done');
    expect(await offers('2026-03-21')).toBe(false);
  });

  it('is said by whoever manages the place, of days to come', async () => {
    expect(await offer(town.otherStationId, '2026-03-20', false)).toBe('FACILITY_UNKNOWN facilityId');
    expect(await offer(999_999, '2026-03-20', false)).toBe('FACILITY_UNKNOWN facilityId');
    expect(await offer(town.stationId, '2026-03-20', false, 'NONE')).toBe('SERVICE_UNKNOWN serviceCode');
    expect(await offer(town.stationId, '2026-03-09', false)).toBe('DATE_OUT_OF_RANGE fromDay');
    expect(await catalog(town.otherStationId)).toBe(null);
  });

  it('is asked in as many statements for a city as for a station', async () => {
    const count = async (within: number) =>
      (await statementsOf(server.database, () => offered(within))).statements.length;
    expect(await count(town.cityId)).toBe(await count(town.stationId));
  });
});
