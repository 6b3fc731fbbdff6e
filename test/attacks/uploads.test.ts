import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let reader: string;
/** A card whose elder has not eaten, so that its taps are refused for what is wrong with them alone. */
let untaken: string;

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTown(server.database);
  reader = await server.readerToken(town.canteenIds[0]);
  untaken = (await addDiner(town)).uid;
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

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

function upload(inputs: readonly object[]) {
  const query = `mutation ($inputs: [SwipeInput!]!) {
    recordSwipes(inputs: $inputs) { swipeId outcome field } }`;
  return server.post<{ recordSwipes: Result[] }>(query, { inputs }, reader);
}

const uid = 'A'.repeat(10);
const rubbish: [object, string, string][] = [
  ...['', ' ', '😀'.repeat(16), '卡'.repeat(32), "' OR 1=1 --", 'ＡＢＣＤＥＦ１２', `‮${uid}`].map(
    (cardUid): [object, string, string] => [{ cardUid }, 'CARD_UNKNOWN', 'cardUid'],
  ),
  ...['é'.repeat(33), 'ß'.repeat(20), '\ud800', `${uid}\u0000`].map((cardUid): [object, string, string] => [
    { cardUid },
    'INPUT_MALFORMED',
    'cardUid',
  ]),
  // Such instants fall on days that no database knows.
  ...['0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00', '1969-12-31T23:59:59Z'].map(
    (swipedAt): [object, string, string] => [{ swipedAt }, 'CLOCK_OUT_OF_RANGE', 'swipedAt'],
  ),
  ...[0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map((grossFen): [object, string, string] => [
    { grossFen },
    'PRICE_OUT_OF_RANGE',
    'grossFen',
  ]),
  ...['', 5, '😀'.repeat(9), `{${randomUUID()}}`, 'a'.repeat(10_000)].map(
    (swipeId): [object, string, string] => [{ swipeId }, 'INPUT_MALFORMED', 'swipeId'],
  ),
  ...[-(2 ** 31), 1_000_000_000, 2 ** 31 - 1].map((sequence): [object, string, string] => [
    { sequence },
    'INPUT_MALFORMED',
    'sequence',
  ]),
];

it('a thousand taps of rubbish among good ones: each is told its field, and the good ones are recorded', async () => {
  for (let round = 0; round < 2; round++) {
    // Each uid has a diner of its own, so that no tap is refused for the one before it.
    const diners = await Promise.all(Array.from({ length: rubbish.length }, () => addDiner(town)));
    const before = await countRows(server, 'ledger_posting');
    const bad = Array.from({ length: 500 - diners.length }, (_, index) => {
      const [change, outcome, field] = rubbish[index % rubbish.length] ?? [{}, '', ''];
      const known = outcome === 'PRICE_OUT_OF_RANGE' ? { cardUid: untaken } : {};
      return { given: input(uid, { ...known, ...change }), outcome, field };
    });
    const good = diners.map((diner) => ({ given: input(diner.uid), outcome: 'ACCEPTED', field: null }));
    const mixed = [...bad, ...good].sort((one, other) => (one.given.swipeId < other.given.swipeId ? -1 : 1));
    const { body } = await upload(mixed.map(({ given }) => given));
    expect(body.errors).toBeUndefined();
    expect(body.data.recordSwipes.map(({ outcome, field }) => ({ outcome, field }))).toEqual(
      mixed.map(({ outcome, field }) => ({ outcome, field })),
    );
    expect(Number(await countRows(server, 'ledger_posting')) - Number(before)).toBe(good.length);
  }
});

it('values of wrong types refuse an upload whole, and say of up to fifty at a time where they stand', async () => {
  const good = await Promise.all(Array.from({ length: 10 }, () => addDiner(town)));
  const wrong = [{ cardUid: 5 }, { swipedAt: 'noon' }, { grossFen: 12.5 }, { mode: 'STANDING' }, { tip: 1 }];
  const bad = Array.from({ length: 120 }, (_, index) => input(untaken, wrong[index % wrong.length]));
  let inputs = [...bad, ...good.map((diner) => input(diner.uid))];
  const before = await countRows(server, 'swipe');
  let asked = 0;
  for (;;) {
    asked += 1;
    const { status, body } = await upload(inputs);
    if (!body.errors) break;
    expect(status).toBe(400);
    expect(await countRows(server, 'swipe')).toEqual(before);
    const fields = body.errors.map(({ extensions }) => extensions.field as string[] | undefined);
    const named = new Set(
      fields.flatMap((field) => (field?.[0] === 'inputs' && field[1] ? [+field[1]] : [])),
    );
    expect(named.size).toBeGreaterThan(0);
    inputs = inputs.filter((_, index) => !named.has(index));
  }
  expect([asked, inputs.length]).toEqual([4, good.length]);
  expect(Number(await countRows(server, 'swipe')) - Number(before)).toBe(good.length);
});
