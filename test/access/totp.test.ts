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

async function start(token: string, given = password) {
  const { body } = await server.post<{ startTotp: { secret: string; uri: string; code?: string } }>(
    `mutation ($p: String!) { startTotp(password: $p) {
      ... on TotpSetup { secret uri } ... on AccountRefusal { code field } } }`,
    { p: given },
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
  const { userName } = await addPerson(server.database, role, town.streetId);
  const { accessToken } = await signedIn(server, userName);
  const { secret } = await start(accessToken);
  await confirm(accessToken, codeAt(secret, clock.now()));
  passSeconds(60);
  return { userName, secret, accessToken };
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
