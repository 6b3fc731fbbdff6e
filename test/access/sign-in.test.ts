import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Passwords } from '../../src/access/passwords.js';
import { SettableClock, systemClock } from '../../src/shared/clock.js';
import {
  addPerson,
  password,
  passwordSetAt,
  refresh,
  rolesOf,
  signedIn,
  trySignIn,
} from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

const wrong = 'wrong but long enough';

let server: TestServer;
let town: Town;
beforeAll(async () => {
  server = await startTestServer();
  town = await buildTown(server.database);
});
afterAll(() => server.close());

/** Each test begins with tries of its own. */
beforeEach(() => server.database.write((manager) => manager.query('DELETE FROM sign_in_throttle')));
afterEach(() => {
  vi.restoreAllMocks();
  server.services.staff.clock = systemClock;
});

async function tries(): Promise<number[]> {
  const rows: { tries: number }[] = await server.database.read((manager) =>
    manager.query('SELECT tries FROM sign_in_throttle ORDER BY tries'),
  );
  return rows.map((row) => row.tries);
}

function passMinutes(minutes: number): void {
  const clock = new SettableClock();
  clock.set(new Date(server.services.staff.clock.now().getTime() + minutes * 60_000), 0);
  server.services.staff.clock = clock;
}

it('a person who signs in is the viewer, by the grants of the account', async () => {
  const { userName } = await addPerson(server.database, 'FINANCE', town.countyId);
  const session = await signedIn(server, ` ${userName.toUpperCase()} `);
  expect(session).toMatchObject({ passwordTemporary: false, totpMissing: false });
  const minutes = (until: string) => (new Date(until).getTime() - Date.now()) / 60_000;
  expect(minutes(session.accessExpiresAt)).toBeGreaterThan(9.5);
  expect(minutes(session.accessExpiresAt)).toBeLessThanOrEqual(10);
  expect(minutes(session.expiresAt)).toBeGreaterThan(719);
  expect(await rolesOf(server, session.accessToken)).toEqual(['FINANCE']);
});

describe('who fails', () => {
  it('gets one answer, after one hash, whether unknown, wrong or locked', async () => {
    const known = await addPerson(server.database, 'STAFF', town.streetId);
    const locked = await addPerson(server.database, 'STAFF', town.streetId);
    for (let attempt = 0; attempt < 5; attempt += 1) await trySignIn(server, locked.userName, wrong);
    const matches = vi.spyOn(Passwords.prototype, 'matches');
    const answers = [
      await trySignIn(server, 'nobody-of-that-name', wrong),
      await trySignIn(server, 'not a name at all!', wrong),
      await trySignIn(server, known.userName, wrong),
      await trySignIn(server, locked.userName, password),
    ];
    expect(matches).toHaveBeenCalledTimes(4);
    expect(answers[0]).toMatchObject({ __typename: 'SignInRefusal', code: 'SIGN_IN_FAILED', field: null });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('an account waits after five tries, and opens again when the wait is over', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    for (let attempt = 0; attempt < 5; attempt += 1) await trySignIn(server, userName, wrong);
    expect(await trySignIn(server, userName)).toMatchObject({ code: 'SIGN_IN_FAILED' });
    passMinutes(0.6);
    expect(await trySignIn(server, userName)).toMatchObject({ __typename: 'Session' });
    // The account's tries are forgotten; the six of the address are not, and the right one was given back.
    expect(await tries()).toEqual([6]);
  });

  it('a storm of tries counts each: five are looked at, however many servers ask at once', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    const storm = Array.from({ length: 30 }, () => trySignIn(server, userName, wrong));
    const codes = (await Promise.all(storm)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['SIGN_IN_FAILED']));
    expect(await tries()).toEqual([5, 30]);
    expect(await trySignIn(server, userName)).toMatchObject({ code: 'SIGN_IN_FAILED' });
  });

  it('an address waits too, which costs nobody behind it a try', async () => {
    const few = await startTestServer({ settings: { triesPerAddress: 3 } });
    const place = (await buildTown(few.database)).streetId;
    const { userName } = await addPerson(few.database, 'STAFF', place);
    for (const name of ['nobody-1', 'nobody-2', 'nobody-3']) await trySignIn(few, name, wrong);
    expect(await trySignIn(few, userName)).toMatchObject({ code: 'TOO_MANY_TRIES' });
    await few.database.write((manager) => manager.query('DELETE FROM sign_in_throttle WHERE tries = 3'));
    expect(await trySignIn(few, userName)).toMatchObject({ __typename: 'Session' });
    await few.close();
  });

  it('many addresses have no more tries at one account than one, and a network of IPv6 is one address', async () => {
    const proxied = await startTestServer({ settings: { trustedProxies: 1, triesPerAddress: 8 } });
    const place = (await buildTown(proxied.database)).streetId;
    const [one, two] = [
      await addPerson(proxied.database, 'STAFF', place),
      await addPerson(proxied.database, 'STAFF', place),
    ];
    const from = async (address: string, userName: string, given = wrong) => {
      const query = `mutation { signIn(userName: "${userName}", password: "${given}") { __typename ... on SignInRefusal { code } } }`;
      const { body } = await proxied.post<{ signIn: unknown }>(query, {}, undefined, {
        'x-forwarded-for': address,
      });
      return body.data.signIn;
    };
    const failed = { __typename: 'SignInRefusal', code: 'SIGN_IN_FAILED' };
    for (let host = 1; host <= 5; host++) expect(await from(`10.0.0.${host}`, one.userName)).toEqual(failed);
    expect(await from('10.0.0.6', one.userName, password)).toEqual(failed);
    // Behind another address the account of somebody else is open as ever.
    expect(await from('10.0.0.6', two.userName, password)).toEqual({ __typename: 'Session' });

    for (let host = 1; host <= 8; host++) await from(`2001:db8::a:${host}`, `nobody-${host}`);
    expect(await from('2001:db8::b:1', two.userName, password)).toMatchObject({ code: 'TOO_MANY_TRIES' });
    expect(await from('2001:db8:0:1::1', two.userName, password)).toEqual({ __typename: 'Session' });
    await proxied.close();
  });

  it('aliases make no second try of one request', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    const one = (alias: string, given: string) =>
      `${alias}: signIn(userName: "${userName}", password: "${given}") { ... on SignInRefusal { code } }`;
    const { body } = await server.post(`mutation { ${one('a', wrong)} ${one('b', password)} }`);
    expect(body.data).toEqual({ a: { code: 'SIGN_IN_FAILED' }, b: { code: 'TOO_MANY_TRIES' } });
    expect(await tries()).toEqual([1, 1]);
  });

  it.each(['', 'x'.repeat(100_000)])('a password of odd length (%#)', async (odd) => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    expect(await trySignIn(server, userName, odd)).toMatchObject({ code: 'SIGN_IN_FAILED' });
  });
});

it('twenty people sign in at once', async () => {
  const people = await Promise.all(
    Array.from({ length: 20 }, () => addPerson(server.database, 'STAFF', town.streetId)),
  );
  const sessions = await Promise.all(people.map(({ userName }) => signedIn(server, userName)));
  expect(new Set(sessions.map(({ refreshToken }) => refreshToken)).size).toBe(20);
});

it('the event loop goes on while passwords are hashed', async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  const passwords = new Passwords({ memoryKibibytes: 65_536, passes: 4, lanes: 1 });
  await passwords.hash(password);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

it('a password of nobody takes as long to test as one of somebody', async () => {
  const passwords = new Passwords({ memoryKibibytes: 65_536, passes: 3, lanes: 1 });
  const kept = await passwords.hash(password);
  const milliseconds = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  // In turn, until the quickest of each are alike: on a busy machine any single one may wait for its turn.
  const quickest = { somebody: Number.POSITIVE_INFINITY, nobody: Number.POSITIVE_INFINITY };
  const ratio = () => quickest.nobody / quickest.somebody;
  for (let round = 0; round < 40 && !(ratio() > 1 / 2 && ratio() < 2); round += 1) {
    quickest.somebody = Math.min(quickest.somebody, await milliseconds(() => passwords.matches(kept, wrong)));
    quickest.nobody = Math.min(quickest.nobody, await milliseconds(() => passwords.matchesNobody(wrong)));
  }
  expect(ratio()).toBeGreaterThan(1 / 2);
  expect(ratio()).toBeLessThan(2);
});

it('a hash that was made at another cost is made anew at a sign-in', async () => {
  const cheap = await new Passwords({ memoryKibibytes: 8192, passes: 1, lanes: 1 }).hash(password);
  const person = await addPerson(server.database, 'STAFF', town.streetId, { passwordHash: cheap });
  await signedIn(server, person.userName);
  const [row] = await server.database.read((manager) =>
    manager.query('SELECT passwordHash FROM staff_credential WHERE accountId = ?', [person.accountId]),
  );
  expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  await signedIn(server, person.userName);
});

describe('changing a password', () => {
  const change = (token: string, current: string, next: string) =>
    server.post<{ changePassword: unknown }>(
      `mutation ($c: String!, $n: String!) { changePassword(currentPassword: $c, newPassword: $n) {
        ... on PasswordChanged { sessionsEnded } ... on AccountRefusal { code field } } }`,
      { c: current, n: next },
      token,
    );
  const next = 'a new password of mine';

  it('ends the other sessions and keeps this one', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    const [here, there] = [await signedIn(server, userName), await signedIn(server, userName)];
    const { body } = await change(here.accessToken, password, next);
    expect(body.data).toEqual({ changePassword: { sessionsEnded: 1 } });
    expect(await rolesOf(server, here.accessToken)).toEqual(['STAFF']);
    expect(await rolesOf(server, there.accessToken)).toBe('UNAUTHENTICATED');
    expect(await refresh(server, there.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await trySignIn(server, userName)).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await trySignIn(server, userName, next)).toMatchObject({ __typename: 'Session' });
  });

  it('is refused by name, and wrong tries are counted', async () => {
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId);
    const { accessToken } = await signedIn(server, userName);
    const refusals = async (current: string, wanted: string) =>
      (await change(accessToken, current, wanted)).body.data.changePassword;
    expect(await refusals(wrong, next)).toEqual({ code: 'PASSWORD_WRONG', field: ['currentPassword'] });
    const unfit = { code: 'PASSWORD_UNFIT', field: ['newPassword'] };
    expect(await refusals(password, 'short')).toEqual(unfit);
    expect(await refusals(password, password)).toEqual(unfit);
    expect(await refusals(password, userName)).toEqual(unfit);
    await refusals(wrong, next);
    expect(await refusals(password, next)).toEqual({ code: 'PASSWORD_WRONG', field: ['currentPassword'] });
  });

  it('an account without a password has none to change', async () => {
    const { body } = await change(await server.adminToken(), password, next);
    expect(body.data).toEqual({ changePassword: { code: 'NO_PASSWORD', field: null } });
  });

  it('a temporary password opens nothing until it is changed', async () => {
    const person = await addPerson(server.database, 'MANAGER', town.streetId, { temporary: true });
    const session = await signedIn(server, person.userName);
    expect(session.passwordTemporary).toBe(true);
    expect(await rolesOf(server, session.accessToken)).toEqual([]);
    const { body } = await server.post('{ elders { totalCount } }', {}, session.accessToken);
    expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await change(session.accessToken, password, next);
    expect(await rolesOf(server, session.accessToken)).toEqual(['MANAGER']);
  });

  it('a temporary password that nobody used for three days fails like a wrong one', async () => {
    const ago = (ms: number) => new Date(Date.now() - ms);
    const { userName } = await addPerson(server.database, 'STAFF', town.streetId, { temporary: true });
    await passwordSetAt(server.database, userName, ago(72 * 3_600_000));
    expect(await trySignIn(server, userName)).toEqual(await trySignIn(server, userName, wrong));
    await passwordSetAt(server.database, userName, ago(71 * 3_600_000));
    await signedIn(server, userName);
    // One's own does not run out.
    const own = await addPerson(server.database, 'STAFF', town.streetId);
    await passwordSetAt(server.database, own.userName, ago(1000 * 3_600_000));
    await signedIn(server, own.userName);
  });
});
