import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, type Diner, noon } from '../support/town.js';
import { buildTwoCounties, newUid, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let manager: string;
let finance: string;
let poor: Diner;
const reviewed: string[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon });
  manager = await server.managerToken(town.countyId);
  finance = (await server.account('FINANCE', town.countyId)).token;
  poor = await addDiner(town, { balanceFen: 0, name: '王建国' });
  for (let index = 0; index < 3; index++) {
    const request = tap(town, { cardUid: poor.uid, offline: true, grossFen: 800 + index });
    await intakeOf(town).record(request);
    reviewed.push(request.command.swipeId);
  }
});
afterAll(async () => {
  await server.close();
  await open.drop();
});

async function ask<Data>(query: string, token = manager, headers: Record<string, string> = {}) {
  const { body } = await server.post<Data>(query, {}, token, headers);
  return body;
}

interface Reviews {
  openReviews: {
    nodes: { swipeId: string; grossFen: number }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const page = (argumentsText: string) =>
  `{ openReviews(${argumentsText}) {
       nodes { swipeId elderName reason meal mealDate grossFen voided canteen { code } decision { note } }
       pageInfo { hasNextPage endCursor } } }`;

describe('meals for review in the graph', () => {
  it('come page by page, each once, with nothing but a masked name of the elder', async () => {
    const first = (await ask<Reviews>(page('first: 2'))).data.openReviews;
    expect(first.nodes[0]).toEqual({
      swipeId: reviewed[0],
      elderName: '王**',
      reason: 'INSUFFICIENT_BALANCE',
      meal: 'LUNCH',
      mealDate: '2026-03-10',
      grossFen: 800,
      voided: false,
      canteen: { code: 'CANTEEN-1' },
      decision: null,
    });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = (await ask<Reviews>(page(`first: 2, after: "${first.pageInfo.endCursor}"`))).data
      .openReviews;
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect([...first.nodes, ...second.nodes].map(({ swipeId }) => swipeId)).toEqual(reviewed);
    const none = await ask<Reviews>(page('reason: CARD_NOT_ACTIVE'));
    expect(none.data.openReviews).toEqual({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  it.each([
    'first: 201',
    'first: -1',
    'after: "rubbish"',
    `after: "${Buffer.from('id:1').toString('base64url')}"`,
  ])('refuse %s by name', async (argument) => {
    const body = await ask(page(argument));
    const field = argument.split(':')[0];
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: [field] });
  });

  it('are decided by a manager and read by finance', async () => {
    const call = (token: string) =>
      ask<{ decideReview: object }>(
        `mutation { decideReview(requestId: "${randomUUID()}", swipeId: "${reviewed[1]}", bornBy: FUNDER, funderCode: "BUREAU", note: "核实") {
           ... on SwipeReview { decision { bornBy funderCode funder note decidedBy decidedAt } }
           ... on ReviewRefusal { code field message } } }`,
        token,
      );
    expect((await call(finance)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await call(manager)).data.decideReview).toEqual({
      decision: {
        bornBy: 'FUNDER',
        funderCode: 'BUREAU',
        funder: '市民政局',
        note: '核实',
        decidedBy: '测试账户',
        decidedAt: noon.toISOString(),
      },
    });
    expect((await call(manager)).data.decideReview).toEqual({
      code: 'ALREADY_DECIDED',
      field: ['swipeId'],
      message: 'swipeId: It was decided before',
    });
    const read = await ask<{ swipeReview: object }>(
      `{ swipeReview(swipeId: "${reviewed[1]}") { decision { bornBy } } }`,
      finance,
    );
    expect(read.data.swipeReview).toEqual({ decision: { bornBy: 'FUNDER' } });
  });
});

describe('an elder’s own money in the graph', () => {
  it('is refunded, paid out whole, and its statement says so in the language of the request', async () => {
    const { uid, elderId } = await addDiner(town, { balanceFen: 5000 });
    await intakeOf(town).record(tap(town, { cardUid: uid }));
    const call = `mutation {
      refund: refundCard(requestId: "${randomUUID()}", cardUid: "${uid}", fen: 100) { ... on MealCard { balanceFen } }
      close: closeMealAccount(requestId: "${randomUUID()}", elderId: "${elderId}") {
        ... on ClosedMealAccount { paidOutFen closedAt heir { name } } }
    }`;
    expect((await ask(call)).data).toEqual({
      refund: { balanceFen: 4000 },
      close: { paidOutFen: 4000, closedAt: noon.toISOString(), heir: null },
    });
    const statement = `{ accountStatement(elderId: "${elderId}", month: "2026-03") {
      month openingFen closingFen movements { bookedOn kind fen balanceFen text place { code } } } }`;
    const movement = (kind: string, fen: number, balanceFen: number, text: string, code?: string) => ({
      bookedOn: '2026-03-10',
      kind,
      fen,
      balanceFen,
      text,
      place: code ? { code } : null,
    });
    expect((await ask(statement, manager, { 'accept-language': 'zh' })).data).toEqual({
      accountStatement: {
        month: '2026-03',
        openingFen: 0,
        closingFen: 0,
        movements: [
          movement('TOP_UP', 5000, 5000, '充值'),
          movement('SWIPE', -900, 4100, '用餐：2026-03-10 午餐', 'CANTEEN-1'),
          movement('REFUND', -100, 4000, '退款'),
          movement('CLOSING', -4000, 0, '销户退款'),
        ],
      },
    });
  });

  it.each(['2026-3', '2026-13', '2026-00', 'March', '2026-03-01', ''])(
    'has no statement of month %j',
    async (month) => {
      const body = await ask(`{ accountStatement(elderId: "${poor.elderId}", month: "${month}") { month } }`);
      expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['month'] });
    },
  );

  it('stays on a card until the day that it says', async () => {
    const { elderId } = await addDiner(town);
    const issue = (uid: string, expiresOn: string) =>
      ask<{ issueCard: object }>(
        `mutation { issueCard(elderId: "${elderId}", uid: "${uid}", expiresOn: "${expiresOn}") {
           ... on MealCard { status expiresOn } ... on CardRefusal { code field } } }`,
      );
    await ask(
      `mutation { closeMealAccount(requestId: "${randomUUID()}", elderId: "${elderId}") { __typename } }`,
    );
    expect((await issue(newUid(), '2026-03-10')).data.issueCard).toEqual({
      code: 'DAY_OUT_OF_RANGE',
      field: ['expiresOn'],
    });
    expect((await issue(newUid(), '2026-03-11')).data.issueCard).toEqual({
      status: 'ACTIVE',
      expiresOn: '2026-03-11',
    });
    server.clock.set(new Date(noon.getTime() + 86_400_000), 0);
    const body = await ask<{ elder: object }>(`{ elder(id: "${elderId}") { card { status } } }`);
    server.clock.set(noon, 0);
    expect(body.data.elder).toEqual({ card: { status: 'EXPIRED' } });
  });
});

describe('the trial balance in the graph', () => {
  const balance = (by: string, from = '2026-03-01', to = '2026-04-01') =>
    `{ trialBalance(from: "${from}", to: "${to}", by: ${by}) {
         sumFen lines { period funderCode canteen { code } receivableFen sumFen } } }`;

  it('names its lines by funder, canteen and day, and sums to zero', async () => {
    const told = async (by: string) => {
      const { data } = await ask<{
        trialBalance: {
          sumFen: number;
          lines: { period: string; funderCode: string; canteen: { code: string } }[];
        };
      }>(balance(by), finance);
      expect(data.trialBalance.sumFen).toBe(0);
      return data.trialBalance.lines.map(
        ({ period, funderCode, canteen }) => period ?? funderCode ?? canteen?.code ?? null,
      );
    };
    expect(await told('FUNDER')).toEqual([null, 'BUREAU']);
    expect(await told('CANTEEN')).toEqual([null, 'CANTEEN-1']);
    expect(await told('DAY')).toEqual(['2026-03-10']);
    expect(await told('MONTH')).toEqual(['2026-03']);
  });

  it.each([
    ['2026-03-01', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['2025-01-01', '2026-01-04'],
  ])('is refused from %s to %s', async (from, to) => {
    const body = await ask(balance('DAY', from, to), finance);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['to'] });
  });
});

it('gaps are listed, explained and listed again, page by page', async () => {
  const { accountId } = await server.account('READER', town.canteenIds[1]);
  for (const sequence of [0, 2, 5, 9]) {
    const request = tap(town, { cardUid: poor.uid, sequence }, { canteen: 1 });
    await intakeOf(town).record({ ...request, readerId: accountId });
  }
  const gaps = async (argumentsText = '') =>
    (
      await ask<{ sequenceGaps: { nodes: object[]; pageInfo: { endCursor: string } } }>(
        `{ sequenceGaps(readerId: "${accountId}"${argumentsText}) {
             nodes { from to explanation { reason explainedBy } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).data.sequenceGaps;
  const first = await gaps(', first: 1');
  expect(first.nodes).toEqual([{ from: 1, to: 1, explanation: null }]);
  const rest = await gaps(`, after: "${first.pageInfo.endCursor}"`);
  expect(rest.nodes).toMatchObject([
    { from: 3, to: 4 },
    { from: 6, to: 8 },
  ]);
  const explained = await ask<{ explainGap: object }>(
    `mutation { explainGap(readerId: "${accountId}", fromSequence: 3, toSequence: 4, reason: "试刷") {
       ... on SequenceGap { explanation { reason } } ... on GapRefusal { code } } }`,
  );
  expect(explained.data.explainGap).toEqual({ explanation: { reason: '试刷' } });
  expect((await gaps()).nodes).toHaveLength(2);
  expect((await gaps(', explained: true')).nodes).toMatchObject([{ from: 3, to: 4 }]);
});
