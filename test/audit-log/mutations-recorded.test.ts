import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { policy } from '../../src/access/policy.js';
import { recordsOf } from '../support/audit-trail.js';
import { succeedingAfterCare } from '../support/audited-after-care.js';
import { succeedingOfBeds } from '../support/audited-beds.js';
import { succeedingOfCare } from '../support/audited-care.js';
import { succeedingOfDeliveries } from '../support/audited-deliveries.js';
import { succeedingOfHours } from '../support/audited-hours.js';
import { cardQuery, diner, newDiner, on, session, succeeding, swipe } from '../support/audited-mutations.js';
import { succeedingOfPlans } from '../support/audited-plans.js';
import { succeedingOfRelatives } from '../support/audited-relatives.js';
import { succeedingOfRules } from '../support/audited-rules.js';
import {
  gained,
  overlookRecords,
  readerId,
  server,
  startAuditedServer,
  tokens,
  town,
} from '../support/audited-server.js';
import { succeedingOfVisits } from '../support/audited-visits.js';
import { succeedingOfWaiting } from '../support/audited-waiting.js';
import { succeedingOfFlags } from '../support/flags.js';
import { callOf } from '../support/some-call.js';
import { statementCases } from '../support/statement-cases.js';
import { topUp } from '../support/town.js';
import { newIdNumber, newUid } from '../support/two-counties.js';

const schema: GraphQLSchema = await buildYinlingSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

const inService = {
  ...succeeding,
  ...succeedingOfRelatives,
  ...succeedingOfRules,
  ...succeedingOfDeliveries,
  ...succeedingOfHours,
  ...succeedingOfCare,
  ...succeedingAfterCare,
  ...succeedingOfVisits,
  ...succeedingOfBeds,
  ...succeedingOfWaiting,
  ...succeedingOfFlags,
  ...succeedingOfPlans,
  ...statementCases(
    () => ({ server, town }),
    (token) => {
      tokens.staff = token;
    },
  ),
};

beforeAll(startAuditedServer);
afterAll(() => server.close());
beforeEach(overlookRecords);

describe.each(mutations.map(({ name }) => name))('%s', (name) => {
  it('leaves one record when nobody knows the caller', async () => {
    if (policy[name] === 'ANYONE') {
      const { body } = await server.post(callOf(schema, name), {});
      expect(body.errors).toBeUndefined();
      expect(await gained()).toMatchObject([{ operation: name, accountId: null, address: '127.0.0.1' }]);
      return;
    }
    const { body } = await server.post(callOf(schema, name), {}, undefined, {
      'x-request-id': `anonymous-${name}`,
    });
    expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const [record, ...more] = await gained();
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      operation: name,
      result: 'UNAUTHENTICATED',
      accountId: null,
      roles: '',
      address: '127.0.0.1',
      requestId: `anonymous-${name}`,
      times: 1,
    });
  });

  it('leaves one record when the caller may not', async () => {
    // Nobody who is known may not do these; a reader has no session and no password, and its try is recorded.
    if (typeof policy[name] === 'string') {
      await server.post(callOf(schema, name), {}, tokens.reader);
      expect(await gained()).toMatchObject([{ operation: name }]);
      return;
    }
    const forbidden = name === 'recordSwipe' || name === 'recordSwipes' ? tokens.manager : tokens.reader;
    const { body } = await server.post(callOf(schema, name), {}, forbidden);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const records = await gained();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ operation: name, result: 'FORBIDDEN', accountId: expect.any(Number) });
  });
});

describe.each(mutations.map(({ name }) => name))('%s', (name) => {
  it('leaves one record when it is done', async () => {
    const case_ = inService[name];
    if (!case_) {
      const { body } = await server.post(callOf(schema, name), {}, tokens.admin);
      // checkIn and checkOut are closed to an administrator. Whatever else there is needs a case above.
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      const records = await gained();
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ operation: name, result: body.errors?.[0]?.extensions.code });
      return;
    }
    const query = await case_.query();
    await overlookRecords();
    const { body } = await server.post(query, {}, case_.token ? tokens[case_.token] : session);
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).not.toContain('Refused');
    const records = await gained();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ operation: name, result: 'DONE', ...case_.record() });
  });
});

/** Calls of a manager whose county is another one: to them all this does not exist. */
const outOfScope: [string, () => string, string][] = [
  [
    'registerElder',
    () =>
      `mutation { registerElder(input: { name: "李秀兰", idNumber: "${newIdNumber()}", homeStationId: "${town.stationId}" }) { __typename } }`,
    'HOME_STATION_UNKNOWN',
  ],
  [
    'endElder',
    () => `mutation { endElder(elderId: "${diner.elderId}", status: DECEASED, on: ${on}) { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  [
    'changeElder',
    () => `mutation { changeElder(input: { elderId: "${diner.elderId}", categories: [] }) { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  [
    'correctIdNumber',
    () =>
      `mutation { correctIdNumber(elderId: "${diner.elderId}", idNumber: "${newIdNumber()}") { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  [
    'reopenElder',
    () => `mutation { reopenElder(elderId: "${diner.elderId}") { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  [
    'issueCard',
    () => `mutation { issueCard(elderId: "${diner.elderId}", uid: "${newUid()}") { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  [
    'topUpCard',
    () =>
      `mutation { topUpCard(requestId: "${randomUUID()}", cardUid: "${diner.uid}", fen: 500) { __typename } }`,
    'CARD_UNKNOWN',
  ],
  [
    'reportCardLost',
    () => `mutation { reportCardLost(cardUid: "${diner.uid}") { __typename } }`,
    'CARD_UNKNOWN',
  ],
  [
    'configureCanteen',
    () =>
      `mutation { configureCanteen(input: { canteenId: "${town.canteenIds[0]}", priceFenMax: 2500, windows: [] }) { __typename } }`,
    'CANTEEN_UNKNOWN',
  ],
  [
    'revokeReader',
    () => `mutation { revokeReader(readerId: "${readerId}") { __typename } }`,
    'READER_UNKNOWN',
  ],
  [
    'letRelativeIn',
    () =>
      `mutation { letRelativeIn(input: { elderId: "${diner.elderId}", phone: "13700000000", name: "李秀兰", rights: [], until: "2026-12-01T00:00:00Z", how: IN_PERSON, consentVersion: "2026-1" }) { __typename } }`,
    'ELDER_UNKNOWN',
  ],
  ['elder', () => `{ elder(id: "${diner.elderId}") { id } }`, 'NOT_FOUND'],
  ['swipe', () => `{ swipe(swipeId: "${randomUUID()}") { outcome } }`, 'NOT_FOUND'],
  [
    'canteenDay',
    () => `{ canteenDay(canteenId: "${town.canteenIds[0]}", date: ${on}) { meals } }`,
    'NOT_FOUND',
  ],
  ['Facility.rollup', () => `{ facility(id: "${town.countyId}") { rollup { elders } } }`, 'FORBIDDEN'],
];

it.each(outOfScope)('%s out of scope leaves one record', async (operation, query, result) => {
  if (diner.uid === '') await newDiner(100);
  await server.post(query(), {}, tokens.stranger);
  const records = await gained();
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ operation, result, roles: 'MANAGER', accountId: expect.any(Number) });
});

it('a refusal of the business leaves one record, with its code and who it was about', async () => {
  const { uid, elderId } = await newDiner(100);
  await server.post(
    `mutation { topUpCard(requestId: "${randomUUID()}", cardUid: "${uid}", fen: -1) ${cardQuery} }`,
    {},
    tokens.manager,
  );
  expect(await gained()).toMatchObject([{ operation: 'topUpCard', result: 'AMOUNT_OUT_OF_RANGE', elderId }]);
});

it('bad input that is thrown leaves one record', async () => {
  await server.post('mutation { recordSwipes(inputs: []) { outcome } }', {}, tokens.reader);
  await server.post('mutation { setClock(rate: -1) }', {}, tokens.admin);
  expect(await gained()).toMatchObject([
    { operation: 'recordSwipes', result: 'BAD_USER_INPUT' },
    { operation: 'setClock', result: 'BAD_USER_INPUT' },
  ]);
});

it('two mutations of one request leave a record each', async () => {
  const { uid } = await newDiner(100);
  const topUpOf = (alias: string) =>
    `${alias}: topUpCard(requestId: "${randomUUID()}", cardUid: "${uid}", fen: 100) ${cardQuery}`;
  await server.post(`mutation { ${topUpOf('a')} ${topUpOf('b')} }`, {}, tokens.manager);
  expect((await gained()).map(({ result }) => result)).toEqual(['DONE', 'DONE']);
});

it('an edge that is refused on every row of a page leaves one record that counts them', async () => {
  await server.post('{ facilities(first: 5) { nodes { rollup { elders } } } }', {}, tokens.reader);
  expect(await gained()).toMatchObject([{ operation: 'Facility.rollup', result: 'FORBIDDEN', times: 5 }]);
});

it('a replay, and nothing else in the batch, leaves none; a batch of a revoked reader leaves its refusal', async () => {
  const { uid } = await newDiner(5000);
  const query = `mutation { recordSwipe(input: ${swipe(uid, 9)}) { outcome replayed } }`;
  await server.post(query, {}, tokens.reader);
  await server.post(query, {}, tokens.reader);
  expect(await gained()).toHaveLength(1);

  const { token, accountId } = await server.account('READER', town.canteenIds[0]);
  await server.database.write((manager) =>
    manager.query('UPDATE access_token SET revokedAt = 1 WHERE accountId = ?', [accountId]),
  );
  await overlookRecords();
  await server.post(`mutation { recordSwipe(input: ${swipe(uid, 10)}) { outcome } }`, {}, token);
  expect(await gained()).toMatchObject([
    { operation: 'recordSwipes', result: 'READER_NOT_ACTIVE', accountId },
  ]);
});

it('no record holds an ID number, a card, a name or a reason', async () => {
  const { uid } = await newDiner(100);
  await topUp(town, uid, 100);
  const text = JSON.stringify(await recordsOf(server.database));
  expect(text).not.toMatch(/411399\d{8}/);
  expect(text).not.toContain(uid);
  expect(text).not.toMatch(/王小明|李秀兰|认错人/);
});
