import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let production: TestServer;
let town: Town;
let token: string;
const logged: string[] = [];
beforeAll(async () => {
  const logSink = { write: (line: string) => logged.push(line) };
  server = await startTestServer({ settings: { logLevel: 'info' }, logSink });
  production = await startTestServer({ settings: { nodeEnv: 'production' } });
  town = await buildTown(server.database);
  token = await server.managerToken(town.streetId);
});
afterAll(async () => {
  await server.close();
  await production.close();
});

/** The refusal of an operation, how long it took in milliseconds, and how many statements it cost. */
async function refusal(query: string, variables: Record<string, unknown> = {}) {
  const started = performance.now();
  const sent = () => server.post(query, variables, token);
  const { result, statements } = await statementsOf(server.database, sent);
  const { status, body } = result;
  const { message = '', extensions } = body.errors?.[0] ?? {};
  const ms = performance.now() - started;
  return { status, code: extensions?.code, message, ms, statements: statements.length };
}

/** Refused as a mistake, quickly, when nothing but the caller's key had been looked up. */
async function expectRefused(query: string, message: string | RegExp, variables = {}) {
  const refused = await refusal(query, variables);
  expect(refused.message).toMatch(message);
  expect(refused).toMatchObject({ status: 400, statements: 1 });
  expect(refused.ms).toBeLessThan(2_000);
}

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('batching', () => {
  it('an array of operations is refused whole, in both languages', async () => {
    const operation = { query: '{ viewer { id } }' };
    for (const [language, message] of [
      ['en', 'A request holds one operation, not a list of them'],
      ['zh', '一次请求只能有一个操作'],
    ] as const) {
      for (const payload of [[operation], [operation, operation], []]) {
        const headers = { authorization: `Bearer ${token}`, 'accept-language': language };
        const answer = await server.app.inject({ method: 'POST', url: '/graphql', headers, payload });
        expect([answer.statusCode, answer.json().errors[0].message]).toEqual([400, message]);
      }
    }
  });

  it('aliases that try out cards one by one are few in a request, and each counts', async () => {
    const tries = (count: number) =>
      `mutation { ${times(count, (n) => `a${n}: reportCardLost(cardUid: "A000000${n}") { __typename }`)} }`;
    await expectRefused(tries(16), 'There are 16 aliases, more than the limit of 15');
    const limited = await startTestServer({ settings: { callerRatePerSecond: 3 } });
    const admin = await limited.adminToken();
    const codes: unknown[] = [];
    for (let sent = 0; sent < 4; sent++) {
      codes.push((await limited.post(tries(10), {}, admin)).status);
    }
    expect(codes).toEqual([200, 200, 200, 429]);
    await limited.close();
  });
});

describe('depth', () => {
  it('a query that goes deep', async () => {
    await expectRefused(
      `{ facility(id: "1") { ${'parent { '.repeat(60)} id ${'}'.repeat(60)} } }`,
      '62 fields deep, more than the limit of 12',
    );
  });

  it('a query that goes round in circles', async () => {
    const round = 'elder { card { '.repeat(6);
    await expectRefused(
      `{ elder(id: "1") { card { ${round} uid ${'}'.repeat(12)} } } }`,
      '15 fields deep, more than the limit of 12',
    );
  });

  it('a list within a list of a variable that no input has', async () => {
    const list = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`);
    const assigning =
      'mutation ($ids: [ID!]!) { assignDeliveries(deliveryIds: $ids, courierId: "1") { __typename } }';
    expect(await refusal(assigning, { ids: list })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    // Among taps it is one that cannot be read, which is told to readers alone, and is not walked through.
    const uploading = 'mutation ($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { outcome } }';
    const refused = await refusal(uploading, { inputs: list });
    expect(refused).toMatchObject({ status: 200, code: 'FORBIDDEN' });
    expect(refused.ms).toBeLessThan(2_000);
  });
});

describe('fragments', () => {
  it('that hold each other', async () => {
    await expectRefused(
      `{ facility(id: "1") { ...A } } fragment A on Facility { parent { ...B } }
       fragment B on Facility { parent { ...A } }`,
      'Cannot spread fragment "A" within itself via "B"',
    );
  });

  it('that fan out, each into ten of the next', async () => {
    const level = (n: number) => `fragment F${n} on Facility { ${`...F${n + 1} `.repeat(10)} }`;
    const query = `{ facility(id: "1") { ...F0 } } ${times(20, level)} fragment F20 on Facility { id }`;
    const answer = await refusal(query);
    expect(answer.ms).toBeLessThan(2_000);
    expect(answer.status).toBe(200);
  });

  it('that multiply pages', async () => {
    const page = (n: number) =>
      `fragment P${n} on Facility { children(first: 200) { nodes { ...P${n + 1} } } }`;
    await expectRefused(
      `{ facility(id: "1") { ...P0 } } ${times(4, page)} fragment P4 on Facility { id }`,
      /more than the limit of 20000/,
    );
  });
});

describe('floods', () => {
  it('of directives', async () => {
    await expectRefused(`{ viewer { ${'id @skip(if: false) '.repeat(100)} } }`, /100 directives/);
    await expectRefused(`{ viewer { id ${'@nothing '.repeat(200)} } }`, /directive/);
  });

  it('of one field', async () => {
    await expectRefused(`{ viewer { ${'id '.repeat(2_000)} } }`, 'more that 1000 tokens');
    await expectRefused(
      times(500, () => '{ viewer { id } }'),
      'more that 1000 tokens',
    );
  });

  it('of fields that do not exist, whose errors would fill an answer', async () => {
    const { body } = await server.post(`{ ${times(900, (n) => `x${n}`)} }`, {}, token);
    expect(body.errors?.length).toBeLessThanOrEqual(101);
  });

  it('of variables', async () => {
    const variables = times(400, (n) => `$v${n}: Int`);
    await expectRefused(`query (${variables}) { viewer { id } }`, 'more that 1000 tokens');
  });

  it.each(['99999999', '2147483648', '-1'])('a page of %s', async (first) => {
    for (const query of [
      `{ facilities(first: ${first}) { totalCount } }`,
      `{ elders(first: ${first}) { totalCount } }`,
    ]) {
      const { code, statements } = await refusal(query);
      expect(code).toBe('BAD_USER_INPUT');
      expect(statements).toBe(1);
    }
  });

  it('a page of 99999999 in an edge and in a variable', async () => {
    const edge = await refusal('{ facility(id: "1") { children(first: 99999999) { totalCount } } }');
    expect(edge.code).toBe('BAD_USER_INPUT');
    const variable = await refusal('query ($n: Int) { elders(first: $n) { totalCount } }', { n: 99_999_999 });
    expect(variable.code).toBe('BAD_USER_INPUT');
  });
});

describe('what answers give away', () => {
  it('no suggestions in production, of fields, types, arguments, enum values or variables', async () => {
    const admin = await production.adminToken();
    const misspelt: [string, Record<string, unknown>][] = [
      ['{ viewr { id } }', {}],
      ['{ viewer { nam } }', {}],
      ['{ facilities(kid: ELDER_CANTEEN) { totalCount } }', {}],
      ['{ facilities(kind: ELDER_CANTIN) { totalCount } }', {}],
      ['query ($k: FacilityKin) { facilities(kind: $k) { totalCount } }', {}],
      ['query ($k: FacilityKind) { facilities(kind: $k) { totalCount } }', { k: 'ELDER_CANTIN' }],
      ['mutation ($i: AddFacilityInput!) { addFacility(input: $i) { __typename } }', { i: { nam: 'x' } }],
      ['{ viewer { ...F } } fragment F on Viewr { id }', {}],
    ];
    for (const [query, variables] of misspelt) {
      const { body } = await production.post(query, variables, admin);
      expect(body.errors?.length).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toMatch(/did you mean|viewer"|ELDER_CANTEEN/i);
    }
  });

  it('no stack, no SQL and no path, but the id under which the log has them', async () => {
    const failure = new Error(
      "SQLITE_ERROR: near SELECT secret FROM elder at /work/src/x.ts:1 '/etc/passwd'",
    );
    for (const failing of ['caller', 'resolver'] as const) {
      logged.length = 0;
      const read = server.database.read.bind(server.database);
      const spy = vi.spyOn(server.database, 'read');
      if (failing === 'resolver') spy.mockImplementationOnce((work) => read(work));
      spy.mockRejectedValueOnce(failure);
      const { body } = await server.post('{ elders { totalCount } }', {}, token, {
        'x-request-id': 'find-me',
      });
      spy.mockRestore();
      expect(JSON.stringify(body)).not.toMatch(/SQLITE|SELECT|secret|\/work|passwd|stack|\.ts/);
      expect(body.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'find-me' });
      const line = logged.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'unexpected error');
      expect(line).toMatchObject({ requestId: 'find-me', err: { type: 'Error' } });
    }
  });

  it.each([
    ['a mistake', '{', 400],
    ['an unknown field', '{ nothing }', 400],
    ['a value that cannot be read', '{ elders(first: "x") { totalCount } }', 400],
    ['a missing permission', 'mutation { setClock }', 200],
    ['an argument out of range', '{ elders(first: -1) { totalCount } }', 200],
  ])('every error has an id: %s', async (_what, query, status) => {
    const answer = await server.post(query, {}, token, { 'x-request-id': 'find-me' });
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.map(({ extensions }) => extensions.requestId)).toEqual(['find-me']);
  });

  it.each([
    ['no query', '{"variables":{}}'],
    ['a query that is a number', '{"query":1}'],
    ['variables that are a text', '{"query":"{ viewer { id } }","variables":"x"}'],
    ['null', 'null'],
    ['no JSON', '{'],
    ['a list', '[]'],
  ])('every refusal has an id: %s', async (_what, payload) => {
    const headers = { 'content-type': 'application/json', 'x-request-id': 'find-me' };
    const answer = await server.app.inject({ method: 'POST', url: '/graphql', headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].extensions.requestId).toBe('find-me');
  });
});

describe('tricks with operation names', () => {
  const two = 'query Viewer { viewer { id } } mutation Clock { setClock(at: "2020-01-01T00:00:00Z") }';
  const send = async (body: Record<string, unknown>) => {
    const headers = { authorization: `Bearer ${token}`, 'accept-language': 'en' };
    const answer = await server.app.inject({ method: 'POST', url: '/graphql', headers, payload: body });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('the operation that runs is the one that is named, and its own permission counts', async () => {
    expect((await send({ query: two, operationName: 'Viewer' })).body).toMatchObject({
      data: { viewer: {} },
    });
    const { body } = await send({ query: two, operationName: 'Clock' });
    expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
  });

  it('none named of two, one that is not there, and one that is no text run nothing', async () => {
    for (const operationName of [undefined, 'Other', '__proto__', 'constructor', 7, ['Clock'], {}]) {
      const { status, body } = await send({ query: two, operationName });
      expect([status, body.data]).toEqual([400, undefined]);
    }
  });

  it('a name that is another operation buys nothing', async () => {
    const { body } = await send({ query: 'mutation recordSwipe { setClock(at: "2020-01-01T00:00:00Z") }' });
    expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
    const aliased = await send({ query: 'mutation { viewer: setClock(at: "2020-01-01T00:00:00Z") }' });
    expect(aliased.body.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});
