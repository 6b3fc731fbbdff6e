import { randomBytes } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AccessTokens } from '../../src/access/access-tokens.js';
import { Authenticator } from '../../src/access/authenticate.js';
import { SettableClock, systemClock } from '../../src/shared/clock.js';
import { statementsOf } from '../support/count-statements.js';
import { addPerson, type Person, refresh, rolesOf, signedIn } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  town = await buildTown(server.database);
  person = await addPerson(server.database, 'STAFF', town.streetId);
});
afterAll(() => server.close());

const signIn = () => signedIn(server, person.userName);

function secret(): Uint8Array {
  const [key] = server.settings.sessionKeys;
  if (!key) throw new Error('the tests have a key');
  return key.secret;
}

interface Claims {
  sub: string;
  sid: string;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
}

function payloadOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

const goodHeader = { alg: 'HS256', typ: 'at+jwt', kid: 'test' };

function signed(claims: Partial<Claims>, header = goodHeader, key = secret()): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
}

describe('a token that is not ours is UNAUTHENTICATED:', () => {
  const forgeries: [string, (claims: Claims, token: string) => Promise<string> | string][] = [
    ['changed claims', (claims, token) => spliced(token, { ...claims, sub: '1' })],
    ['without its signature', (_claims, token) => token.slice(0, token.lastIndexOf('.') + 1)],
    ['alg none', (claims) => new UnsecuredJWT({ ...claims }).encode()],
    ['another key of the same name', (claims) => signed(claims, goodHeader, randomBytes(32))],
    ['a key that nobody has', (claims) => signed(claims, { ...goodHeader, kid: 'other' })],
    ['another algorithm with our key', (claims) => signed(claims, { ...goodHeader, alg: 'HS512' }, wide())],
    ['another kind of token', (claims) => signed(claims, { ...goodHeader, typ: 'JWT' })],
    ['expired', (claims) => signed({ ...claims, iat: claims.iat - 700, exp: claims.iat - 1 })],
    ['without an end', ({ exp, ...claims }) => signed(claims)],
    ['of another issuer', (claims) => signed({ ...claims, iss: 'somebody' })],
    ['for another audience', (claims) => signed({ ...claims, aud: 'somebody' })],
    ['another account on this session', (claims) => signed({ ...claims, sub: '1' })],
    ['a session that there is not', (claims) => signed({ ...claims, sid: '999999' })],
    ['a session that is no number', (claims) => signed({ ...claims, sid: '1 OR 1=1' })],
    ['dots and nothing else', () => '..'],
    ['no JSON in it', () => 'a.b.c'],
  ];

  it.each(forgeries)('%s', async (_what, forge) => {
    const { accessToken } = await signIn();
    expect(await rolesOf(server, accessToken)).toEqual(['STAFF']);
    const forged = await forge(payloadOf(accessToken), accessToken);
    expect(forged).not.toBe(accessToken);
    expect(await rolesOf(server, forged)).toBe('UNAUTHENTICATED');
  });

  it('and the same claims signed as we do are accepted, so each refusal above had its own reason', async () => {
    const { accessToken } = await signIn();
    expect(await rolesOf(server, await signed(payloadOf(accessToken)))).toEqual(['STAFF']);
  });

  function spliced(token: string, claims: Claims): string {
    const [header, , signature] = token.split('.');
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  }

  function wide(): Uint8Array {
    const key = new Uint8Array(64);
    key.set(secret());
    return key;
  }
});

it('a key that was replaced is accepted as long as it is listed', async () => {
  const { accessToken } = await signIn();
  const newKey = { id: 'new', secret: randomBytes(32) };
  const old = { id: 'test', secret: secret() };
  const now = new Date();
  expect(await new AccessTokens([newKey, old], 10).read(accessToken, now)).toMatchObject({
    accountId: person.accountId,
  });
  expect(await new AccessTokens([newKey], 10).read(accessToken, now)).toBeUndefined();
});

describe('refreshing', () => {
  it('gives new tokens for the same session, whose end stays where it was', async () => {
    const first = await signIn();
    const second = await refresh(server, first.refreshToken);
    expect(second).toMatchObject({ __typename: 'Session', expiresAt: first.expiresAt });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(payloadOf(second.accessToken).sid).toBe(payloadOf(first.accessToken).sid);
    expect(await rolesOf(server, second.accessToken)).toEqual(['STAFF']);
  });

  it('a token that comes again ends the session, and no other', async () => {
    const [stolen, other] = [await signIn(), await signIn()];
    const next = await refresh(server, stolen.refreshToken);
    expect(await refresh(server, stolen.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await refresh(server, next.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await rolesOf(server, next.accessToken)).toBe('UNAUTHENTICATED');
    expect(await rolesOf(server, other.accessToken)).toEqual(['STAFF']);
  });

  it('of many that bring one token at once, one is answered, and the session is over', async () => {
    const { refreshToken } = await signIn();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(server, refreshToken)));
    const winners = answers.filter(({ __typename }) => __typename === 'Session');
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'SESSION_ENDED')).toHaveLength(7);
    expect(await rolesOf(server, winners[0]?.accessToken ?? '')).toBe('UNAUTHENTICATED');
    expect(await refresh(server, winners[0]?.refreshToken ?? '')).toMatchObject({ code: 'SESSION_ENDED' });
  });

  it.each(['', 'unknown', 'x'.repeat(10_000)])(
    'nothing comes of a token that nobody was given (%#)',
    async (odd) => {
      expect(await refresh(server, odd)).toMatchObject({ code: 'SESSION_ENDED' });
    },
  );

  it('a session ends by itself, and leaves no rows after the next sign-in', async () => {
    const own = await addPerson(server.database, 'STAFF', town.streetId);
    const session = await signedIn(server, own.userName);
    const clock = new SettableClock();
    clock.set(new Date(session.expiresAt), 0);
    server.services.staff.clock = clock;
    expect(await refresh(server, session.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    await signedIn(server, own.userName);
    server.services.staff.clock = systemClock;
    const rows: { startedAt: unknown }[] = await server.database.read((manager) =>
      manager.query('SELECT startedAt FROM staff_session WHERE accountId = ?', [own.accountId]),
    );
    expect(rows.map(({ startedAt }) => Number(startedAt))).toEqual([new Date(session.expiresAt).getTime()]);
  });

  it('only hashes of refresh tokens are kept', async () => {
    const { refreshToken } = await signIn();
    const rows = await server.database.read((manager) => manager.query('SELECT hash FROM refresh_token'));
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });
});

describe('the next request knows of', () => {
  it('a sign-out', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const { body } = await server.post('mutation { signOut }', {}, here.accessToken);
    expect(body.data).toEqual({ signOut: true });
    expect(await rolesOf(server, here.accessToken)).toBe('UNAUTHENTICATED');
    expect(await refresh(server, here.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await rolesOf(server, there.accessToken)).toEqual(['STAFF']);
  });

  it('a sign-out everywhere', async () => {
    const own = await addPerson(server.database, 'STAFF', town.streetId);
    const sessions = [await signedIn(server, own.userName), await signedIn(server, own.userName)];
    const { body } = await server.post('mutation { signOutEverywhere }', {}, sessions[0]?.accessToken);
    expect(body.data).toEqual({ signOutEverywhere: 2 });
    for (const { accessToken } of sessions) {
      expect(await rolesOf(server, accessToken)).toBe('UNAUTHENTICATED');
    }
  });

  it('a grant that was withdrawn, and one that was given', async () => {
    const own = await addPerson(server.database, 'AUDITOR', town.streetId);
    const { accessToken } = await signedIn(server, own.userName);
    const elders = async () => (await server.post('{ elders { totalCount } }', {}, accessToken)).body.errors;
    expect(await elders()).toBeUndefined();
    const setEnd = (untilAt: number | null) =>
      server.database.write((manager) =>
        manager.query('UPDATE access_grant SET untilAt = ? WHERE id = ?', [untilAt, own.grantId]),
      );
    await setEnd(Date.now());
    expect(await elders()).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await setEnd(null);
    expect(await elders()).toBeUndefined();
  });
});

describe('lasting tokens', () => {
  it('work as before, are not read as signed ones, and belong to no session', async () => {
    const read = vi.spyOn(AccessTokens.prototype, 'read');
    const token = await server.readerToken(town.canteenIds[0]);
    expect(await rolesOf(server, token)).toEqual(['READER']);
    const { body } = await server.post('mutation { signOut }', {}, token);
    expect(body.data).toEqual({ signOut: false });
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});

it('requests of many sessions that arrive together share one question', async () => {
  const { accessTokens, terms } = server.services.staff;
  const authenticator = new Authenticator(server.database, { accessTokens, totpRoles: terms.totpRoles });
  const issued = [await signIn(), await signIn(), await signIn(), await signIn()];
  const { result, statements } = await statementsOf(server.database, () =>
    Promise.all(issued.map(({ accessToken }) => authenticator.callerOf(accessToken, new Date()))),
  );
  expect(result.every((caller) => caller?.accountId === person.accountId)).toBe(true);
  // Signatures are tested in threads, so one may miss the batch of the others.
  expect(statements.length).toBeLessThan(issued.length);
});
