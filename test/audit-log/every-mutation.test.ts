import { randomUUID } from 'node:crypto';
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { policy } from '../../src/access/policy.js';
import { codeAt } from '../../src/access/totp.js';
import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { recordsOf } from '../support/audit-trail.js';
import { addPerson, type Person, password, signedIn } from '../support/staff.js';
import { statementCases } from '../support/statement-cases.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon, topUp } from '../support/town.js';
import { buildTwoCounties, newIdNumber, newUid, type TwoCounties } from '../support/two-counties.js';

const schema: GraphQLSchema = await buildYinlingSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

let server: TestServer;
let town: TwoCounties;
let readerId: number;
const tokens: Record<'admin' | 'manager' | 'stranger' | 'reader' | 'staff', string> = {
  admin: '',
  manager: '',
  stranger: '',
  reader: '',
  /** Of whoever takes the step of a statement under test. */
  staff: '',
};
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  tokens.admin = await server.adminToken();
  tokens.manager = await server.managerToken(town.countyId);
  tokens.stranger = await server.managerToken(town.otherCountyId);
  const reader = await server.account('READER', town.canteenIds[0]);
  tokens.reader = reader.token;
  readerId = reader.accountId;
});
afterAll(() => server.close());

let seen = 0;
beforeEach(async () => {
  seen = (await recordsOf(server.database)).length;
});

/** What the log gained since the test began. */
async function gained(): Promise<AuditRow[]> {
  const records = (await recordsOf(server.database)).sort(
    (one, other) => one.at - other.at || one.id - other.id,
  );
  return records.slice(seen);
}

/** Some value of a type, as a literal: enough for a call that is refused before it is looked at. */
function someLiteral(type: GraphQLInputType): string {
  if (isNonNullType(type)) return someLiteral(type.ofType);
  if (isListType(type)) return `[${someLiteral(type.ofType)}]`;
  if (isEnumType(type)) return String(type.getValues()[0]?.name);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(({ type: field }) => isNonNullType(field));
    return `{ ${fields.map((field) => `${field.name}: ${someLiteral(field.type)}`).join(', ')} }`;
  }
  const literals: Record<string, string> = {
    ID: '"1"',
    String: '"x"',
    Int: '1',
    Float: '1.5',
    Boolean: 'true',
    Fen: '100',
    Date: '"2026-03-10"',
    DateTime: '"2026-03-10T12:00:00+08:00"',
  };
  const literal = literals[type.name];
  if (!literal) throw new Error(`what is a ${type.name}? Give this test a literal of it`);
  return literal;
}

function callOf(name: string): string {
  const field = schema.getMutationType()?.getFields()[name];
  const args = (field?.args ?? []).filter(({ type }) => isNonNullType(type));
  const given = args.map((arg) => `${arg.name}: ${someLiteral(arg.type)}`).join(', ');
  const leaf = field && isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  return `mutation { ${name}${given ? `(${given})` : ''} ${leaf} }`;
}

describe.each(mutations.map(({ name }) => name))('%s', (name) => {
  it('leaves one record when nobody knows the caller', async () => {
    if (policy[name] === 'ANYONE') {
      const { body } = await server.post(callOf(name), {});
      expect(body.errors).toBeUndefined();
      expect(await gained()).toMatchObject([{ operation: name, accountId: null, address: '127.0.0.1' }]);
      return;
    }
    const { body } = await server.post(callOf(name), {}, undefined, { 'x-request-id': `anonymous-${name}` });
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
      await server.post(callOf(name), {}, tokens.reader);
      expect(await gained()).toMatchObject([{ operation: name }]);
      return;
    }
    const forbidden = name === 'recordSwipe' || name === 'recordSwipes' ? tokens.manager : tokens.reader;
    const { body } = await server.post(callOf(name), {}, forbidden);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const records = await gained();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ operation: name, result: 'FORBIDDEN', accountId: expect.any(Number) });
  });
});

interface Case {
  /** Whose token; that of `person`'s session without it. */
  token?: keyof typeof tokens;
  query(): Promise<string> | string;
  /** What the record says beside the operation. */
  record(): Partial<AuditRow>;
}

const swipe = (uid: string, sequence: number) =>
  `{ swipeId: "${randomUUID()}", sequence: ${sequence}, cardUid: "${uid}", swipedAt: "${noon.toISOString()}", grossFen: 1200 }`;
const on = '"2026-03-10"';
let diner = { elderId: 0, uid: '' };
let person: Person = { accountId: 0, grantId: 0, userName: '' };
let session = '';
let refreshToken = '';

/** Somebody at the street who has signed in. */
async function newPerson(): Promise<Person> {
  person = await addPerson(server.database, 'STAFF', town.streetId);
  ({ accessToken: session, refreshToken } = await signedIn(server, person.userName));
  return person;
}
const cardQuery = '{ __typename ... on CardRefusal { code } }';

async function newDiner(balanceFen = 0) {
  diner = await addDiner(town, { balanceFen });
  return diner;
}

async function newFacility(code: string): Promise<number> {
  const { body } = await server.post<{ addFacility: { id: string } }>(addFacility(code), {}, tokens.admin);
  seen = (await recordsOf(server.database)).length;
  return Number(body.data.addFacility.id);
}

async function newReader(): Promise<number> {
  return (await server.account('READER', town.canteenIds[0])).accountId;
}

const addFacility = (code: string) =>
  `mutation { addFacility(input: { name: "新街道", code: "${code}", kind: STREET_CENTER, divisionCode: "411302001", parentId: "${town.countyId}" }) { ... on Facility { id } } }`;

/** A call of each mutation in service that is done, and the record that it leaves. */
const succeeding: Record<string, Case> = {
  signIn: {
    token: 'reader',
    query: async () =>
      `mutation { signIn(userName: "${(await newPerson()).userName}", password: "${password}") { __typename } }`,
    record: () => ({ details: expect.not.stringContaining(password) }),
  },
  refreshSession: {
    async query() {
      await newPerson();
      return `mutation { refreshSession(refreshToken: "${refreshToken}") { __typename } }`;
    },
    record: () => ({ details: expect.not.stringContaining(refreshToken) }),
  },
  signOut: {
    async query() {
      await newPerson();
      return 'mutation { signOut }';
    },
    record: () => ({ accountId: person.accountId }),
  },
  signOutEverywhere: {
    async query() {
      await newPerson();
      return 'mutation { signOutEverywhere }';
    },
    record: () => ({ accountId: person.accountId }),
  },
  changePassword: {
    async query() {
      await newPerson();
      return `mutation { changePassword(currentPassword: "${password}", newPassword: "another horse 7") { __typename } }`;
    },
    record: () => ({ accountId: person.accountId, details: expect.not.stringContaining('horse') }),
  },
  startTotp: {
    async query() {
      await newPerson();
      return `mutation { startTotp(password: "${password}") { __typename } }`;
    },
    record: () => ({ accountId: person.accountId, details: expect.not.stringContaining(password) }),
  },
  confirmTotp: {
    async query() {
      await newPerson();
      const start = `mutation { startTotp(password: "${password}") { ... on TotpSetup { secret } } }`;
      const { body } = await server.post<{ startTotp: { secret: string } }>(start, {}, session);
      return `mutation { confirmTotp(code: "${codeAt(body.data.startTotp.secret, new Date())}") { __typename } }`;
    },
    record: () => ({ accountId: person.accountId }),
  },
  openAccount: {
    token: 'manager',
    query: () =>
      `mutation { openAccount(input: { name: "李秀兰", userName: "new-person", password: "another horse 7", role: STAFF, facilityId: "${town.streetId}" }) { __typename } }`,
    record: () => ({ details: expect.not.stringContaining('horse') }),
  },
  resetPassword: {
    token: 'manager',
    query: async () =>
      `mutation { resetPassword(accountId: "${(await newPerson()).accountId}", newPassword: "another horse 7") { __typename } }`,
    record: () => ({ details: expect.stringContaining(`"accountId":"${person.accountId}"`) }),
  },
  grantRole: {
    token: 'manager',
    query: async () =>
      `mutation { grantRole(accountId: "${(await newPerson()).accountId}", role: FINANCE, facilityId: "${town.streetId}") { __typename } }`,
    record: () => ({ details: expect.stringContaining('"role":"FINANCE"') }),
  },
  withdrawGrant: {
    token: 'manager',
    query: async () => `mutation { withdrawGrant(grantId: "${(await newPerson()).grantId}") { __typename } }`,
    record: () => ({ details: expect.stringContaining(`"grantId":"${person.grantId}"`) }),
  },
  addFacility: {
    token: 'admin',
    query: () => addFacility('NEW-1'),
    record: () => ({ result: 'DONE', subject: expect.stringMatching(/^facility:\d+$/) }),
  },
  renameFacility: {
    token: 'admin',
    query: () => `mutation { renameFacility(id: "${town.streetId}", name: "南街") { __typename } }`,
    record: () => ({
      facilityId: town.streetId,
      details: expect.stringMatching(/"before":\{.*"name":"STREET".*"after":\{.*"name":"南街"/),
    }),
  },
  moveFacility: {
    token: 'admin',
    query: async () =>
      `mutation { moveFacility(id: "${town.canteenIds[1]}", parentId: "${await newFacility('NEW-2')}", on: "2026-04-01") { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[1],
      details: expect.stringMatching(/"before":.*"after":.*"fromDay":"2026-04-01"/),
    }),
  },
  closeFacility: {
    token: 'admin',
    query: async () =>
      `mutation { closeFacility(id: "${await newFacility('NEW-3')}", on: "2026-04-01") { __typename } }`,
    record: () => ({ details: expect.stringMatching(/"closedOn":null.*"closedOn":"2026-04-01"/) }),
  },
  registerElder: {
    token: 'manager',
    query: () =>
      `mutation { registerElder(input: { name: "李秀兰", idNumber: "${newIdNumber()}", homeStationId: "${town.stationId}" }) { __typename } }`,
    record: () => ({
      elderId: expect.any(Number),
      facilityId: town.stationId,
      details: expect.stringMatching(/"after":\{"name":"李\*\*"/),
    }),
  },
  eraseElder: {
    token: 'admin',
    async query() {
      const { elderId } = await newDiner();
      await server.database.write((manager) =>
        manager.query("UPDATE elder SET status = 'DECEASED', endedOn = '2020-01-02' WHERE id = ?", [elderId]),
      );
      return `mutation { eraseElder(elderId: "${elderId}") { __typename } }`;
    },
    record: () => ({ elderId: expect.any(Number), result: 'DONE' }),
  },
  endElder: {
    token: 'manager',
    query: async () =>
      `mutation { endElder(elderId: "${(await newDiner()).elderId}", status: MOVED_AWAY, on: ${on}) { __typename } }`,
    record: () => ({
      elderId: diner.elderId,
      details: expect.stringMatching(/"status":"ACTIVE".*"status":"MOVED_AWAY"/),
    }),
  },
  issueCard: {
    token: 'manager',
    async query() {
      const { elderId, uid } = await newDiner();
      await server.post(`mutation { reportCardLost(cardUid: "${uid}") ${cardQuery} }`, {}, tokens.manager);
      seen = (await recordsOf(server.database)).length;
      return `mutation { issueCard(elderId: "${elderId}", uid: "${newUid()}") ${cardQuery} }`;
    },
    record: () => ({ elderId: diner.elderId, subject: expect.stringMatching(/^card:\d+$/) }),
  },
  topUpCard: {
    token: 'manager',
    query: async () =>
      `mutation { topUpCard(requestId: "${randomUUID()}", cardUid: "${(await newDiner(100)).uid}", fen: 500) ${cardQuery} }`,
    record: () => ({
      elderId: diner.elderId,
      facilityId: town.stationId,
      details: expect.stringMatching(/"fen":500.*"balanceFen":100.*"balanceFen":600/),
    }),
  },
  reportCardLost: {
    token: 'manager',
    query: async () => `mutation { reportCardLost(cardUid: "${(await newDiner()).uid}") ${cardQuery} }`,
    record: () => ({ details: expect.stringMatching(/"status":"ACTIVE".*"status":"LOST"/) }),
  },
  replaceCard: {
    token: 'manager',
    query: async () =>
      `mutation { replaceCard(requestId: "${randomUUID()}", cardUid: "${(await newDiner()).uid}", newCardUid: "${newUid()}") ${cardQuery} }`,
    record: () => ({ elderId: diner.elderId }),
  },
  configureCanteen: {
    token: 'manager',
    query: () =>
      `mutation { configureCanteen(input: { canteenId: "${town.canteenIds[1]}", priceFenMax: 2500, windows: [{ meal: LUNCH, fromMinute: 630, toMinute: 810 }] }) { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[1],
      details: expect.stringMatching(/"priceFenMax":3000.*"priceFenMax":2500/),
    }),
  },
  voidSwipe: {
    token: 'manager',
    async query() {
      const { uid } = await newDiner(5000);
      const input = swipe(uid, 1);
      await server.post(`mutation { recordSwipe(input: ${input}) { outcome } }`, {}, tokens.reader);
      seen = (await recordsOf(server.database)).length;
      const swipeId = /swipeId: "([^"]+)"/.exec(input)?.[1];
      return `mutation { voidSwipe(swipeId: "${swipeId}", reason: "认错人") { __typename } }`;
    },
    record: () => ({
      elderId: diner.elderId,
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"reason":"\*\*\*".*"voided":false.*"voided":true/),
    }),
  },
  recordSwipe: {
    token: 'reader',
    query: async () => `mutation { recordSwipe(input: ${swipe((await newDiner(5000)).uid, 2)}) { outcome } }`,
    record: () => ({
      operation: 'recordSwipes',
      roles: 'READER',
      facilityId: town.canteenIds[0],
      times: 1,
      details: expect.stringMatching(
        /^\{"swipes":1,"outcomes":\{"ACCEPTED":1\},"readers":"\d+@127.0.0.1","ids":\[\d+,\d+\],"sha256":"[0-9a-f]{64}"\}$/,
      ),
    }),
  },
  recordSwipes: {
    token: 'reader',
    async query() {
      const { uid } = await newDiner(5000);
      return `mutation { recordSwipes(inputs: [${swipe(uid, 3)}, ${swipe(uid, 4)}, ${swipe('FFFFFFFF', 5)}]) { outcome } }`;
    },
    record: () => ({
      times: 3,
      details: expect.stringContaining('"outcomes":{"ACCEPTED":1,"MEAL_ALREADY_TAKEN":1,"CARD_UNKNOWN":1}'),
    }),
  },
  ...statementCases(
    () => ({ server, town }),
    (token) => {
      tokens.staff = token;
    },
  ),
  enrolReader: {
    token: 'manager',
    query: () =>
      `mutation { enrolReader(canteenId: "${town.canteenIds[0]}", name: "机号一") { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[0],
      subject: expect.stringMatching(/^account:\d+$/),
      details: expect.stringMatching(
        /"name":"\*\*\*".*"after":\{"revokedAt":null,"keys":\[\{"madeAt":"[^"]+","until":null\}\]/,
      ),
    }),
  },
  rotateReader: {
    token: 'manager',
    query: async () =>
      `mutation { rotateReader(readerId: "${await newReader()}", overlapMinutes: 0) { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"before":.*"until":null.*"after":.*"until":null.*"until":"\d/),
    }),
  },
  revokeReader: {
    token: 'manager',
    query: async () => `mutation { revokeReader(readerId: "${await newReader()}") { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"before":\{"revokedAt":null.*"after":\{"revokedAt":"\d/),
    }),
  },
  setClock: {
    token: 'admin',
    query: () => `mutation { setClock(at: "${noon.toISOString()}", rate: 0) }`,
    record: () => ({
      details: expect.stringContaining('"at":"2026-03-10T04:00:00.000Z"'),
    }),
  },
};

describe.each(mutations.map(({ name }) => name))('%s', (name) => {
  it('leaves one record when it is done, or says that it is not in service', async () => {
    const case_ = succeeding[name];
    if (!case_) {
      const { body } = await server.post(callOf(name), {}, tokens.admin);
      // checkIn and checkOut are closed to everybody yet. Whatever else is in service needs a case above.
      expect(['NOT_IN_SERVICE', 'FORBIDDEN']).toContain(body.errors?.[0]?.extensions.code);
      const records = await gained();
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ operation: name, result: body.errors?.[0]?.extensions.code });
      return;
    }
    const query = await case_.query();
    seen = (await recordsOf(server.database)).length;
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
  seen = (await recordsOf(server.database)).length;
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
