import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { recordSwipe, type SwipeResult, swipeInput } from '../support/swipe-graph.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let opened: TestDatabase;
let town: Town;
let server: TestServer;
let reader: string;
let manager: string;
let admin: string;

beforeAll(async () => {
  opened = await openTestDatabase();
  town = await buildTown(opened.database);
  server = await startTestServer({ on: opened, at: noon });
  reader = await server.readerToken(town.canteenIds[0]);
  manager = await server.managerToken(town.streetId);
  admin = await server.adminToken();
});
afterAll(async () => {
  await expectAuditClean(opened.database);
  await server.close();
  await opened.drop();
});

async function swipe(given: object, token = reader, headers = {}): Promise<SwipeResult> {
  const { body } = await server.post<{ recordSwipe: SwipeResult }>(
    recordSwipe,
    { input: given },
    token,
    headers,
  );
  expect(body.errors).toBeUndefined();
  return body.data.recordSwipe;
}

const written = async () => [
  await countRows(opened, 'swipe'),
  await countRows(opened, 'ledger_posting'),
  await countRows(opened, 'ledger_entry'),
];

describe('who may', () => {
  const code = async (query: string, token: string | undefined, variables = {}) => {
    const { body } = await server.post(query, variables, token);
    return body.errors?.[0]?.extensions.code ?? 'allowed';
  };

  it('swipe: readers alone, with a key that is known', async () => {
    const { uid } = await addDiner(town);
    const before = await written();
    const variables = () => ({ input: swipeInput(uid) });
    expect(await code(recordSwipe, undefined, variables())).toBe('UNAUTHENTICATED');
    expect(await code(recordSwipe, 'wrong', variables())).toBe('UNAUTHENTICATED');
    expect(await code(recordSwipe, manager, variables())).toBe('FORBIDDEN');
    expect(await code(recordSwipe, admin, variables())).toBe('FORBIDDEN');
    expect(await written()).toEqual(before);
  });

  it('see a swipe and a day: managers of the place alone', async () => {
    const { uid } = await addDiner(town);
    const { swipeId } = await swipe(swipeInput(uid));
    const elsewhere = await server.managerToken(town.canteenIds[1]);
    const here = await server.managerToken(town.canteenIds[0]);
    const look = async (token: string) => {
      const { body } = await server.post<{ swipe: object | null }>(
        `{ swipe(swipeId: "${swipeId}") { outcome } }`,
        {},
        token,
      );
      return body.data.swipe;
    };
    expect(await look(here)).toEqual({ outcome: 'ACCEPTED' });
    expect(await look(elsewhere)).toBeNull();
    const dayOfFirst = `{ canteenDay(canteenId: "${town.canteenIds[0]}", date: "${today}") { meals } }`;
    expect(await code(dayOfFirst, here)).toBe('allowed');
    expect(await code(dayOfFirst, elsewhere)).toBe('BAD_USER_INPUT');
    // A reader, of this canteen or another, has no business with the day's sums.
    expect(await code(dayOfFirst, reader)).toBe('FORBIDDEN');
    expect(await code(`{ swipe(swipeId: "${swipeId}") { outcome } }`, reader)).toBe('FORBIDDEN');
  });

  it('swipe with a revoked key: nobody, and the answer says so', async () => {
    const { accountId, token } = await server.account('READER', town.canteenIds[0]);
    const { uid } = await addDiner(town);
    const first = swipeInput(uid);
    expect((await swipe(first, token)).outcome).toBe('ACCEPTED');
    await opened.database.write((each) =>
      each.query('UPDATE access_token SET revokedAt = ? WHERE accountId = ?', [noon.getTime(), accountId]),
    );
    const before = await written();
    expect(await swipe(swipeInput(uid), token)).toMatchObject({
      outcome: 'READER_NOT_ACTIVE',
      receipt: null,
    });
    expect(await swipe(first, token)).toMatchObject({ outcome: 'ACCEPTED', replayed: true });
    expect(await code('{ viewer { id } }', token)).toBe('UNAUTHENTICATED');
    const { body } = await server.post<{ previewSwipe: object }>(
      `{ previewSwipe(cardUid: "${uid}", grossFen: 100) { outcome elderName balanceFen } }`,
      {},
      token,
    );
    expect(body.data.previewSwipe).toEqual({
      outcome: 'READER_NOT_ACTIVE',
      elderName: null,
      balanceFen: null,
    });
    expect(await written()).toEqual(before);
  });

  it('set what a canteen serves: its managers, within bounds', async () => {
    const configure = async (token: string, settings: object) => {
      const { body } = await server.post<{ configureCanteen: object }>(
        `mutation ($input: ConfigureCanteenInput!) { configureCanteen(input: $input) {
           ... on CanteenSettings { priceFenMax windows { meal fromMinute toMinute } }
           ... on CanteenRefusal { code field } } }`,
        { input: { canteenId: String(town.canteenIds[1]), ...settings } },
        token,
      );
      return body.data.configureCanteen;
    };
    const lunch = { meal: 'LUNCH', fromMinute: 630, toMinute: 810 };
    const fine = { priceFenMax: 3000, windows: [lunch] };
    expect(await configure(manager, fine)).toEqual(fine);
    expect(await configure(manager, { ...fine, priceFenMax: 0 })).toEqual({
      code: 'PRICE_OUT_OF_RANGE',
      field: ['input', 'priceFenMax'],
    });
    const twice = [lunch, { ...lunch, meal: 'DINNER', fromMinute: 809, toMinute: 900 }];
    expect(await configure(manager, { ...fine, windows: twice })).toEqual({
      code: 'WINDOW_INVALID',
      field: ['input', 'windows', '1'],
    });
    const elsewhere = await server.managerToken(town.canteenIds[0]);
    expect(await configure(elsewhere, fine)).toEqual({
      code: 'CANTEEN_UNKNOWN',
      field: ['input', 'canteenId'],
    });
  });
});
