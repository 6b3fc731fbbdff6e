import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { liveCodes } from '../../src/server/live/live-codes.js';
import { unreadBytesMax } from '../../src/server/live/live-connection.js';
import { liveEvent } from '../../src/shared/live/live-event.js';
import { visitsOfStation } from '../../src/visits/visit-news.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { eventually, LiveClient, type LiveMessage } from '../support/live-client.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addServices, addVisit } from '../support/visits.js';

let server: ListeningServer;
let town: TwoCounties;
let token: string;
let visitIds: number[];
const waitingMax = 20;
beforeAll(async () => {
  const limits = { liveWaitingMax: waitingMax, liveConnectionsPerCaller: 1000, addressRatePerSecond: 0 };
  server = await startListeningServer({ at: noon, settings: { ...limits, callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  token = await server.managerToken(town.countyId);
  const { serviceId } = await addServices(server.database);
  const { elderId } = await addDiner(town, { homeStationId: town.stationId });
  visitIds = [];
  for (let hour = 0; hour < 60; hour += 1) {
    const from = new Date(noon.getTime() + hour * 7_200_000).toISOString();
    visitIds.push(await addVisit(server.database, { elderId, serviceId, stationId: town.stationId, from }));
  }
});
afterAll(() => server.close());

const publish = (visitId: number, version: number) =>
  server.services.live.publish([liveEvent(visitsOfStation(town.stationId), { visitId, version })]);

const query = () => `subscription { visitChanged(stationId: ${town.stationId}) { kind visitId version } }`;

interface Told {
  visitChanged: { kind: string; visitId: string; version: number };
}

async function metric(series: string): Promise<number> {
  const { body } = await server.app.inject({ url: '/metrics' });
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** So much may wait on the way out of a client before it sends more. */
const sentBytesMax = 8_000_000;

const { close } = WebSocket.prototype;

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Tells of changes until one arrives: those that come while a resync waits are part of it. */
async function hearsOn(client: LiveClient, id: string, from: number): Promise<void> {
  const isNews = (message: LiveMessage) =>
    message.id === id && (message.payload as { data: Told }).data.visitChanged.version >= from;
  for (let version = from; ; version += 1) {
    publish(visitIds[0] as number, version);
    const heard = await client.take(isNews, 200).catch(() => undefined);
    if (heard) return;
    expect(version).toBeLessThan(from + 200);
  }
}

it('a client that does not read is told no more than the network takes, and then the newest state', async () => {
  const slow = await LiveClient.connect(server.origin, { token });
  const fast = await LiveClient.connect(server.origin, { token });
  // Every answer repeats the id, so a long one fills what lies between the two quickly.
  const slowId = slow.subscribe(query(), {}, 'x'.repeat(60_000));
  const fastId = fast.subscribe(query());
  for (const [client, id] of [
    [slow, slowId],
    [fast, fastId],
  ] as const) {
    expect((await client.answer<Told>(id)).data?.visitChanged.kind).toBe('RESYNC');
  }
  slow.socket.pause();
  const rounds = 20;
  for (let version = 1; version <= rounds; version += 1) {
    for (const visitId of visitIds) {
      publish(visitId, version);
      await tick();
    }
  }
  const published = rounds * visitIds.length;
  await hearsOn(fast, fastId, rounds + 1);
  expect(await metric('yinling_live_dropped_total')).toBeGreaterThan(0);
  // As much as the network takes, a few megabytes, and nothing beyond it.
  const toFast = fast.messages.filter(({ id }) => id === fastId).length;
  const delivered = await metric('yinling_live_delivered_total{field="visitChanged"}');
  const toSlow = delivered - toFast;
  console.log(`${published} changes: ${toFast} answers to the fast client, ${toSlow} to the slow one`);
  expect(toSlow).toBeLessThan(published / 2);
  slow.socket.resume();
  // It reads on until it is told to read everything, and hears of what happens then.
  await slow.take(
    ({ id, payload }) => id === slowId && (payload as { data: Told }).data.visitChanged.kind === 'RESYNC',
  );
  await hearsOn(slow, slowId, rounds + 1000);
  await slow.close();
  await fast.close();
});

it('a client that sends and does not read its answers is let go of', async () => {
  // Nothing else lets go of it in the meantime: neither a ping that it does not answer, nor its idleness.
  const patient = { livePingSeconds: 600, liveIdleSeconds: 600 };
  const settings = { ...patient, liveMessagesPerSecond: 100_000, liveMessageBytesMax: 200_000 };
  const generous = await startListeningServer({ at: noon, settings });
  const greedy = await LiveClient.connect(generous.origin, { token: await generous.adminToken() });
  greedy.socket.pause();
  const unread: number[] = [];
  const closing = vi.spyOn(WebSocket.prototype, 'close').mockImplementation(function (
    this: WebSocket,
    ...said
  ) {
    unread.push(this.bufferedAmount);
    close.apply(this, said);
  });
  const ping = { type: 'ping', payload: { text: 'x'.repeat(150_000) } };
  // What the system holds between the two is filled first, and how much that is differs from machine to machine.
  await eventually(() => {
    for (let times = 0; times < 20 && greedy.socket.bufferedAmount < sentBytesMax; times += 1) {
      greedy.send(ping);
    }
    expect(closing).toHaveBeenCalled();
  });
  expect(closing).toHaveBeenCalledExactlyOnceWith(...liveCodes.tooSlow);
  // A message more than may lie unread brought it about, and no more than that lay there.
  expect(unread[0]).toBeGreaterThan(unreadBytesMax);
  expect(unread[0]).toBeLessThan(unreadBytesMax + 2 * settings.liveMessageBytesMax);
  await eventually(async () => {
    const { body } = await generous.app.inject({ url: '/metrics' });
    expect(body).toMatch(/^yinling_live_sockets 0$/m);
  });
  greedy.socket.terminate();
  await generous.close();
});

it('many clients are told together, each what its own token opens', async () => {
  const many = 100;
  const clients = await Promise.all(
    Array.from({ length: many }, () => LiveClient.connect(server.origin, { token })),
  );
  const ids = clients.map((client) => client.subscribe(query()));
  await Promise.all(clients.map((client, index) => client.answer(ids[index] as string)));
  const begunMs = performance.now();
  publish(visitIds[0] as number, 100);
  const answers = await Promise.all(
    clients.map((client, index) => client.answer<Told>(ids[index] as string)),
  );
  const ms = performance.now() - begunMs;
  console.log(`${many} subscribers told of one change in ${ms.toFixed(0)} ms`);
  expect(answers.every(({ data }) => data?.visitChanged.version === 100)).toBe(true);
  await Promise.all(clients.map((client) => client.close()));
  await eventually(() => expect(server.services.live.listeners).toBe(0));
  expect(await metric('yinling_live_sockets')).toBe(0);
});

it('a rain of connections, subscriptions and broken ends leaves nothing behind', async () => {
  const rounds = 100;
  await Promise.all(
    Array.from({ length: rounds }, async (_, index) => {
      const client = await LiveClient.open(server.origin);
      if (index % 4 === 1) client.begin({ token: randomUUID() });
      if (index % 4 > 1) client.begin({ token });
      if (index % 4 > 1) client.subscribe(query());
      if (index % 4 === 3) client.unsubscribe('s1');
      if (index % 2 === 0) client.socket.terminate();
      else client.socket.close();
      await client.closed;
    }),
  );
  await eventually(() => expect(server.services.live.listeners).toBe(0));
  await eventually(async () => expect(await metric('yinling_live_sockets')).toBe(0));
  expect(await metric('yinling_live_subscriptions{field="visitChanged"}')).toBe(0);
});
