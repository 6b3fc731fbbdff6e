import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, type Diner, noon, today } from '../support/town.js';
import { buildTwoCounties, newIdNumber, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let admin: string;
let manager: string;
let otherManager: string;
let reader: string;
let diner: Diner;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon });
  admin = await server.adminToken();
  manager = await server.managerToken(town.countyId);
  otherManager = await server.managerToken(town.otherCountyId);
  reader = await server.readerToken(town.canteenIds[0]);
  diner = await addDiner(town, { name: '王建国', balanceFen: 500, birthDate: '1948-02-29' });
});
afterAll(async () => {
  await server.close();
  await open.drop();
});

/** What the queries below ask for, each one of these. */
interface Asked {
  elder: object | null;
  elders: {
    nodes: { id: string }[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
  registerElder: object;
  endElder: object;
}

const ask = async (query: string, token = manager, variables: Record<string, unknown> = {}) =>
  (await server.post<Asked>(query, variables, token)).body;

const register = `mutation ($input: RegisterElderInput!) { registerElder(input: $input) {
  __typename
  ... on Elder { id name idNumber birthDate categories abilityLevel status registeredOn endedOn homeStation { code } card { uid } }
  ... on ElderRefusal { code message field }
} }`;

describe('Elder', () => {
  it('shows the fields of the contract, and of the ID number no more than it may', async () => {
    const answer = await ask(
      `query ($id: ID!) { elder(id: $id) {
        id name idNumber birthDate age before: age(on: "2026-02-28") leap: age(on: "2028-02-29")
        categories abilityLevel homeStation { code } card { uid status balanceFen elder { id name } }
        stay { id } visits { totalCount }
      } }`,
      manager,
      { id: String(diner.elderId) },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.elder).toEqual({
      id: String(diner.elderId),
      name: '王建国',
      idNumber: expect.stringMatching(/^411302\*{11}[\dX]$/),
      birthDate: '1948-02-29',
      age: 78,
      before: 77,
      leap: 80,
      categories: [],
      abilityLevel: null,
      homeStation: { code: 'STATION' },
      card: {
        uid: diner.uid,
        status: 'ACTIVE',
        balanceFen: 500,
        elder: { id: String(diner.elderId), name: '王建国' },
      },
      stay: null,
      visits: { totalCount: 0 },
    });
  });

  it('has no age before the birth', async () => {
    const { errors } = await ask(`{ elder(id: ${diner.elderId}) { age(on: "1948-02-28") } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['on'] });
    expect(await ask(`{ elder(id: ${diner.elderId}) { age(on: "1948-02-29") } }`)).toEqual({
      data: { elder: { age: 0 } },
    });
  });

  it('of another county looks like one that nobody knows', async () => {
    const unknown = await ask('{ elder(id: 999999) { name } }', otherManager);
    expect(unknown).toEqual({ data: { elder: null } });
    expect(await ask(`{ elder(id: ${diner.elderId}) { name } }`, otherManager)).toEqual(unknown);
    expect(await ask('{ elder(id: "no id") { name } }', otherManager)).toEqual(unknown);
    expect(await ask(`{ elder(id: ${diner.elderId}) { name } }`, admin)).toEqual({
      data: { elder: { name: '王建国' } },
    });
  });

  it.each(['elder(id: 1) { name }', 'elders { totalCount }'])(
    'is not shown to a reader by %s',
    async (field) => {
      const { errors } = await ask(`{ ${field} }`, reader);
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    },
  );
});

describe('registerElder', () => {
  const input = () => ({
    name: ' 张桂兰 ',
    idNumber: newIdNumber(),
    homeStationId: String(town.stationId),
    categories: ['DISABLED', 'DESTITUTE'],
    abilityLevel: 3,
    abilityExpiresOn: '2026-03-11',
  });

  it('answers the elder', async () => {
    const given = input();
    const { data } = await ask(register, manager, { input: given });
    expect(data.registerElder).toEqual({
      __typename: 'Elder',
      id: expect.stringMatching(/^\d+$/),
      name: '张桂兰',
      idNumber: `${given.idNumber.slice(0, 6)}${'*'.repeat(11)}${given.idNumber.at(-1)}`,
      birthDate: '1950-01-01',
      categories: ['DESTITUTE', 'DISABLED'],
      abilityLevel: 3,
      status: 'ACTIVE',
      registeredOn: today,
      endedOn: null,
      homeStation: { code: 'STATION' },
      card: null,
    });
  });

  it('shows no level that expires today', async () => {
    const { data } = await ask(register, manager, { input: { ...input(), abilityExpiresOn: today } });
    expect(data.registerElder).toMatchObject({ abilityLevel: null });
  });

  it('needs a name and an ID number only', async () => {
    const { data } = await ask(register, admin, { input: { name: '赵', idNumber: newIdNumber() } });
    expect(data.registerElder).toMatchObject({ categories: [], abilityLevel: null, homeStation: null });
  });

  it('answers a refusal that names the field', async () => {
    const { data } = await ask(register, manager, { input: { ...input(), idNumber: '11010519491231002Y' } });
    expect(data.registerElder).toEqual({
      __typename: 'ElderRefusal',
      code: 'ID_NUMBER_INVALID',
      message: expect.stringMatching(/^input\.idNumber: Not a resident ID number/),
      field: ['input', 'idNumber'],
    });
  });

  it('refuses an ill-formed station like an unknown one', async () => {
    const { data } = await ask(register, admin, { input: { ...input(), homeStationId: 'STATION' } });
    expect(data.registerElder).toMatchObject({ code: 'HOME_STATION_UNKNOWN' });
  });
});

describe('endElder', () => {
  const end = `mutation ($id: ID!, $on: Date!) { endElder(elderId: $id, status: MOVED_AWAY, on: $on) {
    ... on Elder { status endedOn }
    ... on ElderRefusal { code field }
  } }`;

  it('answers the elder as the file now stands, or why not', async () => {
    const { elderId } = await addDiner(town, { balanceFen: 0 });
    const sent = { id: String(elderId), on: '2026-03-10' };
    expect((await ask(end, otherManager, sent)).data.endElder).toEqual({
      code: 'ELDER_UNKNOWN',
      field: ['elderId'],
    });
    expect((await ask(end, manager, { ...sent, on: '2026-03-11' })).data.endElder).toEqual({
      code: 'DAY_OUT_OF_RANGE',
      field: ['on'],
    });
    expect((await ask(end, manager, sent)).data.endElder).toEqual({
      status: 'MOVED_AWAY',
      endedOn: '2026-03-10',
    });
    expect((await ask(end, manager, sent)).data.endElder).toEqual({
      code: 'ELDER_NOT_ACTIVE',
      field: ['elderId'],
    });
  });
});

describe('elders', () => {
  it('comes in pages with a total', async () => {
    const added = [];
    for (let n = 0; n < 5; n += 1) {
      added.push(await addDiner(town, { name: `页${n}`, balanceFen: 0, homeStationId: town.otherStationId }));
    }
    const query = `query ($after: String) { elders(search: "页", first: 2, after: $after) {
      nodes { id } totalCount pageInfo { hasNextPage endCursor }
    } }`;
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { elders }: Asked = (await ask(query, otherManager, { after })).data;
      expect(elders.totalCount).toBe(5);
      expect(elders.pageInfo.hasNextPage).toBe(page < 2);
      seen.push(...elders.nodes.map(({ id }) => id));
      after = elders.pageInfo.endCursor;
    }
    expect(seen).toEqual(added.map(({ elderId }) => String(elderId)));
    expect((await ask(query, manager)).data.elders).toMatchObject({ nodes: [], totalCount: 0 });
  });

  it('within a facility that the caller’s grants do not cover, or that is unknown, is empty', async () => {
    const within = (id: number | string, token: string) =>
      ask(`{ elders(within: "${id}") { totalCount nodes { id } } }`, token);
    const nobody = { data: { elders: { totalCount: 0, nodes: [] } } };
    expect(await within(town.countyId, otherManager)).toEqual(nobody);
    expect(await within(999_999, admin)).toEqual(nobody);
    expect(await within('no id', admin)).toEqual(nobody);
    expect((await within(town.stationId, manager)).data.elders.totalCount).toBeGreaterThan(0);
  });

  it.each([
    ['first: -1', 'first'],
    ['first: 201', 'first'],
    ['after: "nonsense"', 'after'],
    ['after: ""', 'after'],
    ['search: "\\u0000"', 'search'],
    [`search: "${'王'.repeat(101)}"`, 'search'],
  ])('with %s names the argument', async (argument, field) => {
    const { errors } = await ask(`{ elders(${argument}) { totalCount } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: [field] });
  });

  it('takes as many statements for forty elders as for two', async () => {
    for (let n = 0; n < 40; n += 1) await addDiner(town, { name: '统计', balanceFen: 0 });
    const measure = (first: number) =>
      statementsOf(open.database, () =>
        ask(`{ elders(search: "统计", first: ${first}) {
          nodes { name age card { uid balanceFen elder { name } } categories homeStation { code } }
          totalCount
        } }`),
      );
    const few = await measure(2);
    const many = await measure(40);
    expect(few.result.errors).toBeUndefined();
    expect(few.result.data.elders.nodes).toHaveLength(2);
    expect(many.result.data.elders.nodes).toHaveLength(40);
    expect(many.statements.length).toBe(few.statements.length);
    // Who is calling; the page in two, the total; whether it covers them; stations, cards, their money and
    // elders, categories.
    expect(many.statements.length).toBeLessThanOrEqual(10);
  });
});
