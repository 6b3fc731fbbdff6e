import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { codeAt } from '../../src/access/totp.js';
import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { moneyMutations } from './audited-money.js';
import { networkMutations } from './audited-network.js';
import { newReader, overlookRecords, server, tokens, town } from './audited-server.js';
import { addPerson, type Person, password, signedIn } from './staff.js';
import { addDiner, noon } from './town.js';
import { newIdNumber, newUid } from './two-counties.js';

export interface Case {
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
  ...networkMutations,
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
  changeElder: {
    token: 'manager',
    query: async () =>
      `mutation { changeElder(input: { elderId: "${(await newDiner()).elderId}", name: "李秀兰", phone: "13900000000", categories: [LOW_INCOME] }) { __typename } }`,
    record: () => ({
      elderId: diner.elderId,
      details: expect.stringMatching(/"categories":\["LOW_INCOME"\].*"after":\{"name":"李\*\*"/),
    }),
  },
  correctIdNumber: {
    token: 'manager',
    query: async () =>
      `mutation { correctIdNumber(elderId: "${(await newDiner()).elderId}", idNumber: "${newIdNumber('1950-01-02')}") { __typename } }`,
    // The number itself is in no record.
    record: () => ({
      elderId: diner.elderId,
      details: expect.not.stringMatching(/19500102/),
    }),
  },
  reopenElder: {
    token: 'manager',
    async query() {
      const { elderId } = await newDiner();
      const end = `mutation { endElder(elderId: "${elderId}", status: CLOSED, on: ${on}) { __typename } }`;
      await server.post(end, {}, tokens.manager);
      await overlookRecords();
      return `mutation { reopenElder(elderId: "${elderId}") { __typename } }`;
    },
    record: () => ({
      elderId: diner.elderId,
      details: expect.stringMatching(/"status":"CLOSED".*"status":"ACTIVE"/),
    }),
  },
  issueCard: {
    token: 'manager',
    async query() {
      const { elderId, uid } = await newDiner();
      await server.post(`mutation { reportCardLost(cardUid: "${uid}") ${cardQuery} }`, {}, tokens.manager);
      await overlookRecords();
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
  ...moneyMutations,
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

export { cardQuery, diner, newDiner, on, session, succeeding, swipe };
