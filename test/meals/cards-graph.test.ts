import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, balanceOf, type Diner, noon } from '../support/town.js';
import { buildTwoCounties, newUid, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let manager: string;
let otherManager: string;
let diner: Diner;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon, settings: { topUpFenMax: 50_000 } });
  manager = await server.managerToken(town.countyId);
  otherManager = await server.managerToken(town.otherCountyId);
});
beforeEach(async () => {
  diner = await addDiner(town, { name: '王建国', balanceFen: 500 });
});
afterAll(async () => {
  await server.close();
  await open.drop();
});

const result = `{
  __typename
  ... on MealCard { uid status balanceFen elder { name card { uid balanceFen } } }
  ... on CardRefusal { code message field }
}`;

/** What a mutation answers to the manager of the diner's county, unless another token is given. */
async function change(call: string, token = manager) {
  const { body } = await server.post<{ change: object }>(`mutation { change: ${call} ${result} }`, {}, token);
  expect(body.errors).toBeUndefined();
  return body.data.change;
}

const shown = (uid: string, status: string, balanceFen: number, elderCard = uid) => ({
  __typename: 'MealCard',
  uid,
  status,
  balanceFen,
  elder: { name: '王建国', card: { uid: elderCard, balanceFen } },
});

describe('a card in the graph', () => {
  it('is topped up, lost and replaced, and the money follows', async () => {
    const newCardUid = newUid();
    const topUp = `topUpCard(requestId: "${randomUUID()}", cardUid: "${diner.uid}", fen: 50000)`;
    expect(await change(topUp)).toEqual(shown(diner.uid, 'ACTIVE', 50_500));
    expect(await change(topUp)).toEqual(shown(diner.uid, 'ACTIVE', 50_500));
    expect(await change(`reportCardLost(cardUid: "${diner.uid}")`)).toEqual(shown(diner.uid, 'LOST', 50_500));
    const replace = `replaceCard(requestId: "${randomUUID()}", cardUid: "${diner.uid}", newCardUid: "${newCardUid}")`;
    expect(await change(replace)).toEqual(shown(newCardUid, 'ACTIVE', 50_500));
    expect(await change(replace)).toEqual(shown(newCardUid, 'ACTIVE', 50_500));
    expect(await balanceOf(town, diner.elderId)).toBe(50_500);
  });

  it('is issued anew after a loss', async () => {
    const uid = newUid();
    await change(`reportCardLost(cardUid: "${diner.uid}")`);
    const issue = `issueCard(elderId: "${diner.elderId}", uid: "${uid.toLowerCase()}")`;
    expect(await change(issue)).toEqual(shown(uid, 'ACTIVE', 500));
  });

  it('shows each of several operations in one request what was so after it', async () => {
    const topUp = (alias: string) =>
      `${alias}: topUpCard(requestId: "${randomUUID()}", cardUid: "${diner.uid}", fen: 100) ${result}`;
    const lost = `lost: reportCardLost(cardUid: "${diner.uid}") ${result}`;
    const { body } = await server.post(`mutation { ${topUp('one')} ${topUp('two')} ${lost} }`, {}, manager);
    expect(body.data).toEqual({
      one: shown(diner.uid, 'ACTIVE', 600),
      two: shown(diner.uid, 'ACTIVE', 700),
      lost: shown(diner.uid, 'LOST', 700),
    });
  });

  it.each([
    ['issueCard(elderId: "no id", uid: "04A1B2C3")', 'ELDER_UNKNOWN', 'elderId'],
    ['issueCard(elderId: "1", uid: "04:A1:B2:C3")', 'UID_MALFORMED', 'uid'],
    ['reportCardLost(cardUid: "00000000")', 'CARD_UNKNOWN', 'cardUid'],
    [
      'replaceCard(requestId: "1", cardUid: "00000000", newCardUid: "04A1B2C3")',
      'REQUEST_ID_MALFORMED',
      'requestId',
    ],
    ['topUpCard(requestId: "1", cardUid: "00000000", fen: 1)', 'REQUEST_ID_MALFORMED', 'requestId'],
  ])('%s is refused with %s', async (call, code, field) => {
    expect(await change(call)).toEqual({
      __typename: 'CardRefusal',
      code,
      message: expect.stringMatching(new RegExp(`^${field}: `)),
      field: [field],
    });
  });

  it.each([0, -1, 50_001])('is not topped up by %d fen', async (fen) => {
    const call = `topUpCard(requestId: "${randomUUID()}", cardUid: "${diner.uid}", fen: ${fen})`;
    expect(await change(call)).toMatchObject({ code: 'AMOUNT_OUT_OF_RANGE', field: ['fen'] });
    expect(await balanceOf(town, diner.elderId)).toBe(500);
  });

  it('of another county is unknown to every operation', async () => {
    const requestId = randomUUID();
    for (const call of [
      `topUpCard(requestId: "${requestId}", cardUid: "${diner.uid}", fen: 100)`,
      `reportCardLost(cardUid: "${diner.uid}")`,
      `replaceCard(requestId: "${requestId}", cardUid: "${diner.uid}", newCardUid: "${newUid()}")`,
    ]) {
      expect(await change(call, otherManager)).toMatchObject({ code: 'CARD_UNKNOWN', field: ['cardUid'] });
    }
    const issue = `issueCard(elderId: "${diner.elderId}", uid: "${newUid()}")`;
    expect(await change(issue, otherManager)).toMatchObject({ code: 'ELDER_UNKNOWN' });
    const canteenManager = await server.managerToken(town.canteenIds[0]);
    expect(await change(`reportCardLost(cardUid: "${diner.uid}")`, canteenManager)).toMatchObject({
      code: 'CARD_UNKNOWN',
    });
  });

  it('is no reader’s to change', async () => {
    const reader = await server.readerToken(town.canteenIds[0]);
    const { body } = await server.post(
      `mutation { reportCardLost(cardUid: "${diner.uid}") ${result} }`,
      {},
      reader,
    );
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
