import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { liveCodes } from '../../src/server/live/live-codes.js';
import { eventually, LiveClient, refusedUpgrade } from '../support/live-client.js';
import { codeOf, day, LiveServers, metric } from '../support/live-servers.js';

const live = new LiveServers();
const { listening, listener, canteen } = live;
beforeAll(() => live.open());
afterEach(() => live.closeServers());
afterAll(() => live.drop());

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
    expect(live.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
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
    for (let times = 0; times < 200; times += 1) talkative.send({ type: 'ping' });
    expect(await codeOf(talkative)).toBe(4451);
    const pinging = await listener(server);
    for (let times = 0; times < 200; times += 1) pinging.socket.ping();
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
    live.forget();
    const closing = server.close();
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await closing;
    // Whoever does not go by itself is not waited for as long as a client that is on its way out: half a minute.
    expect(performance.now() - begunMs).toBeLessThan(20_000);
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
      live.logged
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
    expect(live.logged.join('')).not.toContain(token);
  });
});

it('the page for client authors names every code', () => {
  const page = readFileSync('docs/live-updates.md', 'utf8');
  const codes = [...Object.values(liveCodes).map(([code]) => code), 1009, 4406, 4408, 4409, 4429];
  expect(codes.filter((code) => !page.includes(`| ${code} |`))).toEqual([]);
});
