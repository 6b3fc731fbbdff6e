import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { addBeds } from '../support/beds.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';

let town: ResidentDiners;
let server: TestServer;
let manager: string;

beforeAll(async () => {
  town = await ResidentDiners.begin();
  server = await startTestServer({ on: town.open, at: noon });
  manager = await server.managerToken(town.town.countyId);
});
afterAll(async () => {
  await expectAuditClean(town.open.database);
  await server.close();
  await town.open.drop();
});

async function ask<Data>(query: string, language = 'en'): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, manager, { 'accept-language': language });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

async function admitted(elderId: number, from: string): Promise<string> {
  const [bedId] = await addBeds(town.town, town.homeId, [{ type: 'NURSING' }]);
  const data = await ask<{ admit: { id: string } }>(
    `mutation { admit(requestId: "${randomUUID()}", bedId: "${bedId}", elderId: "${elderId}", from: "${from}")
       { ... on BedStay { id } ... on BedRefusal { code message } } }`,
  );
  return data.admit.id;
}

const reviewOf = async (swipeId: string, argument = '') =>
  (
    await ask<{ swipeReview: object | null }>(
      `{ swipeReview(swipeId: "${swipeId}"${argument}) {
           number reason doubtedFen withdrawn decision { bornBy } } }`,
    )
  ).swipeReview;

const decide = async (swipeId: string, bornBy: string, language?: string) =>
  (
    await ask<{ decideReview: object }>(
      `mutation { decideReview(requestId: "${randomUUID()}", swipeId: "${swipeId}", bornBy: ${bornBy}, note: "核实")
         { ... on SwipeReview { number decision { bornBy } } ... on ReviewRefusal { code field message } } }`,
      language,
    )
  ).decideReview;

it('a discharge ends what was opened for days after it, and each review is read by its number', async () => {
  const { elderId, uid } = await town.diner();
  const { swipeId } = await town.eat(uid, 1);
  const stayId = await admitted(elderId, '2026-03-04');
  const open = { number: 1, reason: 'STAY_ENTERED_LATE', doubtedFen: 200, withdrawn: false, decision: null };
  expect(await reviewOf(swipeId)).toEqual(open);
  await ask(`mutation { discharge(stayId: "${stayId}", on: "2026-03-06", reason: "HOME") { __typename } }`);
  expect(await reviewOf(swipeId)).toEqual({ ...open, withdrawn: true });
  expect(await reviewOf(swipeId, ', number: 1')).toEqual({ ...open, withdrawn: true });
  expect(await reviewOf(swipeId, ', number: 2')).toBeNull();
  expect(await decide(swipeId, 'CANTEEN')).toMatchObject({ code: 'REVIEW_WITHDRAWN', field: ['swipeId'] });
});

it('a discharge that lies ahead and is moved back does the same', async () => {
  const { elderId, uid } = await town.diner();
  const { swipeId } = await town.eat(uid, 1);
  const stayId = await admitted(elderId, '2026-03-04');
  await ask(`mutation { discharge(stayId: "${stayId}", on: "2026-03-12", reason: "HOME") { __typename } }`);
  expect(await reviewOf(swipeId)).toMatchObject({ withdrawn: false });
  await ask(`mutation { changeDischarge(stayId: "${stayId}", on: "2026-03-06") { __typename } }`);
  expect(await reviewOf(swipeId)).toMatchObject({ withdrawn: true });
});

it('whoever would have a funder bear a resident’s meal is told, in the language of the request', async () => {
  const { elderId, uid } = await town.diner(0);
  const { swipeId } = await town.eat(uid, 1);
  await admitted(elderId, '2026-03-09');
  const byBureau = 'FUNDER, funderCode: "BUREAU"';
  expect(await decide(swipeId, byBureau)).toMatchObject({
    ...{ code: 'ELDER_IN_INSTITUTION', field: ['bornBy'] },
    message: expect.stringContaining('lived in an institution'),
  });
  expect(await decide(swipeId, byBureau, 'zh')).toMatchObject({
    message: expect.stringContaining('养老机构'),
  });
  expect(await decide(swipeId, 'CANTEEN')).toEqual({ number: 1, decision: { bornBy: 'CANTEEN' } });
});
