import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, type Diner, noon, type Town } from '../support/town.js';

const idNumber = '11010519491231002X';
const elderName = '欧阳锦绣';
const logged: string[] = [];

let server: TestServer;
let town: Town;
let diner: Diner;
beforeAll(async () => {
  server = await startTestServer({
    at: noon,
    settings: { logLevel: 'trace' },
    logSink: { write: (line) => logged.push(line) },
  });
  town = await buildTown(server.database);
  diner = await addDiner(town, { name: elderName });
});
afterAll(() => server.close());

function lines(): Record<string, unknown>[] {
  return logged.map((line) => JSON.parse(line));
}

it('a request is one line, with what an operator needs', async () => {
  logged.length = 0;
  const token = await server.adminToken();
  await server.post('query WhoAmI { viewer { id } }', {}, token, { 'x-request-id': 'lunch-1' });
  expect(lines()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      hostname: expect.any(String),
      requestId: 'lunch-1',
      method: 'POST',
      url: '/graphql',
      status: 200,
      ms: expect.any(Number),
      operation: 'WhoAmI',
      msg: 'request',
    },
  ]);
});

it('an operation without a name goes by its first field; probes are logged at level debug', async () => {
  logged.length = 0;
  await server.post('{ viewer { id } }');
  await server.app.inject({ url: '/health/ready' });
  await server.app.inject({ url: '/metrics' });
  expect(lines().map(({ level, url, operation }) => [level, url, operation])).toEqual([
    ['info', '/graphql', 'viewer'],
    ['debug', '/health/ready', undefined],
    ['debug', '/metrics', undefined],
  ]);
});

it('no token, ID number, card, name or variable is ever logged', async () => {
  logged.length = 0;
  const admin = await server.adminToken();
  const reader = await server.readerToken(town.canteenIds[0]);
  const input = {
    swipeId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
    sequence: 1,
    cardUid: diner.uid,
    swipedAt: noon.toISOString(),
    grossFen: 1234,
  };
  const record = 'mutation Record($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
  const accepted = await server.post(record, { input }, reader);
  expect(accepted.body).toEqual({ data: { recordSwipe: { outcome: 'ACCEPTED' } } });
  await server.post(record, { input: { ...input, swipedAt: diner.uid } }, reader);
  await server.post(`{ elders(search: "${idNumber}") { totalCount } }`, {}, admin);
  await server.post(`{ viewer { id_${idNumber} } }`, {}, admin);
  await server.app.inject({ url: `/elders/${idNumber}?token=${admin}` });
  await server.app.inject({ url: `/graphql?query={viewer{id}}&token=${admin}` });
  await server.post(`query A${idNumber} { viewer { id } }`, {}, admin);
  await server.post(`query ${diner.uid} { viewer { id } }`, {}, admin);
  const headers = { 'content-type': 'application/json', 'x-request-id': `${elderName} ${idNumber}` };
  const payload = `{"card": "${diner.uid}", "id": ${idNumber}}`;
  await server.app.inject({ method: 'POST', url: '/graphql', headers, payload });
  await failInTheDatabase(admin);

  const everything = logged.join('');
  expect(lines().filter(({ msg }) => msg === 'request')).toHaveLength(10);
  expect(lines().filter(({ msg }) => msg === 'unexpected error')).toHaveLength(1);
  for (const secret of [admin, reader, idNumber, diner.uid, elderName, input.swipeId, '1234']) {
    expect(everything).not.toContain(secret);
  }
});

/** The database refuses a row and quotes it: what it says then is logged without what it quotes. */
async function failInTheDatabase(token: string): Promise<void> {
  const { database } = server;
  const insertTwice = () =>
    database.write(async (manager) => {
      const insert = 'INSERT INTO facility (code, name, kind, divisionCode, openedOn) VALUES (?, ?, ?, ?, ?)';
      const row = [idNumber, elderName, 'ELDER_CANTEEN', '411302001001', '2020-01-01'];
      await manager.query(insert, row);
      await manager.query(insert, row);
    });
  const read = vi.spyOn(database, 'read').mockImplementationOnce(insertTwice as never);
  const { status } = await server.post('{ viewer { id } }', {}, token);
  expect(status).toBe(500);
  read.mockRestore();
  const failure = lines().find(({ msg }) => msg === 'unexpected error');
  expect(failure?.err).toMatchObject({
    type: 'QueryFailedError',
    query: 'INSERT INTO facility (code, name, kind, divisionCode, openedOn) VALUES (?, ?, ?, ?, ?)',
  });
}
