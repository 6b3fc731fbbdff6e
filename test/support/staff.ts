import { randomUUID } from 'node:crypto';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { insertStaffAccount } from '../../src/access/insert-staff-account.js';
import { Passwords } from '../../src/access/passwords.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { TestServer } from './test-server.js';

export const password = '正确的马 battery staple';
const passwordHash = new Passwords().hash(password);

export interface Person {
  accountId: number;
  grantId: number;
  userName: string;
}

export interface PersonOptions {
  elderId?: number;
  /** The password is to be changed first. */
  temporary?: boolean;
  passwordHash?: string;
}

/** Somebody with `password` who has held the role since 1970. */
export async function addPerson(
  database: Database,
  role: Role,
  facilityId: number | null = null,
  { temporary = false, ...options }: PersonOptions = {},
): Promise<Person> {
  const userName = `p-${randomUUID()}`;
  const hash = options.passwordHash ?? (await passwordHash);
  const ofElder = options.elderId === undefined ? {} : { elderId: options.elderId };
  const account = { name: '测试人员', userName, passwordHash: hash, temporary, role, facilityId, ...ofElder };
  const inserted = await database.write((manager) =>
    insertStaffAccount(manager, { ...account, now: new Date(0) }),
  );
  if (isRefusal(inserted)) throw new Error(inserted.refused);
  // A password of 1970 that somebody else chose would be overdue.
  if (temporary) await passwordSetAt(database, userName, new Date());
  return { ...inserted, userName };
}

export async function passwordSetAt(database: Database, userName: string, at: Date): Promise<void> {
  await database.write((manager) =>
    manager.query('UPDATE staff_credential SET passwordSetAt = ? WHERE userName = ?', [
      at.getTime(),
      userName,
    ]),
  );
}

export interface SessionAnswer {
  __typename: string;
  accessToken: string;
  accessExpiresAt: string;
  refreshToken: string;
  expiresAt: string;
  passwordTemporary: boolean;
  totpMissing: boolean;
  code?: string;
}

const fields = `__typename
  ... on Session { accessToken accessExpiresAt refreshToken expiresAt passwordTemporary totpMissing }
  ... on SignInRefusal { code message field }`;

/** The answer to a sign-in, a session or a refusal. */
export async function trySignIn(
  server: TestServer,
  userName: string,
  given = password,
  code?: string,
): Promise<SessionAnswer> {
  const { body } = await server.post<{ signIn: SessionAnswer }>(
    `mutation ($u: String!, $p: String!, $c: String) { signIn(userName: $u, password: $p, code: $c) { ${fields} } }`,
    { u: userName, p: given, c: code },
  );
  return body.data.signIn;
}

export async function signedIn(
  server: TestServer,
  userName: string,
  given = password,
): Promise<SessionAnswer> {
  const answer = await trySignIn(server, userName, given);
  if (answer.__typename !== 'Session') throw new Error(`not signed in: ${answer.code}`);
  return answer;
}

export async function refresh(server: TestServer, refreshToken: string): Promise<SessionAnswer> {
  const { body } = await server.post<{ refreshSession: SessionAnswer }>(
    `mutation ($t: String!) { refreshSession(refreshToken: $t) { ${fields} } }`,
    { t: refreshToken },
  );
  return body.data.refreshSession;
}

/** What the viewer may do, as the token is told; the code of the error when it is told nothing. */
export async function rolesOf(server: TestServer, token: string): Promise<string[] | unknown> {
  const { body } = await server.post<{ viewer: { grants: { role: string }[] } } | null>(
    '{ viewer { grants { role } } }',
    {},
    token,
  );
  return body.data?.viewer.grants.map(({ role }) => role) ?? body.errors?.[0]?.extensions.code;
}
