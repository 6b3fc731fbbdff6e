import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
const logged: string[] = [];
beforeAll(async () => {
  server = await startTestServer({
    settings: { logLevel: 'info' },
    logSink: { write: (line) => logged.push(line) },
  });
  town = await buildTown(server.database);
});
afterAll(() => server.close());
afterEach(() => {
  vi.restoreAllMocks();
  logged.length = 0;
});

/** Every error names its request. */
const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);

const recordSwipe = 'mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
const recordSwipes = 'mutation Swipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { outcome } }';
const swipe = {
  swipeId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
  sequence: 1,
  cardUid: 'A0000001',
  swipedAt: '2026-03-10T12:00:00+08:00',
  grossFen: 1200,
};

describe('input that cannot be read is refused by name', () => {
  it.each([
    ['a time that is none', { swipedAt: 'noon' }, ['input', 'swipedAt']],
    ['a time without an offset', { swipedAt: '2026-03-10T12:00:00' }, ['input', 'swipedAt']],
    ['an amount with cents', { grossFen: 12.5 }, ['input', 'grossFen']],
    ['an amount in letters', { grossFen: '1200' }, ['input', 'grossFen']],
    ['a mode that nobody knows', { mode: 'FASTING' }, ['input', 'mode']],
    ['a field that is missing', { sequence: undefined }, ['input', 'sequence']],
    ['a field that nobody knows', { tip: 1 }, ['input', 'tip']],
    ['a card that misleads', { cardUid: 7, swipedAt: '" at "input.mode"; ' }, ['input', 'cardUid']],
  ])('%s', async (_what, bad, field) => {
    const token = await server.readerToken(town.canteenIds[0]);
    const { status, body } = await server.post(recordSwipe, { input: { ...swipe, ...bad } }, token);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field, requestId });
  });

  it('a value within a list is named by its place', async () => {
    const order = 'mutation ($input: OrderDeliveryInput!) { orderDelivery(input: $input) { __typename } }';
    const days = ['2026-03-10', '2026-02-30'];
    const input = { requestId: swipe.swipeId, elderId: '1', canteenId: '1', meal: 'LUNCH', days };
    const { status, body } = await server.post(order, { input }, await server.adminToken());
    expect(status).toBe(400);
    const field = ['input', 'days', '1'];
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field, requestId });
  });

  it.each([
    ['topUpCard(requestId: "r", cardUid: "A", fen: 1.5) { __typename }', ['fen']],
    ['topUpCard(fen: "15", cardUid: "A", requestId: "r") { __typename }', ['fen']],
    ['endElder(elderId: "1", status: DECEASED, on: "2026-02-30") { __typename }', ['on']],
    ['endElder(elderId: "1", status: ASLEEP, on: "2026-02-28") { __typename }', ['status']],
    ['setClock(at: "noon")', ['at']],
    [
      `recordSwipes(inputs: [{ sequence: 1, swipeId: "1", cardUid: "A", swipedAt: "2026-03-10T12:00:00Z",
        grossFen: 1 }, { sequence: 2, swipeId: "2", swipedAt: "now", cardUid: "A", grossFen: 1 }]) { outcome }`,
      ['inputs', 'swipedAt'],
    ],
  ])('a value within the query: %s', async (operation, field) => {
    const { status, body } = await server.post(`mutation { ${operation} }`);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field, requestId });
    expect(body.errors?.[0]).toHaveProperty('locations');
  });

  it('a variable that is missing', async () => {
    const { status, body } = await server.post(recordSwipes, {});
    expect([status, body.errors?.[0]?.extensions]).toEqual([
      400,
      { code: 'BAD_USER_INPUT', field: ['inputs'], requestId },
    ]);
  });

  it('more faults than are named', async () => {
    const order = 'mutation ($input: OrderDeliveryInput!) { orderDelivery(input: $input) { __typename } }';
    const days = Array.from({ length: 200 }, () => 'never');
    const input = { requestId: swipe.swipeId, elderId: '1', canteenId: '1', meal: 'LUNCH', days };
    const { status, body } = await server.post(order, { input }, await server.adminToken());
    expect([status, body.data]).toEqual([400, undefined]);
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(Array(51).fill('BAD_USER_INPUT'));
    expect(logged.join('')).not.toContain('unexpected error');
  });

  it('nor is an upload with hundreds of unreadable taps an error of the server’s', async () => {
    const token = await server.readerToken(town.canteenIds[0]);
    const inputs = Array.from({ length: 500 }, (_, index) => ({ ...swipe, sequence: index, grossFen: '12' }));
    const { status, body } = await server.post<{ recordSwipes: { outcome: string }[] }>(
      recordSwipes,
      { inputs },
      token,
    );
    expect(status).toBe(200);
    expect(body.data.recordSwipes).toEqual(Array(500).fill({ outcome: 'INPUT_MALFORMED' }));
    expect(logged.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
  });

  it('a variable that an argument needs and does not get', async () => {
    const token = await server.adminToken();
    const query = 'query Ask($id: ID = "1") { elder(id: $id) { id } }';
    const { body } = await server.post(query, { id: null }, token);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: ['id'], requestId });
  });
});

describe('an error that nobody foresaw', () => {
  const secret = 'Duplicate entry 440524188001010014 for key';
  const headers = { 'x-request-id': 'request-7' };

  it('in a resolver: its place is answered, its words and its stack are logged', async () => {
    const token = await server.managerToken(town.streetId);
    const { database } = server;
    const read = database.read.bind(database);
    vi.spyOn(database, 'read')
      .mockImplementationOnce((work) => read(work))
      .mockRejectedValueOnce(new Error('the loader broke'));
    const query = 'query Me { viewer { name grants { facility { id } } } }';
    const { status, body } = await server.post(query, {}, token, headers);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { viewer: { name: '测试账户', grants: [{ facility: null }] } },
      errors: [
        {
          message: 'An internal error; please try again later',
          path: ['viewer', 'grants', 0, 'facility'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-7' },
        },
      ],
    });
    const line = JSON.parse(logged.find((text) => text.includes('unexpected error')) ?? '{}');
    expect(line).toMatchObject({
      level: 'error',
      requestId: 'request-7',
      operation: 'Me',
      path: 'viewer.grants.0.facility',
      err: { type: 'Error', message: 'the loader broke' },
    });
    expect(line.err.stack).toContain('graphql-errors.test.ts');
  });

  it('while the caller is looked up: HTTP 500, without a word of the database', async () => {
    vi.spyOn(server.database, 'read').mockRejectedValueOnce(new Error(secret));
    const { status, body } = await server.post('{ viewer { id } }', {}, 'some-token', headers);
    expect(status).toBe(500);
    expect(body).toEqual({
      errors: [
        {
          message: 'An internal error; please try again later',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-7' },
        },
      ],
    });
    expect(logged.join('')).toContain('Duplicate entry');
    expect(logged.join('')).not.toContain('440524188001010014');
  });
});
