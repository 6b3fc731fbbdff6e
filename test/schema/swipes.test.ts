import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import {
  recordSwipe,
  recordSwipes,
  type SwipeResult,
  swipeFields,
  swipeInput,
} from '../support/swipe-graph.js';
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

describe('a lunch through the public API', () => {
  it('is previewed, recorded, looked up, counted, voided and eaten again', async () => {
    const { uid } = await addDiner(town);
    const preview = await server.post<{ previewSwipe: object }>(
      `query ($uid: String!) { previewSwipe(cardUid: $uid, grossFen: 1200) {
         outcome message elderName subsidyFen discountFen selfPaidFen balanceFen } }`,
      { uid },
      reader,
    );
    expect(preview.body.data.previewSwipe).toEqual({
      outcome: 'ACCEPTED',
      message: 'Accepted',
      elderName: '王**',
      subsidyFen: 300,
      discountFen: 0,
      selfPaidFen: 900,
      balanceFen: 9100,
    });

    const given = swipeInput(uid, { mode: 'TAKE_AWAY' });
    const result = await swipe(given);
    expect(result).toEqual({
      swipeId: given.swipeId,
      outcome: 'ACCEPTED',
      replayed: false,
      message: 'Accepted',
      field: null,
      receipt: {
        serial: expect.stringMatching(/^20260310-\d{10}$/),
        canteen: { code: 'CANTEEN-1' },
        elderName: '王**',
        meal: 'LUNCH',
        mealDate: today,
        mode: 'TAKE_AWAY',
        swipedAt: '2026-03-10T04:00:00.000Z',
        grossFen: 1200,
        funding: [{ funder: '市民政局', fen: 300 }],
        subsidyFen: 300,
        discountFen: 0,
        selfPaidFen: 900,
        balanceFen: 9100,
        rule: 'LUNCH-60 v2',
        gave: [{ rule: 'LUNCH-60/MEAL/LUNCH', fen: 300 }],
        voided: false,
      },
    });
    expect(await swipe(given)).toEqual({ ...result, replayed: true });
    const shown = await server.post<{ swipe: SwipeResult }>(
      `query ($id: ID!) { swipe(swipeId: $id) { ${swipeFields} } }`,
      { id: given.swipeId },
      manager,
    );
    expect(shown.body.data.swipe).toEqual({ ...result, replayed: true });

    const voided = await server.post<{ voidSwipe: object }>(
      `mutation ($id: ID!) { voidSwipe(swipeId: $id, reason: "错刷") {
         ... on SwipeReceipt { voided selfPaidFen } ... on VoidRefusal { code message field } } }`,
      { id: given.swipeId },
      manager,
    );
    expect(voided.body.data.voidSwipe).toEqual({ voided: true, selfPaidFen: 900 });
    expect((await swipe(swipeInput(uid))).outcome).toBe('ACCEPTED');

    const day = await server.post<{ canteenDay: object }>(
      `query ($id: ID!, $date: Date!) { canteenDay(canteenId: $id, date: $date) {
         canteen { code } date meals deliveries grossFen subsidyFen discountFen selfPaidFen forReview missing } }`,
      { id: String(town.canteenIds[0]), date: today },
      manager,
    );
    expect(day.body.data.canteenDay).toEqual({
      canteen: { code: 'CANTEEN-1' },
      date: today,
      meals: 1,
      deliveries: 0,
      grossFen: 1200,
      subsidyFen: 300,
      discountFen: 0,
      selfPaidFen: 900,
      forReview: 0,
      missing: 0,
    });
  });

  it('speaks Chinese unless asked otherwise, and names the field at fault', async () => {
    const unknown = () => swipeInput('FFFFFFFF');
    expect((await swipe(unknown(), reader, { 'accept-language': 'zh-CN' })).message).toBe('无此卡 (cardUid)');
    expect((await swipe(unknown(), reader, { 'accept-language': 'fr' })).message).toBe('无此卡 (cardUid)');
    expect((await swipe(unknown(), reader, { 'accept-language': 'en-GB' })).message).toBe(
      'Unknown card (cardUid)',
    );
  });

  it('tops up through the counter, and a retry changes nothing', async () => {
    const { uid } = await addDiner(town, { balanceFen: 0 });
    const topUpCard = `mutation ($id: ID!, $uid: String!, $fen: Fen!) {
      topUpCard(requestId: $id, cardUid: $uid, fen: $fen) {
        ... on MealCard { uid status balanceFen elder { name } } ... on CardRefusal { code message field } } }`;
    const variables = { id: randomUUID(), uid, fen: 5000 };
    const card = { uid, status: 'ACTIVE', balanceFen: 5000, elder: { name: '王小明' } };
    for (const _ of [1, 2]) {
      const { body } = await server.post<{ topUpCard: object }>(topUpCard, variables, manager);
      expect(body).toEqual({ data: { topUpCard: card } });
    }
    const tooMuch = { id: randomUUID(), uid, fen: 100_001 };
    const { body } = await server.post<{ topUpCard: object }>(topUpCard, tooMuch, manager);
    expect(body.data.topUpCard).toEqual({
      code: 'AMOUNT_OUT_OF_RANGE',
      message: 'fen: must be 1 to 100000 fen',
      field: ['fen'],
    });
  });
});

describe('bad input names the field, records no meal and moves no money', () => {
  it.each([
    ['malformed uid', { cardUid: 'not hexadecimal' }, 'CARD_UNKNOWN', 'cardUid'],
    ['uid of 5000 characters', { cardUid: 'A'.repeat(5000) }, 'INPUT_MALFORMED', 'cardUid'],
    ['price of zero', { grossFen: 0 }, 'PRICE_OUT_OF_RANGE', 'grossFen'],
    ['negative price', { grossFen: -1 }, 'PRICE_OUT_OF_RANGE', 'grossFen'],
    ["price above the canteen's limit", { grossFen: 3001 }, 'PRICE_OUT_OF_RANGE', 'grossFen'],
    ['date in the future', { swipedAt: '2026-03-11T12:00:00+08:00' }, 'CLOCK_OUT_OF_RANGE', 'swipedAt'],
    ['live swipe an hour old', { swipedAt: '2026-03-10T11:00:00+08:00' }, 'CLOCK_OUT_OF_RANGE', 'swipedAt'],
    ['id that is no UUID', { swipeId: '1' }, 'INPUT_MALFORMED', 'swipeId'],
    ['negative sequence', { sequence: -5 }, 'INPUT_MALFORMED', 'sequence'],
  ])('%s', async (_, change, outcome, field) => {
    const { uid } = await addDiner(town);
    const [swipes, postings, entries] = await written();
    const result = await swipe(swipeInput(uid, change));
    expect(result).toMatchObject({ outcome, field, receipt: null });
    expect(result.message).toContain(field);
    // The answer alone is kept where it depends on the hour or the canteen, so that a replay gets it again.
    const kept = field === 'swipedAt' || ('grossFen' in change && change.grossFen > 0) ? 1 : 0;
    expect(await written()).toEqual([Number(swipes) + kept, postings, entries]);
  });

  it.each([
    ['an instant without offset', { swipedAt: '2026-03-10T12:00:00' }, 'input.swipedAt'],
    ['an instant that is none', { swipedAt: 'noon' }, 'input.swipedAt'],
    ['a price with cents', { grossFen: 12.5 }, 'input.grossFen'],
    ['a price as text', { grossFen: '1200' }, 'input.grossFen'],
    ['a price beyond safe integers', { grossFen: 2 ** 53 }, 'input.grossFen'],
    ['a sequence beyond 32 bits', { sequence: 2 ** 31 }, 'input.sequence'],
    ['an unknown mode', { mode: 'STANDING' }, 'input.mode'],
    ['a field that does not exist', { tip: 100 }, 'tip'],
    ['a missing card', { cardUid: undefined }, 'cardUid'],
  ])('%s is BAD_USER_INPUT', async (_, change, named) => {
    const { uid } = await addDiner(town);
    const before = await written();
    const { body } = await server.post(recordSwipe, { input: swipeInput(uid, change) }, reader);
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toContain(named);
    expect(await written()).toEqual(before);
  });

  it.each([0, 501])('a batch of %d', async (size) => {
    const before = await written();
    const inputs = Array.from({ length: size }, () => swipeInput('FFFFFFFF'));
    const { body } = await server.post(recordSwipes, { inputs }, reader);
    expect(body.errors?.[0]).toMatchObject({
      message: 'inputs: must hold 1 to 500 swipes',
      extensions: { code: 'BAD_USER_INPUT', field: ['inputs'] },
    });
    expect(await written()).toEqual(before);
  });

  it('a batch of 500 with bad items among good ones: each gets its own answer, in order', async () => {
    const diners = await Promise.all(Array.from({ length: 5 }, () => addDiner(town)));
    const good = diners.map(({ uid }) => swipeInput(uid));
    const bad = [
      swipeInput('FFFFFFFF'),
      swipeInput((await addDiner(town)).uid, { grossFen: 0 }),
      swipeInput(diners[1]?.uid ?? '', { swipeId: 'bad' }),
      swipeInput(diners[2]?.uid ?? ''),
    ];
    const inputs = [good[0], bad[0], good[1], bad[1], good[2], bad[2], bad[3], good[3], good[4]];
    const filler = Array.from({ length: 491 }, () => swipeInput('FFFFFFFF'));
    const { body } = await server.post<{ recordSwipes: SwipeResult[] }>(
      recordSwipes,
      { inputs: [...inputs, ...filler] },
      reader,
    );
    expect(body.data.recordSwipes).toHaveLength(500);
    expect(body.data.recordSwipes.slice(0, 9).map(({ outcome }) => outcome)).toEqual([
      'ACCEPTED',
      'CARD_UNKNOWN',
      'ACCEPTED',
      'PRICE_OUT_OF_RANGE',
      'ACCEPTED',
      'INPUT_MALFORMED',
      'MEAL_ALREADY_TAKEN',
      'ACCEPTED',
      'ACCEPTED',
    ]);
    expect(body.data.recordSwipes.map(({ swipeId }) => swipeId)).toEqual(
      [...inputs, ...filler].map((each) => each?.swipeId),
    );
  });

  it('unknown ids', async () => {
    const ask = (query: string, token = admin) => server.post<Record<string, unknown>>(query, {}, token);
    const unknownSwipe = await ask(`{ swipe(swipeId: "${randomUUID()}") { outcome } }`);
    expect(unknownSwipe.body).toEqual({ data: { swipe: null } });
    for (const id of ['999999', 'x', String(town.streetId)]) {
      const { body } = await ask(`{ canteenDay(canteenId: "${id}", date: "${today}") { meals } }`);
      expect(body.errors?.[0]).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', field: ['canteenId'] },
      });
    }
    const refused = await ask(
      `mutation { voidSwipe(swipeId: "${randomUUID()}", reason: "x") { ... on VoidRefusal { code field } } }`,
    );
    expect(refused.body.data.voidSwipe).toEqual({ code: 'SWIPE_UNKNOWN', field: ['swipeId'] });
  });
});
