import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeAt } from '../../src/access/totp.js';
import { SettableClock } from '../../src/shared/clock.js';
import { addPerson, password, rolesOf, signedIn, trySignIn } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
/** The machine's time as these tests have it: it stands in the middle of a step. */
let clock: SettableClock;
beforeAll(async () => {
  server = await startTestServer({ settings: { totpRoles: ['FINANCE'] } });
  town = await buildTown(server.database);
});
afterAll(() => server.close());
beforeEach(async () => {
  clock = new SettableClock();
  clock.set(new Date(Math.floor(Date.now() / 30_000) * 30_000 + 15_000), 0);
  server.services.staff.clock = clock;
  await server.database.write((manager) => manager.query('DELETE FROM sign_in_throttle'));
});

function passSeconds(seconds: number): void {
  clock.set(new Date(clock.now().getTime() + seconds * 1000), 0);
}

async function start(token: string, given = password, code?: string) {
  const { body } = await server.post<{ startTotp: { secret: string; uri: string; code?: string } }>(
    `mutation ($p: String!, $c: String) { startTotp(password: $p, code: $c) {
      ... on TotpSetup { secret uri } ... on AccountRefusal { code field } } }`,
    { p: given, c: code },
    token,
  );
  return body.data.startTotp;
}

async function confirm(token: string, code: string) {
  const { body } = await server.post<{ confirmTotp: unknown }>(
    `mutation ($c: String!) { confirmTotp(code: $c) {
      ... on TotpConfirmed { since } ... on AccountRefusal { code field } } }`,
    { c: code },
    token,
  );
  return body.data.confirmTotp;
}

/** Somebody whose phone makes codes from `secret`, a minute after the set-up. */
async function withTotp(role: 'FINANCE' | 'STAFF' = 'STAFF') {
  const { userName, accountId } = await addPerson(server.database, role, town.streetId);
  const { accessToken } = await signedIn(server, userName);
  const { secret } = await start(accessToken);
  await confirm(accessToken, codeAt(secret, clock.now()));
  passSeconds(60);
  return { userName, accountId, secret, accessToken };
}

describe('setting up', () => {
  it('shows a secret for the password, and counts from the first right code on', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    const { accessToken } = await signedIn(server, userName);
    expect(await confirm(accessToken, '123456')).toEqual({ code: 'TOTP_NOT_STARTED', field: null });
    expect(await start(accessToken, 'not the password')).toMatchObject({ code: 'PASSWORD_WRONG' });
    const { secret, uri } = await start(accessToken);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri)).toContain(userName);
    const right = codeAt(secret, clock.now());
    const wrong = right === '000000' ? '000001' : '000000';
    expect(await confirm(accessToken, wrong)).toEqual({ code: 'CODE_WRONG', field: ['code'] });
    // Not confirmed, so not asked for: nobody is shut out by a set-up that failed.
    await signedIn(server, userName);
    expect(await confirm(accessToken, right)).toEqual({ since: clock.now().toISOString() });
    expect(await start(accessToken)).toMatchObject({ code: 'TOTP_SET_UP' });
    expect(await confirm(accessToken, right)).toMatchObject({ code: 'TOTP_SET_UP' });
  });

  it('needs the account of a person', async () => {
    expect(await start(await server.adminToken())).toMatchObject({ code: 'NO_PASSWORD' });
  });
});

describe('a sign-in', () => {
  it('wants the code, and tells no more than of a wrong password when it is missing or wrong', async () => {
    const { userName, secret } = await withTotp();
    const answers = [
      await trySignIn(server, userName),
      await trySignIn(server, userName, password, 'abcdef'),
      await trySignIn(server, userName, 'not the password', codeAt(secret, clock.now())),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ code: 'SIGN_IN_FAILED' });
    const code = codeAt(secret, clock.now());
    expect(await trySignIn(server, userName, password, code)).toMatchObject({ __typename: 'Session' });
  });

  it('takes the code of the step before and after, and none that is older', async () => {
    const { userName, secret } = await withTotp();
    const ofSeconds = (seconds: number) => codeAt(secret, new Date(clock.now().getTime() + seconds * 1000));
    passSeconds(120);
    expect(await trySignIn(server, userName, password, ofSeconds(-60))).toMatchObject({
      code: 'SIGN_IN_FAILED',
    });
    expect(await trySignIn(server, userName, password, ofSeconds(60))).toMatchObject({
      code: 'SIGN_IN_FAILED',
    });
    expect(await trySignIn(server, userName, password, ofSeconds(-30))).toMatchObject({
      __typename: 'Session',
    });
    expect(await trySignIn(server, userName, password, ofSeconds(30))).toMatchObject({
      __typename: 'Session',
    });
  });

  it('refuses a code that was used, and one of a step before a used one', async () => {
    const { userName, secret } = await withTotp();
    const code = codeAt(secret, clock.now());
    const before = codeAt(secret, new Date(clock.now().getTime() - 30_000));
    expect(await trySignIn(server, userName, password, code)).toMatchObject({ __typename: 'Session' });
    expect(await trySignIn(server, userName, password, code)).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await trySignIn(server, userName, password, before)).toMatchObject({ code: 'SIGN_IN_FAILED' });
  });

  it('of two with one code at once, one is let in', async () => {
    const { userName, secret } = await withTotp();
    const code = codeAt(secret, clock.now());
    const answers = await Promise.all([1, 2, 3].map(() => trySignIn(server, userName, password, code)));
    expect(answers.filter(({ __typename }) => __typename === 'Session')).toHaveLength(1);
  });
});

it('a role that wants codes counts only in a session that had one', async () => {
  const { userName } = await addPerson(server.database, 'FINANCE', town.streetId);
  const session = await signedIn(server, userName);
  expect(session.totpMissing).toBe(true);
  expect(await rolesOf(server, session.accessToken)).toEqual([]);
  const { secret } = await start(session.accessToken);
  await confirm(session.accessToken, codeAt(secret, clock.now()));
  expect(await rolesOf(server, session.accessToken)).toEqual(['FINANCE']);
  passSeconds(60);
  const next = await trySignIn(server, userName, password, codeAt(secret, clock.now()));
  expect(next.totpMissing).toBe(false);
  expect(await rolesOf(server, next.accessToken)).toEqual(['FINANCE']);
});

const secretsOf = (accountId: number): Promise<{ totpSecret: string | null; totpNext: string | null }[]> =>
  server.database.read((manager) =>
    manager.query('SELECT totpSecret, totpNext FROM staff_credential WHERE accountId = ?', [accountId]),
  );

describe('another phone', () => {
  it('needs the password and a code of the old one, and takes over with its own first code', async () => {
    const { userName, accountId, secret, accessToken } = await withTotp();
    expect(await start(accessToken, password)).toEqual({ code: 'TOTP_SET_UP', field: ['code'] });
    expect(await start(accessToken, password, '12345x')).toEqual({ code: 'CODE_WRONG', field: ['code'] });
    const code = codeAt(secret, clock.now());
    expect(await start(accessToken, 'not the password', code)).toMatchObject({ code: 'PASSWORD_WRONG' });
    const next = await start(accessToken, password, code);
    expect(next.secret).not.toBe(secret);

    passSeconds(60);
    expect(await trySignIn(server, userName, password, codeAt(next.secret, clock.now()))).toMatchObject({
      code: 'SIGN_IN_FAILED',
    });
    expect(await trySignIn(server, userName, password, codeAt(secret, clock.now()))).toMatchObject({
      __typename: 'Session',
    });
    expect(await confirm(accessToken, codeAt(secret, clock.now()))).toMatchObject({ code: 'CODE_WRONG' });
    expect(await confirm(accessToken, codeAt(next.secret, clock.now()))).toHaveProperty('since');
    expect(await secretsOf(accountId)).toMatchObject([{ totpNext: null }]);

    passSeconds(60);
    expect(await trySignIn(server, userName, password, codeAt(secret, clock.now()))).toMatchObject({
      code: 'SIGN_IN_FAILED',
    });
    expect(await trySignIn(server, userName, password, codeAt(next.secret, clock.now()))).toMatchObject({
      __typename: 'Session',
    });
  });

  it('is refused with a code that signed somebody in, and first codes cannot be tried at will', async () => {
    const { userName, secret, accessToken } = await withTotp();
    const code = codeAt(secret, clock.now());
    await trySignIn(server, userName, password, code);
    expect(await start(accessToken, password, code)).toMatchObject({ code: 'CODE_WRONG' });
    passSeconds(60);
    await start(accessToken, password, codeAt(secret, clock.now()));
    const tries: unknown[] = [];
    for (let count = 0; count < 6; count++) tries.push(await confirm(accessToken, 'abcdef'));
    expect(tries).toContainEqual({ code: 'CODE_WRONG', field: ['code'] });
    expect(tries.at(-1)).toEqual({ code: 'TOO_MANY_TRIES', field: null });
  });

  it('that was lost is taken off by a manager in whose area all lies that the person may do', async () => {
    const { userName, accountId } = await withTotp();
    const reset = `mutation { resetPassword(accountId: "${accountId}", newPassword: "for one first day", removeTotp: true) {
      ... on StaffAccount { userName } ... on AccountRefusal { code } } }`;
    const beside = await server.managerToken(town.canteenIds[0]);
    expect((await server.post(reset, {}, beside)).body.data).toEqual({
      resetPassword: { code: 'ACCOUNT_UNKNOWN' },
    });
    expect((await secretsOf(accountId))[0]?.totpSecret).not.toBeNull();
    const manager = await server.managerToken(town.streetId);
    expect((await server.post(reset, {}, manager)).body.data).toEqual({ resetPassword: { userName } });
    expect(await secretsOf(accountId)).toEqual([{ totpSecret: null, totpNext: null }]);
    await signedIn(server, userName, 'for one first day');
  });
});

describe('secrets at rest', () => {
  it('are encrypted, and one that was copied from another account does not open', async () => {
    const { secret, accountId, userName } = await withTotp();
    const other = await withTotp();
    const [kept] = await secretsOf(accountId);
    expect(kept?.totpSecret).toMatch(/^v1\.k1\.[\w-]+$/);
    expect(kept?.totpSecret).not.toContain(secret);
    const own = (await secretsOf(other.accountId))[0]?.totpSecret;
    await server.database.write((manager) =>
      manager.query('UPDATE staff_credential SET totpSecret = ? WHERE accountId = ?', [own, accountId]),
    );
    const { body } = await server.post(
      `mutation { signIn(userName: "${userName}", password: "${password}", code: "${codeAt(other.secret, clock.now())}") { __typename } }`,
    );
    expect(body.data).toBeNull();
    expect(JSON.stringify(body.errors)).not.toMatch(/v1\.k1|staff_credential/);
  });
});
