import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, type Diner, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
/** An elder of the first county, whom the manager of the other must not find. */
let diner: Diner;
let stranger: string;
let swipeId: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  diner = await addDiner(town);
  stranger = await server.managerToken(town.otherCountyId);
  swipeId = randomUUID();
  const input = { swipeId, sequence: 1, cardUid: diner.uid, swipedAt: noon.toISOString(), grossFen: 1000 };
  const record = 'mutation ($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
  const { body } = await server.post(record, { input }, await server.readerToken(town.canteenIds[0]));
  expect(body).toEqual({ data: { recordSwipe: { outcome: 'ACCEPTED' } } });
});
afterAll(() => server.close());

/** What the stranger is answered, without the id of the request. */
async function answerTo(query: string, variables: Record<string, unknown>) {
  const { status, body } = await server.post(query, variables, stranger, { 'x-request-id': 'same' });
  return { status, body };
}

/** A thing out of scope is answered like one that does not exist, letter for letter. */
async function expectAlike(query: string, there: string, nowhere: string) {
  const foreign = await answerTo(query, { id: there });
  expect(JSON.stringify(foreign).replaceAll(there, '#')).toBe(
    JSON.stringify(await answerTo(query, { id: nowhere })).replaceAll(nowhere, '#'),
  );
  return foreign;
}

describe('an id of another county', () => {
  it.each([
    ['an elder', 'query ($id: ID!) { elder(id: $id) { name card { uid balanceFen } } }'],
    [
      'the end of a file',
      `mutation ($id: ID!) { endElder(elderId: $id, status: DECEASED, on: "${today}") { __typename ... on ElderRefusal { code message field } } }`,
    ],
    [
      'a change of a file',
      'mutation ($id: ID!) { changeElder(input: { elderId: $id, name: "x" }) { __typename ... on ElderRefusal { code message field } } }',
    ],
    [
      'a number that is put right',
      'mutation ($id: ID!) { correctIdNumber(elderId: $id, idNumber: "11010519491231002X") { __typename ... on ElderRefusal { code message field } } }',
    ],
    [
      'an end that is taken back',
      'mutation ($id: ID!) { reopenElder(elderId: $id) { __typename ... on ElderRefusal { code message field } } }',
    ],
    [
      'a card for an elder',
      'mutation ($id: ID!) { issueCard(elderId: $id, uid: "04FFFFFF") { __typename ... on CardRefusal { code message field } } }',
    ],
  ])('is nobody: %s', async (_what, query) => {
    await expectAlike(query, String(diner.elderId), '999999');
  });

  it.each([
    [
      'topUpCard',
      'mutation ($id: String!) { topUpCard(requestId: "7d444840-9dc0-11d1-b245-5ffdce74fad2", cardUid: $id, fen: 100) { __typename ... on CardRefusal { code message field } } }',
    ],
    [
      'reportCardLost',
      'mutation ($id: String!) { reportCardLost(cardUid: $id) { __typename ... on CardRefusal { code message field } } }',
    ],
    [
      'replaceCard',
      'mutation ($id: String!) { replaceCard(requestId: "7d444840-9dc0-11d1-b245-5ffdce74fad3", cardUid: $id, newCardUid: "04FFFFFF") { __typename ... on CardRefusal { code message field } } }',
    ],
    [
      'a search',
      'query ($id: String!) { elders(search: $id) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }',
    ],
  ])('is no card: %s', async (_what, query) => {
    await expectAlike(query, diner.uid, '04EEEEEE');
  });

  it('is no swipe', async () => {
    const read = 'query ($id: ID!) { swipe(swipeId: $id) { outcome receipt { elderName } } }';
    expect((await expectAlike(read, swipeId, randomUUID())).body).toEqual({ data: { swipe: null } });
    const write =
      'mutation ($id: ID!) { voidSwipe(swipeId: $id, reason: "x") { __typename ... on VoidRefusal { code message field } } }';
    await expectAlike(write, swipeId, randomUUID());
  });

  it('is no canteen', async () => {
    const day = `query ($id: ID!) { canteenDay(canteenId: $id, date: "${today}") { canteen { name } } }`;
    const { body } = await expectAlike(day, String(town.canteenIds[0]), '999999');
    expect(body.errors?.[0]?.message).toBe('canteenId: no such canteen');
  });

  it('opens no list', async () => {
    const { body } = await answerTo(
      'query ($id: ID!) { elders(within: $id) { totalCount nodes { id } } all: elders { totalCount nodes { id } } }',
      { id: String(town.countyId) },
    );
    expect(body).toEqual({
      data: { elders: { totalCount: 0, nodes: [] }, all: { totalCount: 0, nodes: [] } },
    });
  });
});

describe('by way of the network, whose places everybody knows', () => {
  it.each([
    ['its own id', '{ facility(id: "$") { rollup { elders } } }'],
    ['the parent of its own', '{ facility(id: "$own") { parent { rollup { elders } } } }'],
    [
      'the children of the parent of its own',
      '{ facility(id: "$own") { parent { children { nodes { rollup { meals } } } } } }',
    ],
    ['the ancestors of one of its own', '{ facility(id: "$own") { ancestors { rollup { subsidyFen } } } }'],
  ])('no totals by %s', async (_what, query) => {
    const asked = query.replace('$own', String(town.otherCountyId)).replace('$', String(town.countyId));
    const { body } = await answerTo(asked, {});
    expect(body.errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
    expect(JSON.stringify(body.data ?? {})).not.toMatch(/"(meals|elders|subsidyFen)":[1-9]/);
  });

  it('no beds of another county', async () => {
    const { body } = await answerTo(`{ facility(id: "${town.stationId}") { beds { totalCount } } }`, {});
    expect(JSON.stringify(body.data ?? {})).not.toMatch(/"totalCount":[1-9]/);
  });
});
