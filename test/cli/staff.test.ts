import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { rolesOf, signedIn, trySignIn } from '../support/staff.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, countRows } from '../support/town.js';

let test: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  test = await openTestDatabase();
  await buildTown(test.database);
  server = await startTestServer({ on: test });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function run(line: string) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const program = accessProgram({
    databaseUrl: test.url,
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  const failed = await program.parseAsync(line.split(' '), { from: 'user' }).then(
    () => false,
    () => true,
  );
  const out = printed.join('');
  return { failed, password: /^Password: {2}(\S+)$/m.exec(out)?.[1] ?? '', complaint: complaints.join('') };
}

it('opens an account with a password for the first sign-in, and gives another one', async () => {
  const { password } = await run(
    'staff create --role MANAGER --facility STREET --user-name Wang --name 王主任',
  );
  expect(password).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  const session = await signedIn(server, 'wang', password);
  expect(session.passwordTemporary).toBe(true);
  const again = await run('staff reset-password --user-name wang --remove-totp');
  expect(again.password).not.toBe(password);
  expect(await rolesOf(server, session.accessToken)).toBe('UNAUTHENTICATED');
  expect(await trySignIn(server, 'wang', password)).toMatchObject({ code: 'SIGN_IN_FAILED' });
  await signedIn(server, 'wang', again.password);
});

it('an administrator is everywhere', async () => {
  const { password } = await run('staff create --role ADMIN --user-name director --name 李局长');
  await signedIn(server, 'director', password);
});

it.each([
  ['--role READER --user-name x1x --name x', 'Allowed choices'],
  ['--role STAFF --user-name x2x --name x', 'no such facility'],
  ['--role STAFF --user-name x3x --name x --facility NOWHERE', 'No facility has this code'],
  ['--role STAFF --user-name 王 --name x --facility STREET', 'A user name has'],
  ['--role ADMIN --user-name wang --name x', 'is taken'],
])('refuses %s', async (flags, why) => {
  const accounts = await countRows(test, 'account');
  const { failed, complaint } = await run(`staff create ${flags}`);
  expect(failed).toBe(true);
  expect(complaint).toContain(why);
  expect(await countRows(test, 'account')).toBe(accounts);
});

it('has no password for somebody whom nobody knows', async () => {
  expect(await run('staff reset-password --user-name nobody')).toMatchObject({ failed: true, password: '' });
});
