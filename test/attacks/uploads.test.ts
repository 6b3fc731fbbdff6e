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

const uploading = `mutation ($inputs: [SwipeInput!]!) {
    recordSwipes(inputs: $inputs) { swipeId outcome field } }`;
function upload(inputs: readonly unknown[]) {
  return server.post<{ recordSwipes: Result[] }>(uploading, { inputs }, reader);
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

/** Values that are not of their types, and the field that is told. */
const unreadable: [object | null | number, string | null][] = [
  [{ cardUid: 5 }, 'cardUid'],
  [{ cardUid: undefined }, 'cardUid'],
  [{ swipedAt: 'noon' }, 'swipedAt'],
  [{ swipedAt: '2026-03-10T12:00:00' }, 'swipedAt'],
  [{ grossFen: 12.5 }, 'grossFen'],
  [{ grossFen: '1200' }, 'grossFen'],
  [{ sequence: 2 ** 31 }, 'sequence'],
  [{ mode: 'STANDING' }, 'mode'],
  [{ mode: null }, 'mode'],
  [{ swipeId: {} }, 'swipeId'],
  [{ tip: 1 }, 'tip'],
  [{ grossFen: 12.5, sequence: 'x' }, 'sequence'],
  [[[[]]], null],
  [null, null],
  [7, null],
];
const itemOf = (change: object | null | number) =>
  typeof change === 'object' && change !== null && !Array.isArray(change) ? input(untaken, change) : change;

it('values of wrong types are told one by one, and the good taps among hundreds of them are recorded', async () => {
  const good = await Promise.all(Array.from({ length: 10 }, () => addDiner(town)));
  const bad = Array.from({ length: 490 }, (_, index) => {
    const [change, field] = unreadable[index % unreadable.length] ?? [null, null];
    return { given: itemOf(change), outcome: 'INPUT_MALFORMED', field };
  });
  const fine = good.map((diner) => ({ given: input(diner.uid), outcome: 'ACCEPTED', field: null }));
  const mixed = bad.flatMap((each, index) => (index % 49 === 0 ? [each, fine[index / 49] ?? each] : [each]));
  const before = await countRows(server, 'swipe');
  const { status, body } = await upload(mixed.map(({ given }) => given));
  expect([status, body.errors]).toEqual([200, undefined]);
  expect(body.data.recordSwipes.map(({ outcome, field }) => ({ outcome, field }))).toEqual(
    mixed.map(({ outcome, field }) => ({ outcome, field })),
  );
  const idOf = (given: unknown) => (given as { swipeId?: unknown } | null)?.swipeId;
  expect(body.data.recordSwipes.map(({ swipeId }) => swipeId)).toEqual(
    mixed.map(({ given }) => (typeof idOf(given) === 'string' ? idOf(given) : '')),
  );
  expect(Number(await countRows(server, 'swipe')) - Number(before)).toBe(good.length);
});

it('whatever the variables are called, and however many uploads an operation holds', async () => {
  const [one, other] = [await addDiner(town), await addDiner(town)];
  const query = `query Else { viewer { id } }
    mutation Two($a: [SwipeInput!]!, $b: [SwipeInput!]!) {
      first: recordSwipes(inputs: $a) { outcome field message }
      second: recordSwipes(inputs: $b) { outcome field message } }`;
  const a = [input(one.uid, { grossFen: 0.5 }), input(one.uid)];
  const b = [input(other.uid), input(other.uid, { swipedAt: 1 })];
  const response = await server.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${reader}`, 'accept-language': 'zh' },
    payload: { query, operationName: 'Two', variables: { a, b } },
  });
  const malformed = (field: string) => ({
    outcome: 'INPUT_MALFORMED',
    field,
    message: `刷卡数据格式有误 (${field})`,
  });
  const accepted = { outcome: 'ACCEPTED', field: null, message: '刷卡成功' };
  expect(response.json().data).toEqual({
    first: [malformed('grossFen'), accepted],
    second: [accepted, malformed('swipedAt')],
  });
});

it('refuses whole what is no upload of a reader’s, and writes nothing', async () => {
  const diner = await addDiner(town);
  const bad = input(diner.uid, { grossFen: 0.5 });
  const before = await countRows(server, 'swipe');
  const codeOf = async (inputs: unknown, token: string | undefined, query = uploading) => {
    const { body } = await server.post(query, { inputs }, token);
    return body.errors?.[0]?.extensions.code;
  };
  const many = Array.from({ length: 501 }, () => bad);
  expect(await codeOf(many, reader)).toBe('BAD_USER_INPUT');
  for (const inputs of [null, 'x', undefined]) expect(await codeOf(inputs, reader)).toBe('BAD_USER_INPUT');
  // One that is no list is taken for a list of one, and has a place in it.
  expect(await codeOf(bad, reader)).toBe('BAD_USER_INPUT');
  const single = 'mutation ($inputs: SwipeInput!) { recordSwipe(input: $inputs) { outcome } }';
  expect(await codeOf(bad, reader, single)).toBe('BAD_USER_INPUT');
  const withPrice = `mutation ($inputs: [SwipeInput!]!, $fen: Fen! = 1.5) {
    recordSwipes(inputs: $inputs) { outcome } topUpCard(requestId: "", cardUid: "", fen: $fen) { __typename } }`;
  expect(await codeOf([bad, input(diner.uid)], reader, withPrice)).toMatch(/^(BAD_USER_INPUT|GRAPHQL_)/);
  const mixed = [bad, input(diner.uid)];
  expect(await codeOf(mixed, undefined)).toBe('UNAUTHENTICATED');
  expect(await codeOf(mixed, await server.managerToken(town.canteenIds[0]))).toBe('FORBIDDEN');
  expect(await countRows(server, 'swipe')).toEqual(before);
});
