import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let reader: string;

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTown(server.database);
  reader = await server.readerToken(town.canteenIds[0]);
});
afterAll(() => server.close());

const upload = `mutation ($inputs: [SwipeInput!]!) {
  recordSwipes(inputs: $inputs) { swipeId outcome field } }`;

interface Result {
  swipeId: string;
  outcome: string;
  field: string | null;
}

let sequence = 0;
function input(cardUid: unknown, change: object = {}) {
  sequence += 1;
  const [swipeId, swipedAt] = [randomUUID(), noon.toISOString()];
  return { swipeId, sequence, cardUid, swipedAt, grossFen: 1200, offline: true, ...change };
}

it('rubbish', async () => {
  const { uid } = await addDiner(town);
  const uids = ['', ' ', '😀', '😀'.repeat(16), 'é'.repeat(32), 'ß'.repeat(20), '卡'.repeat(32), "' OR 1=1 --", '%', '\\', 'ＡＢＣＤＥＦ１２', '\u0130', uid + ' ', uid.slice(0, 7), uid + '\u00a0', '\uFEFF' + uid, uid+'\u0301', '\u202e' + uid, '\ufffe', '\u{10ffff}'];
  const instants = ['0000-01-01T00:00:00+14:00', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-12:00', '9999-12-31T23:59:59.999999999Z', '1900-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '2026-03-10T12:00:00+99:00', '2026-03-10T24:00:00Z'];
  const fens = [0, -0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 1_000_000, 1_000_001, 2 ** 31, -(2 ** 31) - 1];
  const ids = ['', 'x', '0'.repeat(36), '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{' + randomUUID() + '}', '😀'.repeat(9), randomUUID().toUpperCase(), 'a'.repeat(100000), 5];
  const seqs = [2147483647, -2147483648, -1, 0, 0];
  const rubbish = [
    ...uids.map((each) => input(each)),
    ...instants.map((swipedAt) => input(uid, { swipedAt })),
    ...instants.map((swipedAt) => input(uid, { swipedAt, offline: false })),
    ...fens.map((grossFen) => input(uid, { grossFen })),
    ...ids.map((swipeId) => input(uid, { swipeId, grossFen: 0 })),
    ...seqs.map((sequence) => input(uid, { sequence })),
  ];
  for (const each of rubbish) {
    const { body } = await server.post<{ recordSwipes: Result[] }>(upload, { inputs: [each] }, reader);
    console.log(JSON.stringify({ ...each, swipeId: String(each.swipeId).slice(0, 40) }), JSON.stringify(body).slice(0, 300));
  }
});

it('types', async () => {
  const good = (await addDiner(town)).uid;
  const bad = Array.from({ length: 200 }, () => input(5, { grossFen: 'x', swipedAt: 'noon' }));
  const { body } = await server.post(upload, { inputs: [input(good), ...bad] }, reader);
  console.log(body.errors?.length, JSON.stringify(body).slice(0, 3000));
  console.log(await countRows(server, 'swipe'));
});
