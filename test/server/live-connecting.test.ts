import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, LiveClient, refusedUpgrade } from '../support/live-client.js';
import { codeOf, day, LiveServers, metric } from '../support/live-servers.js';

const live = new LiveServers();
const { listening, listener, canteen } = live;
beforeAll(() => live.open());
afterEach(() => live.closeServers());
afterAll(() => live.drop());

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
    const { token, accountId } = await server.account('MANAGER', live.town.countyId);
    await server.database.write((manager) =>
      manager.query('UPDATE access_token SET revokedAt = 1 WHERE accountId = ?', [accountId]),
    );
    const client = await LiveClient.open(server.origin);
    client.begin({ token });
    expect(await codeOf(client)).toBe(4403);
  });

  it('is let go of when it says nothing, and when it asks before it said who it is', async () => {
    const server = await listening();
    const silent = await LiveClient.open((await listening({ liveInitSeconds: 1 })).origin);
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
