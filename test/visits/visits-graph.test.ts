import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addCaregiver, addServices, addVisit, type VisitToAdd } from '../support/visits.js';

let server: TestServer;
let town: TwoCounties;
let serviceId: number;
let elderId: number;
let caregiverId: number;
let secondId: number;
let manager: string;
/** At the town's station: the day's in order of start, the day before and the day after; one in the other county. */
let today: number[];
let dayBefore: number;
let dayAfter: number;
let elsewhere: number;

beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  ({ serviceId } = await addServices(server.database));
  ({ elderId } = await addDiner(town));
  caregiverId = await addCaregiver(server.database, { stationId: town.stationId, name: '李护理' });
  secondId = await addCaregiver(server.database, { stationId: town.stationId, name: '张护理' });
  const add = (from: string, more: Partial<VisitToAdd> = {}) =>
    addVisit(server.database, { elderId, serviceId, stationId: town.stationId, from, ...more });
  dayAfter = await add('2026-03-11T00:00:00+08:00');
  const late = await add('2026-03-10T23:59:59+08:00', { caregiverIds: [caregiverId] });
  const early = await add('2026-03-10T00:00:00+08:00', { caregiverIds: [secondId, caregiverId] });
  const called = await add('2026-03-10T09:00:00+08:00', { caregiverIds: [secondId], status: 'CANCELLED' });
  const done = await add('2026-03-10T10:00:00+08:00', { caregiverIds: [secondId], status: 'COMPLETED' });
  dayBefore = await add('2026-03-09T23:00:00+08:00');
  elsewhere = await add('2026-03-10T15:00:00+08:00', { stationId: town.otherStationId });
  today = [early, called, done, late];
  manager = await server.managerToken(town.countyId);
});
afterAll(() => server.close());

async function asked<Data>(query: string, token = manager, language = 'en'): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, token, { 'accept-language': language });
  expect(body.errors).toBe(undefined);
  return body.data;
}

async function visitsOn(arguments_: string, token = manager): Promise<number[]> {
  const query = `{ visitsOn(${arguments_}) { id } }`;
  const { visitsOn: visits } = await asked<{ visitsOn: { id: string }[] }>(query, token);
  return visits.map(({ id }) => Number(id));
}

describe('visitsOn', () => {
  const day = 'date: "2026-03-10"';

  it("is a station's day in order of start, from midnight to midnight in China, cancelled visits too", async () => {
    expect(await visitsOn(`${day}, stationId: ${town.stationId}`)).toEqual(today);
    expect(await visitsOn(`date: "2026-03-11", stationId: ${town.stationId}`)).toEqual([dayAfter]);
  });

  it("is a caregiver's day, and that of both when both are named", async () => {
    expect(await visitsOn(`${day}, caregiverId: ${caregiverId}`)).toEqual([today[0], today[3]]);
    expect(await visitsOn(`${day}, caregiverId: ${secondId}, stationId: ${town.stationId}`)).toEqual(
      today.slice(0, 3),
    );
    expect(await visitsOn(`${day}, caregiverId: ${secondId}, stationId: ${town.otherStationId}`)).toEqual([]);
  });

  it.each(['ADMIN', 'MANAGER', 'STAFF', 'AUDITOR'] as const)(
    'is read by %s where the role is held',
    async (role) => {
      const { token } = await server.account(role, role === 'ADMIN' ? null : town.streetId);
      expect(await visitsOn(`${day}, stationId: ${town.stationId}`, token)).toEqual(today);
      const there = await visitsOn(`${day}, stationId: ${town.otherStationId}`, token);
      expect(there).toEqual(role === 'ADMIN' ? [elsewhere] : []);
    },
  );

  it('wants a station or a caregiver of whoever is none, and knows nobody by rubbish', async () => {
    const { body } = await server.post(`{ visitsOn(${day}) { id } }`, {}, manager);
    expect(body.errors?.[0]).toMatchObject({
      message: 'stationId: a station or a caregiver must be named',
      extensions: { code: 'BAD_USER_INPUT', field: ['stationId'] },
    });
    for (const id of ['"x"', '"1 OR 1=1"', '0', '-1', '99999999999']) {
      expect(await visitsOn(`${day}, stationId: ${id}`), id).toEqual([]);
      expect(await visitsOn(`${day}, caregiverId: ${id}`), id).toEqual([]);
    }
  });
});

it('a visit to an elder whose file another station keeps tells who it is and nothing of money', async () => {
  const { elderId: otherId } = await addDiner(town, { homeStationId: town.otherStationId });
  const from = '2026-03-12T10:00:00+08:00';
  const id = await addVisit(server.database, {
    elderId: otherId,
    serviceId,
    stationId: town.stationId,
    from,
  });
  for (const role of ['MANAGER', 'STAFF', 'AUDITOR'] as const) {
    const { token } = await server.account(role, town.stationId);
    expect(await asked(`{ elder(id: ${otherId}) { id } }`, token)).toEqual({ elder: null });
    expect(await asked(`{ visit(id: ${id}) { elder { id name age } } }`, token)).toMatchObject({
      visit: { elder: { id: String(otherId), name: '王小明' } },
    });
    for (const field of ['card { balanceFen }', 'categories', 'relatives { name }']) {
      const { body } = await server.post(`{ visit(id: ${id}) { elder { ${field} } } }`, {}, token);
      expect(
        body.errors?.map(({ extensions }) => extensions.code),
        field,
      ).toEqual(['FORBIDDEN']);
    }
  }
});

it('a visit tells what, when, by whom and at what price; one out of reach is as unknown', async () => {
  const query = (id: number) =>
    `{ visit(id: ${id}) { status startsAt endsAt checkedInAt subsidyFen selfPaidFen station { code }
       elder { name } service { code name group minutes priceFen skill }
       caregiver { name } caregivers { name station { code } skills } } }`;
  expect(await asked(query(today[0] as number))).toEqual({
    visit: {
      status: 'ASSIGNED',
      startsAt: '2026-03-09T16:00:00.000Z',
      endsAt: '2026-03-09T17:00:00.000Z',
      checkedInAt: null,
      subsidyFen: 2000,
      selfPaidFen: 3000,
      station: { code: 'STATION' },
      elder: { name: '王小明' },
      service: {
        code: 'WALKING',
        name: 'Going out together',
        group: 'Daily living',
        minutes: 60,
        priceFen: 5000,
        skill: null,
      },
      caregiver: { name: '李护理' },
      caregivers: [
        { name: '李护理', station: { code: 'STATION' }, skills: ['COOKING', 'NURSING'] },
        { name: '张护理', station: { code: 'STATION' }, skills: ['COOKING', 'NURSING'] },
      ],
    },
  });
  const { visit } = await asked<{ visit: object }>(`{ visit(id: ${dayBefore}) { status caregiver { id } } }`);
  expect(visit).toEqual({ status: 'REQUESTED', caregiver: null });
  for (const id of [elsewhere, 999_999]) expect(await asked(query(id))).toEqual({ visit: null });
});

it('services have the price of the day, in the language asked for, and none where there is no station', async () => {
  const query = (within = '') => `{ services${within} { code name group priceFen } }`;
  const walking = { code: 'WALKING', name: '助行', group: '生活照料', priceFen: 5000 };
  expect(await asked(query(), manager, 'zh-CN')).toEqual({ services: [walking] });
  const { services } = await asked<{ services: object[] }>(query(`(within: ${town.countyId})`));
  expect(services).toHaveLength(1);
  for (const within of [town.canteenIds[0], 999_999, '"x"']) {
    expect(await asked(query(`(within: ${within})`))).toEqual({ services: [] });
  }
  server.clock.set(new Date('2026-03-11T00:00:00+08:00'), 0);
  const later = await asked<{ services: { code: string; priceFen: number }[] }>(query());
  expect(later.services).toMatchObject([
    { code: 'WALKING', priceFen: 6000 },
    { code: 'LATER', priceFen: 1000 },
  ]);
  server.clock.set(noon, 0);
});

describe("an elder's visits", () => {
  interface Page {
    elder: {
      visits: {
        nodes: { id: string }[];
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    };
  }
  async function page(arguments_: string, token = manager) {
    const query = `{ elder(id: ${elderId}) { visits${arguments_} { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }`;
    const { visits } = (await asked<Page>(query, token)).elder;
    return { ...visits, ids: visits.nodes.map(({ id }) => Number(id)) };
  }

  it('come in order of start, page by page, within the times asked for', async () => {
    const all = [dayBefore, ...today, dayAfter];
    const seen: number[] = [];
    for (let after = ''; ; ) {
      const { ids, totalCount, pageInfo } = await page(`(first: 4${after})`);
      expect(totalCount).toBe(6);
      seen.push(...ids);
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(all);
    const from = 'from: "2026-03-10T00:00:00+08:00"';
    const within = await page(`(${from}, to: "2026-03-11T00:00:00+08:00")`);
    expect([within.ids, within.totalCount]).toEqual([today, 4]);
    expect((await page(`(${from}, first: 0)`)).totalCount).toBe(5);
  });

  it('are those of the stations that the caller sees', async () => {
    expect((await page('', await server.adminToken())).ids).toContain(elsewhere);
    expect((await page('')).ids).not.toContain(elsewhere);
  });

  it('refuse a size out of range and the cursor of another connection, by name', async () => {
    for (const [argument, field] of [
      ['first: 201', 'first'],
      ['first: -1', 'first'],
      ['after: "aWQ6MQ"', 'after'],
      ['after: "%"', 'after'],
    ]) {
      const query = `{ elder(id: ${elderId}) { visits(${argument}) { totalCount } } }`;
      const { body } = await server.post(query, {}, manager);
      expect(body.errors?.[0]?.extensions, argument).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: [field],
      });
    }
  });
});

it('roll-ups count the visits of a day beneath a facility', async () => {
  const query = `{ facility(id: ${town.countyId}) { rollup(on: "2026-03-10") { visitsPlanned visitsCompleted } } }`;
  expect(await asked(query)).toEqual({
    facility: { rollup: { visitsPlanned: 3, visitsCompleted: 1 } },
  });
});

it('a page of elders with their visits takes as many statements with thirty elders as with two', async () => {
  const counted = async (first: number) => {
    const query = `{ elders(first: ${first}) { nodes { visits(first: 5) { totalCount nodes { id elder { id } service { name } caregiver { name } } } } } }`;
    const { statements } = await statementsOf(server.database, () => asked(query));
    return statements.length;
  };
  for (let index = 0; index < 30; index++) {
    const diner = await addDiner(town, { balanceFen: 0 });
    const visit = {
      elderId: diner.elderId,
      serviceId,
      stationId: town.stationId,
      caregiverIds: [caregiverId],
    };
    await addVisit(server.database, { ...visit, from: '2026-04-01T09:00:00+08:00' });
  }
  expect(await counted(31)).toBe(await counted(2));
});
