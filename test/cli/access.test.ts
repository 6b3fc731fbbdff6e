import { afterAll, beforeAll, expect, it } from 'vitest';
import { Authenticator } from '../../src/access/authenticate.js';
import { accessProgram } from '../../src/cli/program.js';
import { emptyDatabase, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows } from '../support/town.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await buildTown(test.database);
});
afterAll(() => test.drop());

/** Runs a command on the database that the test holds open, as a server would. */
async function run(line: string, databaseUrl = test.url) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const program = accessProgram({
    databaseUrl,
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  const failed = await program.parseAsync(line.split(' '), { from: 'user' }).then(
    () => false,
    () => true,
  );
  return { failed, out: printed.join(''), complaint: complaints.join('') };
}

function keyIn(out: string): { number: string; token: string } {
  const [, number = '', token = ''] = /^Number: (\d+)\nKey: {4}([\w-]{43})\n/.exec(out) ?? [];
  return { number, token };
}

function callerOf(token: string) {
  return new Authenticator(test.database).callerOf(token, new Date());
}

it('the first administrator, on a database that nobody has migrated', async () => {
  const { url, drop } = await emptyDatabase();
  const { failed, out } = await run('create-administrator --name 李局长', url);
  expect(failed).toBe(false);
  expect(keyIn(out).token).toHaveLength(43);
  expect(out).toContain('This key is shown once');
  await drop();
});

it('a manager of a facility', async () => {
  const { out } = await run('create-manager --facility STREET --name 王主任');
  const grants = [{ role: 'MANAGER', showsIdentities: false }];
  expect(await callerOf(keyIn(out).token)).toMatchObject({ name: '王主任', grants });
  const showing = await run('create-manager --facility STREET --name 赵主任 --shows-identities');
  expect(await callerOf(keyIn(showing.out).token)).toMatchObject({ grants: [{ showsIdentities: true }] });
});

it('a reader from enrolment to revocation', async () => {
  const enrolled = keyIn((await run('reader enrol --canteen CANTEEN-1 --name SN-0001')).out);
  expect(await callerOf(enrolled.token)).toMatchObject({ name: 'SN-0001', revoked: false });

  const rotated = keyIn((await run(`reader rotate --reader ${enrolled.number}`)).out);
  expect(rotated.number).toBe(enrolled.number);
  expect(await callerOf(enrolled.token)).toMatchObject({ revoked: true });
  expect(await callerOf(rotated.token)).toMatchObject({ revoked: false });

  const listed = await run('reader list --canteen CANTEEN-1');
  expect(listed.out).toContain('SN-0001');
  expect(listed.out).not.toContain(rotated.token);

  const revoked = await run(`reader revoke --reader ${enrolled.number}`);
  expect(revoked).toEqual({
    failed: false,
    out: `Reader ${enrolled.number} (SN-0001) is revoked.\n`,
    complaint: '',
  });
  expect(await callerOf(rotated.token)).toMatchObject({ revoked: true });
});

it('rotates with an overlap, in which both keys work, and says until when', async () => {
  const { number, token } = keyIn((await run('reader enrol --canteen CANTEEN-2 --name SN-0002')).out);
  const rotated = keyIn((await run(`reader rotate --reader ${number} --overlap-minutes 30`)).out);
  for (const key of [token, rotated.token]) expect(await callerOf(key)).toMatchObject({ revoked: false });
  const { out } = await run('reader list --canteen STREET');
  expect(out).toMatch(/SN-0002.*old key until \d{4}-/);
  await run(`reader rotate --reader ${number} --overlap-minutes 0`);
  for (const key of [token, rotated.token]) expect(await callerOf(key)).toMatchObject({ revoked: true });
  await test.database.write((manager) =>
    manager.query(
      'INSERT INTO reader_sighting (readerId, lastSeenAt, softwareVersion, clockSkewMs, possiblyClonedAt) VALUES (?, ?, ?, ?, ?)',
      [number, 0, '2.4.1', -1_500, 0],
    ),
  );
  const seen = (await run('reader list --canteen CANTEEN-2')).out;
  for (const shown of ['1970-01-01', '2.4.1', '-1.5 s', 'POSSIBLY CLONED']) expect(seen).toContain(shown);
});

it('a canteen without readers', async () => {
  expect(await run('reader list --canteen STATION')).toMatchObject({
    failed: false,
    out: 'This canteen never had a reader.\n',
  });
});

it.each([
  ['reader enrol --canteen NOWHERE --name SN', 'Refused: No facility has this code'],
  ['reader enrol --canteen STREET --name SN', 'Refused: A card reader is enrolled at an elder canteen only'],
  ['reader enrol --canteen canteen-1 --name SN', 'Refused: No facility has this code'],
  ['reader list --canteen canteen-1', 'Refused: No facility has this code'],
  ['create-manager --facility street --name 王主任', 'Refused: No facility has this code'],
  ['reader list --canteen NOWHERE', 'Refused: No facility has this code'],
  ['reader rotate --reader 999999', 'Refused: No reader has this number'],
  ['reader rotate --reader 1 --overlap-minutes soon', 'It must be a number of minutes.'],
  ['reader revoke --reader 0', "argument '0' is invalid. It must be a reader's number."],
  ['create-manager --facility NOWHERE --name 王主任', 'Refused: No facility has this code'],
  ['create-manager --name 王主任', "required option '--facility <code>' not specified"],
  [`create-administrator --name ${'x'.repeat(61)}`, 'Refused: A name has 1 to 60 characters'],
  ['make-tea', "unknown command 'make-tea'"],
])('refused: %s', async (line, complaint) => {
  const before = await countRows(test, 'access_token');
  const result = await run(line);
  expect(result).toMatchObject({ failed: true, out: '' });
  expect(result.complaint).toContain(complaint);
  expect(await countRows(test, 'access_token')).toBe(before);
});

it('help names every command', async () => {
  const { out } = await run('--help');
  for (const name of ['create-administrator', 'create-manager', 'reader', 'funder', 'rule', 'safelist'])
    expect(out).toContain(name);
  const reader = await run('reader --help');
  for (const name of ['enrol', 'rotate', 'revoke', 'list']) expect(reader.out).toContain(name);
});
