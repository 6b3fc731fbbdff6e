import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { liveCodes } from '../../src/server/live/live-codes.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { eventually, LiveClient, refusedUpgrade } from '../support/live-client.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import type { TestServerOptions } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let on: TestDatabase;
let town: TwoCounties;
let servers: ListeningServer[] = [];
let logged: string[] = [];

beforeAll(async () => {
  on = await openTestDatabase();
  town = await buildTwoCounties(on.database);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  servers = [];
  logged = [];
});
afterAll(() => on.drop());

async function listening(settings: TestServerOptions['settings'] = {}): Promise<ListeningServer> {
  const logSink = { write: (line: string) => logged.push(line) };
  const server = await startListeningServer({
    at: noon,
    on,
    settings: { logLevel: 'info', ...settings },
    logSink,
  });
  servers.push(server);
  return server;
}

const day = 'subscription Day($id: ID!) { canteenDayChanged(canteenId: $id) { meals } }';
const canteen = () => ({ id: town.canteenIds[0] });

async function listener(server: ListeningServer) {
  const token = await server.adminToken();
  return LiveClient.connect(server.origin, { token });
}

async function metric(server: ListeningServer, series: string): Promise<number> {
  const { body } = await server.app.inject({ url: '/metrics' });
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

const codeOf = async (client: LiveClient) => (await client.closed).code;

describe('who connects', () => {
  it('says so in its first message, or in the headers with which it comes', async () => {
    const server = await listening();
    const token = await server.adminToken();
    const said = await LiveClient.connect(server.origin, { params: { Authorization: `Bearer ${token}` } });
    const id = said.subscribe(day, canteen());
    expect(await said.answer(id)).toEqual({ data: { canteenDayChanged: { meals: 0 } } });
    const headers = { authorization: `Bearer ${token}` };
    const came = await LiveClient.connect(server.origin, { headers, params: {} });
    expect(await came.answer(came.subscribe(day, canteen()))).toHaveProperty('data');
    await said.close();
    await came.close();
  });

  it.each([
    ['nothing at all', {}, 4401],
    ['no word that could be a token', { authorization: 'Basic eDp5' }, 4401],
    ['a token that is no text', { authorization: { toString: 'x' } }, 4401],
    ['a token that nobody was given', { authorization: `Bearer ${'x'.repeat(43)}` }, 4403],
    ['a signed token that is forged', { authorization: 'Bearer a.b.c' }, 4403],
    ['something that is no object', 'Bearer', 4400],
  ])('is turned away with %s', async (_name, params, code) => {
    const server = await listening();
    const client = await LiveClient.open(server.origin);
    client.begin({ params });
    expect(await codeOf(client)).toBe(code);
    expect(client.messages).toEqual([]);
  });

  it('is turned away with a key that was revoked', async () => {
    const server = await listening();
    const { token, accountId } = await server.account('MANAGER', town.countyId);
    await server.database.write((manager) =>
      manager.query('UPDATE access_token SET revokedAt = 1 WHERE accountId = ?', [accountId]),
    );
    const client = await LiveClient.open(server.origin);
    client.begin({ token });
    expect(await codeOf(client)).toBe(4403);
  });

  it('is let go of when it says nothing, and when it asks before it said who it is', async () => {
    const server = await listening({ liveInitSeconds: 1 });
    const silent = await LiveClient.open(server.origin);
    const hasty = await LiveClient.open(server.origin);
    hasty.subscribe(day, canteen());
    expect(await codeOf(hasty)).toBe(4401);
    expect(await codeOf(silent)).toBe(4408);
    const twice = await listener(server);
    twice.begin({ token: 'x' });
    expect(await codeOf(twice)).toBe(4429);
  });

  it('is answered in the language it names', async () => {
    const server = await listening();
    const token = await server.adminToken();
    const authorization = `Bearer ${token}`;
    const english = await LiveClient.connect(server.origin, { token });
    const chinese = await LiveClient.connect(server.origin, { params: { authorization } });
    const german = { authorization, 'accept-language': 'de, en;q=0.5' };
    const other = await LiveClient.connect(server.origin, { params: german });
    for (const [client, text] of [
      [english, 'canteenId: no such canteen'],
      [chinese, 'canteenId: 无此食堂'],
      [other, 'canteenId: no such canteen'],
    ] as const) {
      const [error] = await client.refusal(client.subscribe(day, { id: 999_999 }));
      expect(error?.message).toBe(text);
      await client.close();
    }
  });
});

describe('a request for a connection', () => {
  it('is granted to programs, to pages of this origin and to those that are named, and to no other page', async () => {
    const server = await listening({ corsOrigins: ['https://console.example'] });
    for (const origin of [undefined, server.origin, 'https://console.example']) {
      const client = await LiveClient.open(server.origin, { headers: origin ? { origin } : {} });
      await client.close();
    }
    for (const origin of ['https://evil.example', 'null', 'https://console.example.evil.example', 'x']) {
      const refused = await refusedUpgrade(server.origin, { headers: { origin } });
      expect([origin, refused.status, refused.code]).toEqual([origin, 403, 'FORBIDDEN']);
      expect(refused.headers).toMatchObject({ 'x-content-type-options': 'nosniff', connection: 'close' });
    }
    expect(await metric(server, 'yinling_live_refused_total{reason="origin"}')).toBe(4);
  });

  it('is for /graphql alone, and in the one protocol', async () => {
    const server = await listening();
    expect(await refusedUpgrade(server.origin, { path: '/' })).toMatchObject({ status: 404 });
    expect(await refusedUpgrade(server.origin, { path: '/graphql/x' })).toMatchObject({ status: 404 });
    const query = await LiveClient.open(server.origin, { path: '/graphql?x=1' });
    await query.close();
    const raw = await server.raw(
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\n',
    );
    // The close frame of 4406, which is 0x1136.
    expect(raw).toContain('101 Switching Protocols');
    expect(raw).toContain('Subprotocol not acceptable');
  });

  it('that is broken is refused, and an offer of another protocol is an ordinary request', async () => {
    const server = await listening();
    const head = 'Host: x\r\nConnection: Upgrade\r\n';
    const broken = await server.raw(`GET /graphql HTTP/1.1\r\n${head}Upgrade: websocket\r\n\r\n`);
    expect(broken).toMatch(/^HTTP\/1\.1 400 /);
    const body = JSON.stringify({ query: '{ __typename }' });
    const offer = `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const answered = await server.raw(offer, body.slice(0, 5), { waitMs: 50 }, body.slice(5));
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
    expect(answered).toContain('"__typename":"Query"');
    const page = `GET /health/live HTTP/1.1\r\n${head}Upgrade: h2c\r\n\r\n`;
    const both = await server.raw(
      page,
      { waitMs: 50 },
      'GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(both).toContain('{"status":"live"}');
    expect(both).toContain('{"status":"ready"}');
  });

  it('is refused when there are too many, of one address or of all, and granted when one has gone', async () => {
    const server = await listening({ liveConnectionsPerAddress: 2, trustedProxies: 1 });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const first = await LiveClient.open(server.origin, from('198.51.100.1'));
    const second = await LiveClient.open(server.origin, from('198.51.100.1'));
    const refused = await refusedUpgrade(server.origin, from('198.51.100.1'));
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(refused.headers['retry-after']).toBe('5');
    const elsewhere = await LiveClient.open(server.origin, from('198.51.100.2'));
    await first.close();
    await eventually(async () => (await LiveClient.open(server.origin, from('198.51.100.1'))).close());
    await second.close();
    await elsewhere.close();
    const full = await listening({ liveConnectionsMax: 1 });
    const only = await LiveClient.open(full.origin);
    expect(await refusedUpgrade(full.origin)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(await metric(full, 'yinling_live_sockets')).toBe(1);
    await only.close();
    const none = await listening({ liveConnectionsMax: 0 });
    expect(await refusedUpgrade(none.origin)).toMatchObject({ status: 503 });
  });

  it('may not come again and again', async () => {
    const server = await listening({ addressRatePerSecond: 1 });
    // Ten at once and one a second: on a busy machine some more are granted than that.
    let granted = 0;
    const come = async () => {
      const client = await LiveClient.open(server.origin).catch(() => undefined);
      if (client) granted += 1;
      await client?.close();
      return client !== undefined;
    };
    while (granted < 100 && (await come()));
    expect(granted).toBeGreaterThanOrEqual(10);
    expect(granted).toBeLessThan(100);
    expect(await metric(server, 'yinling_live_refused_total{reason="address"}')).toBe(1);
  });

  it('one account may hold so many, whatever its addresses', async () => {
    const server = await listening({ liveConnectionsPerCaller: 2, trustedProxies: 1 });
    const token = await server.adminToken();
    const open = (last: number) =>
      LiveClient.open(server.origin, { headers: { 'x-forwarded-for': `198.51.100.${last}` } });
    const clients = [await open(1), await open(2), await open(3)];
    for (const client of clients.slice(0, 2)) {
      client.begin({ token });
      await client.take(({ type }) => type === 'connection_ack');
    }
    clients[2]?.begin({ token });
    expect(await codeOf(clients[2] as LiveClient)).toBe(4450);
    await clients[0]?.close();
    const again = await LiveClient.connect(server.origin, { token });
    await again.close();
    await clients[1]?.close();
  });
});

describe('an operation', () => {
  it.each([
    ['a query', '{ viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation', 'mutation { signOut }', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection', '{ __schema { queryType { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what is no operation', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two fields',
      'subscription { a: visitChanged { kind } b: visitChanged { kind } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['only its type', 'subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'one of several, and does not say which',
      'subscription A { visitChanged { kind } } subscription B { visitChanged { kind } }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a variable that is missing', day, 'BAD_USER_INPUT'],
    [
      'far too many words',
      `subscription { visitChanged { ${'kind '.repeat(1000)} } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      'too many aliases',
      `subscription { visitChanged { ${Array.from({ length: 16 }, (_, n) => `a${n}: kind`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many nodes',
      'subscription { visitChanged(elderId: 1) { visit { elder { visits(first: 200) { nodes { elder { visits(first: 200) { nodes { id } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('that is %s is refused by itself, and the connection goes on', async (_name, query, code) => {
    const server = await listening();
    const client = await listener(server);
    const errors = await client.refusal(client.subscribe(query));
    expect(errors[0]?.extensions).toMatchObject({
      code,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(errors)).not.toMatch(/node_modules|\.ts:|\.js:|stacktrace/);
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
  });

  it('over HTTP is refused: nothing could be told there', async () => {
    const server = await listening();
    const { status, body } = await server.post(day, canteen(), await server.adminToken());
    expect([status, body.errors?.[0]?.message]).toEqual([
      400,
      'There are no operations of kind subscription here',
    ]);
  });

  it('that is not on the list is refused where there is one, and no name is suggested in production', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yinling-live-'));
    const safelistFile = join(folder, 'operations.json');
    writeFileSync(
      safelistFile,
      JSON.stringify({ day, misspelt: 'subscription { canteenDayChange(canteenId: 1) { meals } }' }),
    );
    const server = await listening({ nodeEnv: 'production', safelistFile });
    const client = await listener(server);
    const unknown = await client.refusal(
      client.subscribe('subscription { visitChanged(stationId: 1) { kind } }'),
    );
    expect(unknown[0]?.extensions.code).toBe('OPERATION_UNKNOWN');
    const [misspelt] = await client.refusal(
      client.subscribe('subscription { canteenDayChange(canteenId: 1) { meals } }'),
    );
    expect(misspelt?.message).toBe('Cannot query field "canteenDayChange" on type "Subscription".');
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
    rmSync(folder, { recursive: true });
  });

  it('that asks for the schema itself is refused in production', async () => {
    const server = await listening({ nodeEnv: 'production' });
    const client = await listener(server);
    const asks = 'subscription { __schema { queryType { name } } }';
    expect((await client.refusal(client.subscribe(asks)))[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    await client.close();
  });

  it('counts against the rate of its account', async () => {
    const server = await listening({ callerRatePerSecond: 1 });
    const client = await listener(server);
    const ids = Array.from({ length: 30 }, () => client.subscribe(day, canteen()));
    const refused: Record<string, unknown>[] = [];
    for (const id of ids) {
      const { type, payload } = await client.take((message) => message.id === id);
      if (type === 'error')
        refused.push(
          ...(payload as { extensions: Record<string, unknown> }[]).map((error) => error.extensions),
        );
    }
    expect(refused.length).toBeGreaterThan(5);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(refused[0]).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refused[0]).not.toHaveProperty('http');
    await client.close();
  });

  it('may be open so many times on a connection, and one that has ended makes room', async () => {
    const server = await listening({ liveSubscriptionsPerConnection: 2 });
    const client = await listener(server);
    const ids = [client.subscribe(day, canteen()), client.subscribe(day, canteen())];
    for (const id of ids) await client.answer(id);
    // A flood in one go: each is counted before any is looked at.
    const more = Array.from({ length: 20 }, () => client.subscribe(day, canteen()));
    for (const id of more) {
      expect((await client.refusal(id))[0]?.extensions.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    }
    expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(2);
    client.unsubscribe(ids[0] as string);
    await eventually(async () =>
      expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(1),
    );
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
    await eventually(() => expect(server.services.live.listeners).toBe(0));
    expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(0);
  });

  it('that is taken back while it begins leaves nothing behind', async () => {
    const server = await listening();
    const client = await listener(server);
    for (let times = 0; times < 20; times += 1) {
      client.unsubscribe(client.subscribe(day, canteen()));
      client.unsubscribe(client.subscribe('subscription { nothing }'));
    }
    expect(await client.answer(client.subscribe(day, canteen(), 'last'))).toHaveProperty('data');
    await eventually(() => expect(server.services.live.listeners).toBe(1));
    await client.close();
    await eventually(() => expect(server.services.live.listeners).toBe(0));
  });

  it('of an id that is in use ends the connection', async () => {
    const server = await listening();
    const client = await listener(server);
    client.subscribe(day, canteen(), 'a');
    client.subscribe(day, canteen(), 'a');
    expect(await codeOf(client)).toBe(4409);
    await eventually(() => expect(server.services.live.listeners).toBe(0));
  });
});

describe('messages', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no message', '{}'],
    ['an unknown kind', '{"type":"start"}'],
    ['an id that is no text', '{"type":"subscribe","id":1,"payload":{"query":"{a}"}}'],
    ['a query that is no text', '{"type":"subscribe","id":"1","payload":{"query":["{a}"]}}'],
    [
      'variables that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":"x"}}',
    ],
    ['a message that is the server’s', '{"type":"next","id":"1","payload":{}}'],
  ])('that are %s end the connection', async (_name, text) => {
    const server = await listening();
    const client = await listener(server);
    client.send(text);
    expect(await codeOf(client)).toBe(4400);
    expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('that are not text, too large or in too many pieces end the connection', async () => {
    const server = await listening({ liveMessageBytesMax: 1024 });
    const binary = await listener(server);
    binary.socket.send(Buffer.from('{"type":"ping"}'));
    expect(await codeOf(binary)).toBe(4400);
    const large = await listener(server);
    large.send({ type: 'ping', payload: { a: 'x'.repeat(2000) } });
    expect(await codeOf(large)).toBe(1009);
    const pieces = await listener(server);
    for (let piece = 0; piece < 200; piece += 1) pieces.socket.send(' ', { fin: false });
    expect([1008, 1009]).toContain(await codeOf(pieces));
  });

  it('that are too many end the connection, pings of either kind too', async () => {
    const server = await listening({ liveMessagesPerSecond: 1 });
    const talkative = await listener(server);
    for (let times = 0; times < 12; times += 1) talkative.send({ type: 'ping' });
    expect(await codeOf(talkative)).toBe(4451);
    const pinging = await listener(server);
    for (let times = 0; times < 12; times += 1) pinging.socket.ping();
    expect(await codeOf(pinging)).toBe(4451);
    expect(await metric(server, 'yinling_live_refused_total{reason="messages"}')).toBe(2);
    const closed = 'yinling_live_closed_total{code="4451"}';
    await eventually(async () => expect(await metric(server, closed)).toBe(2));
  });

  it('such as a ping are answered', async () => {
    const server = await listening();
    const client = await listener(server);
    client.send({ type: 'ping', payload: { at: 1 } });
    expect(await client.take(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { at: 1 } });
    await client.close();
  });
});

describe('a connection', () => {
  it('without a subscription is let go of, one with one is not', async () => {
    const server = await listening({ liveIdleSeconds: 2 });
    const idle = await listener(server);
    const busy = await listener(server);
    const id = busy.subscribe(day, canteen());
    await busy.answer(id);
    expect(await codeOf(idle)).toBe(4452);
    await new Promise((resolve) => setTimeout(resolve, 500));
    busy.unsubscribe(id);
    expect(await codeOf(busy)).toBe(4452);
  });

  it('of a client that answers no more is let go of', async () => {
    const server = await listening({ livePingSeconds: 1 });
    const client = await listener(server);
    const dead = await listener(server);
    dead.socket.pause();
    await eventually(async () => expect(await metric(server, 'yinling_live_sockets')).toBe(1));
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    dead.socket.terminate();
    await client.close();
  });

  it('ends with 1001 when the server leaves, and a new one is not granted', async () => {
    const server = await listening();
    const client = await listener(server);
    await client.answer(client.subscribe(day, canteen()));
    const stubborn = await listener(server);
    stubborn.socket.pause();
    const begunMs = performance.now();
    server.lifecycle.shuttingDown = true;
    expect(await refusedUpgrade(server.origin)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    servers = [];
    const closing = server.close();
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await closing;
    // Whoever does not go by itself is not waited for long.
    expect(performance.now() - begunMs).toBeLessThan(8000);
    stubborn.socket.terminate();
    expect(server.services.live.listeners).toBe(0);
  });

  it('leaves lines in the log, and nobody’s token', async () => {
    const server = await listening();
    const token = await server.adminToken();
    const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'live-1' };
    const client = await LiveClient.connect(server.origin, { token, headers });
    const id = client.subscribe(day, canteen());
    await client.answer(id);
    client.unsubscribe(id);
    await client.close();
    const ofConnection = () =>
      logged
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ connectionId }) => connectionId === 'live-1');
    await eventually(() => expect(ofConnection()).toHaveLength(2));
    const lines = ofConnection();
    expect(lines.filter(({ msg }) => msg === 'subscription')).toMatchObject([
      { connectionId: 'live-1', operation: 'Day', delivered: 1 },
    ]);
    expect(lines.filter(({ msg }) => msg === 'live connection')).toMatchObject([
      { connectionId: 'live-1', code: 1000 },
    ]);
    expect(logged.join('')).not.toContain(token);
  });
});

it('the page for client authors names every code', () => {
  const page = readFileSync('docs/live-updates.md', 'utf8');
  const codes = [...Object.values(liveCodes).map(([code]) => code), 1009, 4406, 4408, 4409, 4429];
  expect(codes.filter((code) => !page.includes(`| ${code} |`))).toEqual([]);
});
