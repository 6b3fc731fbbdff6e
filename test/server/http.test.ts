import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { migrate } from '../../src/shared/migrate.js';
import { emptyDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer, type TestServer } from '../support/test-server.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ settings: { bodyLimitBytes: 200_000 } });
  token = await server.adminToken();
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json', 'accept-language': 'en' };
const setClock = 'mutation { setClock(at: "2020-01-01T00:00:00Z", rate: 0) }';

/** What a raw request is answered, in the shape of a GraphQL error. */
async function refusalOf(payload: string | object, headers: Record<string, string> = json) {
  const response = await server.app.inject({ method: 'POST', url: '/graphql', headers, payload });
  const { errors } = response.json();
  return { status: response.statusCode, code: errors[0].extensions.code, message: errors[0].message };
}

describe('/graphql refuses', () => {
  it('a body over the limit, and says what the limit is', async () => {
    const query = `{ viewer { id } } # ${'x'.repeat(200_000)}`;
    expect(await refusalOf({ query })).toEqual({
      status: 413,
      code: 'BODY_TOO_LARGE',
      message: 'The body is larger than 200000 bytes',
    });
  });

  it('a body that is not JSON, without repeating it', async () => {
    expect(await refusalOf('{"query": 11010519491231002X}')).toEqual({
      status: 400,
      code: 'BAD_REQUEST',
      message: 'The body is not valid JSON',
    });
  });

  it('an empty body', async () => {
    expect(await refusalOf('')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('a body without a query', async () => {
    expect(await refusalOf({ variables: {} })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'what a form of another site could send: %s',
    async (type) => {
      const answer = await refusalOf('{"query":"{viewer{id}}"}', { ...json, 'content-type': type });
      expect(answer).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  it('several operations in one body', async () => {
    const operation = { query: '{ viewer { id } }' };
    expect(await refusalOf([operation, operation])).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('a query with a mistake in it', async () => {
    expect(await refusalOf({ query: '{ viewer' })).toMatchObject({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
    });
    const unknown = await refusalOf({ query: '{ viewers { id } }' });
    expect(unknown).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('GET, mutations above all', async () => {
    const before = server.clock.now().getTime();
    for (const query of ['{viewer{id}}', setClock]) {
      const response = await server.app.inject({
        method: 'GET',
        url: '/graphql',
        query: { query },
        headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'yes' },
      });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe('POST');
    }
    expect(server.clock.now().getTime()).toBeGreaterThanOrEqual(before);
  });
});

it('what is nowhere is answered 404, in both languages', async () => {
  const ask = (language: string) =>
    server.app.inject({ url: '/admin', headers: { 'accept-language': language } });
  const [zh, en] = [await ask('zh'), await ask('en')];
  expect([zh.statusCode, zh.json().errors[0].message]).toEqual([404, '没有此地址']);
  expect([en.statusCode, en.json().errors[0].message]).toEqual([404, 'There is nothing at this address']);
});

it('an address that cannot be read is answered like any other refusal', async () => {
  const headers = { 'x-request-id': 'mine', 'accept-language': 'en' };
  const response = await server.app.inject({ url: '/%zz', headers });
  expect(response.statusCode).toBe(400);
  expect(response.headers['x-request-id']).toBe('mine');
  expect(response.json()).toEqual({
    errors: [
      { message: 'The address cannot be read', extensions: { code: 'BAD_REQUEST', requestId: 'mine' } },
    ],
  });
});

it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const)('%s is nowhere', async (method) => {
  const response = await server.app.inject({ method, url: '/graphql' });
  expect([method, response.statusCode]).toEqual([method, method === 'HEAD' ? 405 : 404]);
});

it('an answer in a format that is none of ours is refused', async () => {
  const answer = await refusalOf({ query: '{ viewer { id } }' }, { ...json, accept: 'text/html' });
  expect(answer).toMatchObject({ status: 406, code: 'BAD_REQUEST' });
});

describe('the request id', () => {
  const idOf = async (given?: string) => {
    const headers: Record<string, string> = given === undefined ? {} : { 'x-request-id': given };
    return (await server.app.inject({ url: '/health/live', headers })).headers['x-request-id'];
  };

  it('is the one that came with the request, when it is fit for a log', async () => {
    expect(await idOf('reader-7.2026_11')).toBe('reader-7.2026_11');
    expect(await idOf('x'.repeat(64))).toBe('x'.repeat(64));
  });

  it.each([undefined, '', 'x'.repeat(65), 'a b', 'a"b', '编号'])(
    'is a new one instead of %s',
    async (given) => {
      expect(await idOf(given)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('comes with answers of GraphQL and with refusals too', async () => {
    const headers = { 'x-request-id': 'mine' };
    expect((await server.post('{ viewer { id } }', {}, token, headers)).headers['x-request-id']).toBe('mine');
    const refused = await server.app.inject({ url: '/nowhere', headers });
    expect(refused.headers['x-request-id']).toBe('mine');
    expect(refused.json().errors[0].extensions.requestId).toBe('mine');
  });
});

describe('health', () => {
  const ready = async (from = server) => {
    const response = await from.app.inject({ url: '/health/ready' });
    return [response.statusCode, response.json()];
  };

  it('live and ready', async () => {
    const live = await server.app.inject({ url: '/health/live' });
    expect([live.statusCode, live.json()]).toEqual([200, { status: 'live' }]);
    expect(await ready()).toEqual([200, { status: 'ready' }]);
  });

  it('not ready while it is leaving', async () => {
    server.lifecycle.shuttingDown = true;
    expect(await ready()).toEqual([503, { status: 'unavailable', reason: 'shutting down' }]);
    server.lifecycle.shuttingDown = false;
  });

  it('not ready without its database, and live all the same', async () => {
    const { url, drop } = await emptyDatabase();
    const { database, writer } = await openDatabase(url, { identityKeys: testKeys });
    await migrate(writer);
    const other = await startTestServer({ on: { url, database, writer, drop } });
    expect((await ready(other))[0]).toBe(200);
    await database.close();
    expect(await ready(other)).toEqual([
      503,
      { status: 'unavailable', reason: 'the database does not answer' },
    ]);
    expect((await other.app.inject({ url: '/health/live' })).statusCode).toBe(200);
    await other.close();
    await drop();
  });

  it('not ready when the database takes more than two seconds', async () => {
    const read = vi.spyOn(server.database, 'read').mockReturnValueOnce(new Promise(() => undefined));
    const began = Date.now();
    expect((await ready())[0]).toBe(503);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1900);
    expect(Date.now() - began).toBeLessThan(5000);
    read.mockRestore();
  });
});
