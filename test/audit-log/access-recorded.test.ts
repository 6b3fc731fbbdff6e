import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { recordsOf } from '../support/audit-trail.js';
import { addPerson, type Person, password, refresh, type SessionAnswer, signedIn } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let manager: string;
let person: Person;
let session: SessionAnswer;
let isAway = false;

beforeAll(async () => {
  server = await startTestServer();
  town = await buildTown(server.database);
  manager = await server.managerToken(town.streetId);
});
afterAll(() => server.close());
beforeEach(async () => {
  person = await addPerson(server.database, 'STAFF', town.streetId);
  session = await signedIn(server, person.userName);
});
afterEach(logComesBack);

/** No record can be written as long as one of the tables of the log is away. */
async function logGoesAway(): Promise<void> {
  await rename('audit_pending', 'audit_pending_away');
  isAway = true;
}
async function logComesBack(): Promise<void> {
  if (isAway) await rename('audit_pending_away', 'audit_pending');
  isAway = false;
}
const rename = (from: string, to: string) =>
  server.database.write((connection) => connection.query(`ALTER TABLE ${from} RENAME TO ${to}`));

/** What the tables of access hold, but for the tries: those are counted before anything is looked at. */
function state(): Promise<unknown[]> {
  return server.database.read(async (connection) => [
    await connection.query('SELECT * FROM account ORDER BY id'),
    await connection.query('SELECT * FROM access_grant ORDER BY id'),
    await connection.query('SELECT * FROM staff_credential ORDER BY accountId'),
    await connection.query('SELECT * FROM staff_session ORDER BY id'),
    await connection.query('SELECT * FROM refresh_token ORDER BY id'),
  ]);
}

const own = () => session.accessToken;
const calls: [string, () => string, () => string | undefined][] = [
  ['signIn', () => `signIn(userName: "${person.userName}", password: "${password}")`, () => undefined],
  ['refreshSession', () => `refreshSession(refreshToken: "${session.refreshToken}")`, () => undefined],
  [
    'changePassword',
    () => `changePassword(currentPassword: "${password}", newPassword: "another horse 7")`,
    own,
  ],
  ['startTotp', () => `startTotp(password: "${password}")`, own],
  [
    'openAccount',
    () =>
      `openAccount(input: { name: "李秀兰", userName: "unseen-one", password: "another horse 7", role: STAFF, facilityId: "${town.streetId}" })`,
    () => manager,
  ],
  [
    'resetPassword',
    () => `resetPassword(accountId: "${person.accountId}", newPassword: "another horse 7")`,
    () => manager,
  ],
];

it.each(calls)('%s does not happen when it cannot be recorded', async (_name, call, token) => {
  const before = await state();
  await logGoesAway();
  const { body } = await server.post(`mutation { ${call()} { __typename } }`, {}, token());
  await logComesBack();
  expect(body.errors).toHaveLength(1);
  expect(body.data).toBeNull();
  expect(await state()).toEqual(before);
});

it('a refresh token that was not used up on record is good for another try', async () => {
  await logGoesAway();
  await server.post(`mutation { refreshSession(refreshToken: "${session.refreshToken}") { __typename } }`);
  await logComesBack();
  expect(await refresh(server, session.refreshToken)).toMatchObject({ __typename: 'Session' });
});

it('the record of a sign-in says whose session it opened', async () => {
  const records = await recordsOf(server.database);
  expect(records.at(-1)).toMatchObject({
    operation: 'signIn',
    accountId: null,
    subject: `account:${person.accountId}`,
  });
});

it('of a flood of wrong passwords every try is on record', async () => {
  const before = (await recordsOf(server.database)).length;
  const guess = `mutation { signIn(userName: "${person.userName}", password: "wrong but long") { __typename } }`;
  await Promise.all(Array.from({ length: 40 }, () => server.post(guess)));
  const records = (await recordsOf(server.database)).slice(before);
  expect(records.reduce((sum, { times }) => sum + times, 0)).toBe(40);
  expect(new Set(records.map(({ result }) => result))).toContain('SIGN_IN_FAILED');
});
