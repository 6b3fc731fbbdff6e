import { createClient } from '@redis/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { announceVisit } from '../../src/visits/visit-news.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { eventually, LiveClient } from '../support/live-client.js';
import { type PrivateRedis, startPrivateRedis } from '../support/private-redis.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addServices, addVisit } from '../support/visits.js';

let redis: PrivateRedis;
let on: TestDatabase;
let town: TwoCounties;
let visit: { visitId: number; stationIds: number[]; elderId: number; caregiverIds: number[] };
let servers: ListeningServer[] = [];
const opened: Database[] = [];

beforeAll(async () => {
  redis = await startPrivateRedis();
  on = await openTestDatabase();
  town = await buildTwoCounties(on.database);
  const { elderId } = await addDiner(town);
  const { serviceId } = await addServices(on.database);
  const stationId = town.otherStationId;
  const visitId = await addVisit(on.database, { elderId, serviceId, stationId, from: noon.toISOString() });
  visit = { visitId, stationIds: [stationId], elderId, caregiverIds: [] };
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const database of opened.splice(0)) await database.close();
  servers = [];
});
afterAll(async () => {
  await on.drop();
  await redis.stop();
});

/** A server of its own on the one database, with connections of its own. */
async function another(settings: { redisUrl: string; redisChannel?: string }): Promise<ListeningServer> {
  const { database, writer } = await openDatabase(on.url, { identityKeys: testKeys });
  const server = await startListeningServer({ at: noon, settings, on: { ...on, database, writer } });
  servers.push(server);
  opened.push(database);
  return server;
}

const change = (server: ListeningServer, version: number) =>
  server.database.write(async (manager) => announceVisit(manager, { ...visit, version }));

/** Nobody waits for Redis, however busy this machine: its own patience is five seconds. */
const quickMs = 3_000;

const listen = 'subscription ($id: ID) { visitChanged(stationId: $id) { kind visitId version } }';

interface Told {
  visitChanged: { kind: string; visitId: string | null; version: number | null };
}

async function listener(server: ListeningServer) {
  const client = await LiveClient.connect(server.origin, {
    token: await server.managerToken(town.otherStationId),
  });
  const id = client.subscribe(listen, { id: town.otherStationId });
  const next = async () => (await client.answer<Told>(id)).data?.visitChanged;
  expect(await next()).toEqual(resync);
  /** The next change, past all that only says to read everything. */
  const nextChange = async () => {
    for (;;) {
      const told = await next();
      if (told?.kind !== 'RESYNC') return told;
    }
  };
  return { client, id, next, nextChange };
}

const resync = { kind: 'RESYNC', visitId: null, version: null };
const changed = (version: number) => ({ kind: 'CHANGED', visitId: String(visit.visitId), version });

const ready = async (server: ListeningServer) => (await server.app.inject({ url: '/health/ready' })).json();
const connected = (server: ListeningServer) =>
  eventually(async () => expect(await ready(server)).toEqual({ status: 'ready', redis: 'connected' }));

async function metric(server: ListeningServer, series: string): Promise<number> {
  const { body } = await server.app.inject({ url: '/metrics' });
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? Number.NaN);
}

const heard = async (server: ListeningServer) =>
  (await metric(server, 'yinling_live_redis_events_total{result="heard"}')) || 0;

/** How much a server has heard, once what was still on its way to it has come. */
async function quiet(server: ListeningServer): Promise<number> {
  for (let before = Number.NaN; ; ) {
    const now = await heard(server);
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Waits until each has heard of the other. What a server says when it connects makes the others tell their listeners
 * to read everything; what it says after that, here of a station where nobody listens, comes after it.
 */
async function acquainted(one: ListeningServer, other: ListeningServer): Promise<void> {
  await connected(one);
  await connected(other);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const before = await heard(to);
    await eventually(async () => {
      const elsewhere = { ...visit, stationIds: [town.stationId], version: 0 };
      await from.database.write(async (manager) => announceVisit(manager, elsewhere));
      expect(await heard(to)).toBeGreaterThan(before);
    });
  }
}

it('what changes on one server reaches who listens on another, and in its order', async () => {
  const [here, there] = [await another({ redisUrl: redis.url }), await another({ redisUrl: redis.url })];
  await acquainted(here, there);
  const near = await listener(here);
  const far = await listener(there);
  const before = await quiet(there);
  for (let version = 1; version <= 5; version += 1) {
    await change(here, version);
    for (const { nextChange } of [near, far]) expect(await nextChange()).toEqual(changed(version));
  }
  expect(await metric(there, 'yinling_live_redis_connected')).toBe(1);
  // Of the station, and of the elder.
  expect((await heard(there)) - before).toBe(10);
  await near.client.close();
  await far.client.close();
});

it('without Redis a server tells its own listeners alone', async () => {
  const [here, there] = [await another({ redisUrl: '' }), await another({ redisUrl: '' })];
  expect(await ready(here)).toEqual({ status: 'ready' });
  const near = await listener(here);
  const far = await listener(there);
  await change(here, 1);
  expect(await near.next()).toEqual(changed(1));
  expect(await far.client.silent(far.id, 300)).toBe(true);
  await near.client.close();
  await far.client.close();
});

it('another channel is another city', async () => {
  const [here, there] = [
    await another({ redisUrl: redis.url, redisChannel: 'city:a' }),
    await another({ redisUrl: redis.url, redisChannel: 'city:b' }),
  ];
  await connected(here);
  await connected(there);
  const far = await listener(there);
  await change(here, 1);
  await far.client.silent(far.id, 300);
  // Its own server's first connection may still have it read everything; of the change it hears nothing.
  await change(there, 2);
  expect(await far.nextChange()).toEqual(changed(2));
  await far.client.close();
});

it('while Redis is away nobody waits, one’s own listeners are told, and all read again when it is back', async () => {
  const [here, there] = [await another({ redisUrl: redis.url }), await another({ redisUrl: redis.url })];
  await acquainted(here, there);
  const near = await listener(here);
  const far = await listener(there);
  await redis.kill();
  await eventually(async () => expect(await ready(here)).toEqual({ status: 'ready', redis: 'away' }));
  expect(await metric(here, 'yinling_live_redis_connected')).toBe(0);
  const before = performance.now();
  await change(here, 1);
  expect(performance.now() - before).toBeLessThan(quickMs);
  expect(await near.nextChange()).toEqual(changed(1));
  const lost = 'yinling_live_redis_events_total{result="lost"}';
  await eventually(async () => expect(await metric(here, lost)).toBeGreaterThan(0));
  await redis.restart();
  expect(await far.next()).toEqual(resync);
  expect(await near.next()).toEqual(resync);
  await acquainted(here, there);
  await change(here, 2);
  // Each of them may be told once more to read everything, by what the other says when it is back.
  expect(await far.nextChange()).toEqual(changed(2));
  await near.client.close();
  await far.client.close();
}, 60_000);

it('a Redis that comes later than the servers is found, and until then they serve', async () => {
  await redis.kill();
  const here = await another({ redisUrl: redis.url });
  expect(await ready(here)).toEqual({ status: 'ready', redis: 'away' });
  const near = await listener(here);
  await change(here, 1);
  expect(await near.next()).toEqual(changed(1));
  await redis.restart();
  await connected(here);
  expect(await near.next()).toEqual(resync);
  await near.client.close();
}, 60_000);

it('a Redis that neither answers nor fails is given up for a new line', async () => {
  const here = await another({ redisUrl: redis.url });
  await connected(here);
  redis.process.kill('SIGSTOP');
  try {
    const before = performance.now();
    await change(here, 1);
    expect(performance.now() - before).toBeLessThan(quickMs);
    await eventually(async () => expect(await ready(here)).toMatchObject({ redis: 'away' }));
  } finally {
    redis.process.kill('SIGCONT');
  }
  await connected(here);
}, 60_000);

it('what anybody else writes into the channel is not believed, and a lost message is noticed', async () => {
  const here = await another({ redisUrl: redis.url });
  await connected(here);
  const near = await listener(here);
  const stranger = await createClient({ url: redis.url }).connect();
  const name = `visits/station/${town.otherStationId}`;
  const head = { from: 'stranger', hello: false, resync: false };
  const event = [name, '1', { visitId: visit.visitId, version: 9 }];
  const bad = [
    'no JSON',
    '[]',
    'null',
    JSON.stringify({ ...head, number: 1, events: 'all' }),
    JSON.stringify({ ...head, number: 1, events: [[name, '1', { name: '王小明' }]] }),
    JSON.stringify({ ...head, number: 1, events: [['visits/station/one', '1', {}]] }),
    JSON.stringify({ ...head, number: 'x', events: [event] }),
  ];
  for (const text of bad) await stranger.publish('yinling:live', text);
  const malformed = 'yinling_live_redis_events_total{result="malformed"}';
  await eventually(async () => expect(await metric(here, malformed)).toBe(bad.length));
  await stranger.publish('yinling:live', JSON.stringify({ ...head, number: 1, events: [event] }));
  expect(await near.nextChange()).toEqual(changed(9));
  await stranger.publish('yinling:live', JSON.stringify({ ...head, number: 3, events: [] }));
  expect(await near.next()).toEqual(resync);
  stranger.destroy();
  await near.client.close();
});
