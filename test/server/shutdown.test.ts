import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { shutDown } from '../../src/server/shutdown.js';
import { migrate } from '../../src/shared/migrate.js';
import { addElder, addHomeServices, addWorker, placeStation } from '../support/bookings.js';
import { emptyDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon } from '../support/town.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A server with a real port, on a database that it may close itself. */
async function listening() {
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  const { database, writer } = await openDatabase(url, { identityKeys: testKeys });
  await migrate(writer);
  const server = await startTestServer({ at: noon, on: { url, database, writer, drop } });
  const { port } = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
  return { server, url, port: Number(port) };
}

/** Holds every look at the tokens until it is opened. */
function gateBefore(database: Awaited<ReturnType<typeof listening>>['server']['database']) {
  const read = database.read.bind(database);
  const gate = new EventEmitter();
  const opened = once(gate, 'open');
  const held = vi.spyOn(database, 'read').mockImplementation(async (work) => {
    await opened;
    return read(work);
  });
  return { open: () => gate.emit('open'), arrived: () => vi.waitFor(() => expect(held).toHaveBeenCalled()) };
}

async function post(port: number, token: string, body: object) {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const sent = request({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers, agent });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { response, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
}

it('takes no new request, answers the one under way, writes what is gathered, closes the database', async () => {
  const { server, url, port } = await listening();
  const town = await buildTown(server.database);
  const { uid } = await addDiner(town);
  const token = await server.readerToken(town.canteenIds[0]);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const gate = gateBefore(server.database);
  const input = {
    swipeId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
    sequence: 1,
    cardUid: uid,
    swipedAt: noon.toISOString(),
    grossFen: 1200,
  };
  const query = 'mutation ($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
  const underWay = post(port, token, { query, variables: { input } });
  await gate.arrived();

  const { app, services, lifecycle } = server;
  const left = shutDown({ app, services, lifecycle, seconds: 10 });
  await vi.waitFor(() => expect(app.server.listening).toBe(false));
  await expect(post(port, token, { query: '{ viewer { id } }' })).rejects.toThrow('ECONNREFUSED');
  gate.open();

  const { response, body } = await underWay;
  expect(body).toEqual({ data: { recordSwipe: { outcome: 'ACCEPTED' } } });
  expect(response.headers.connection).toBe('close');
  const answeredAt = Date.now();
  await once(idle, 'close');
  expect(await left).toBe(0);
  expect(Date.now() - answeredAt).toBeLessThan(2000);

  await expect(server.database.read((manager) => manager.query('SELECT 1'))).rejects.toThrow();
  const after = await openDatabase(url, { identityKeys: testKeys });
  cleanUps.push(() => after.database.close());
  expect(await countRows({ database: after.database }, 'swipe')).toBe(1);
  expect(await countRows({ database: after.database }, 'reader_sighting')).toBe(1);
});

it('answers the bookings that are gathered before it closes the database', async () => {
  const { server, url, port } = await listening();
  const town = await buildTown(server.database);
  await addHomeServices(server);
  await placeStation(town);
  await addWorker(town);
  await addWorker(town);
  const elderIds = [await addElder(town), await addElder(town), await addElder(town)];
  const token = await server.managerToken(town.stationId);
  const { services, app, lifecycle } = server;
  // The first transaction is held, so that the other bookings are gathered when the signal comes.
  const write = server.database.write.bind(server.database);
  const gate = new EventEmitter();
  const opened = once(gate, 'open');
  // Ids are taken before, in a transaction of their own.
  await services.ids.take(1);
  const book = vi.spyOn(services.bookings, 'book');
  vi.spyOn(server.database, 'write').mockImplementation(async (work) => {
    await opened;
    return write(work);
  });
  const query = 'mutation ($input: BookVisitInput!) { bookVisit(input: $input) { __typename } }';
  const underWay = elderIds.map((elderId) => {
    const input = { requestId: randomUUID(), elderId: String(elderId), serviceCode: 'CLEANING' };
    return post(port, token, {
      query,
      variables: { input: { ...input, startsAt: '2026-03-20T10:00:00+08:00' } },
    });
  });
  await vi.waitFor(() => expect(book).toHaveBeenCalledTimes(3));
  const left = shutDown({ app, services, lifecycle, seconds: 20 });
  await vi.waitFor(() => expect(app.server.listening).toBe(false));
  gate.emit('open');
  const answers = (await Promise.all(underWay)).map(({ body }) => body.data.bookVisit.__typename);
  expect(answers.sort()).toEqual(['Visit', 'Visit', 'VisitRefusal']);
  expect(await left).toBe(0);
  const after = await openDatabase(url, { identityKeys: testKeys });
  cleanUps.push(() => after.database.close());
  expect(await countRows({ database: after.database }, 'visit')).toBe(2);
});

it('leaves in order when what was seen of readers cannot be written', async () => {
  const { server } = await listening();
  const { app, services, lifecycle, database } = server;
  vi.spyOn(services.sightings, 'flush').mockRejectedValueOnce(new Error('the disk is full'));
  expect(await shutDown({ app, services, lifecycle, seconds: 10 })).toBe(0);
  await expect(database.read((manager) => manager.query('SELECT 1'))).rejects.toThrow();
});

it('leaves with 1 when a request takes longer than the process may', async () => {
  const { server, port } = await listening();
  const gate = gateBefore(server.database);
  const underWay = post(port, 'some-token', { query: '{ viewer { id } }' });
  await gate.arrived();
  const { app, services, lifecycle } = server;
  const began = Date.now();
  expect(await shutDown({ app, services, lifecycle, seconds: 1 })).toBe(1);
  expect(Date.now() - began).toBeGreaterThanOrEqual(990);
  gate.open();
  expect((await underWay).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  await vi.waitFor(() => expect(server.app.server.listening).toBe(false));
});
