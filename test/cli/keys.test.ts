import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditDatabase } from '../../src/audit/audit-database.js';
import { accessProgram } from '../../src/cli/program.js';
import type { FieldKeys } from '../../src/shared/field-cipher.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeysOf } from '../support/test-keys.js';
import { addDiner, buildTown } from '../support/town.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  const town = await buildTown(test.database);
  for (let count = 0; count < 250; count++) await addDiner(town, { balanceFen: 0 });
});
afterAll(() => test.drop());

async function run(line: string, identityKeys: FieldKeys) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const program = accessProgram({ databaseUrl: test.url, identityKeys, print: say, complain: say });
  const failure = await program.parseAsync(line.split(' '), { from: 'user' }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { failure, said: said.join('') };
}

it('a new key is shown as the setting holds it, and changes nothing', async () => {
  const { said } = await run('new-key --id k2', testKeysOf('k1'));
  expect(said).toMatch(/^k2:[A-Za-z0-9+/]{43}=\n$/);
  expect((await run('new-key --id k2', testKeysOf('k1'))).said).not.toBe(said);
  expect((await run('new-key --id K_2', testKeysOf('k1'))).said).toContain('1 to 16 of a-z');
});

it('the keys that production starts with are made before there are any; nothing else is done without them', () => {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
  const call = (...words: string[]) =>
    spawnSync(process.execPath, ['dist/src/cli/main.js', ...words], {
      env,
      encoding: 'utf8',
      timeout: 50_000,
    });
  expect(call('new-key', '--id', 'k1')).toMatchObject({ status: 0, stderr: '' });
  const refused = call('create-administrator', '--name', '李局长');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('IDENTITY_LOOKUP_KEY must be set');
}, 120_000);

/** Presses Ctrl-C as soon as somebody listens for it. */
function interruptOnce(): void {
  process.on('newListener', function interrupt(event) {
    if (event !== 'SIGINT') return;
    process.off('newListener', interrupt);
    queueMicrotask(() => process.emit('SIGINT'));
  });
}

it('a key is rotated: Ctrl-C stops it, and the next run does what is left', async () => {
  interruptOnce();
  expect(await run('rotate-key', testKeysOf('k2', 'k1'))).toEqual({
    failure: 'some values are still encrypted under an older key',
    said:
      '0 rows were encrypted under key k2.\n' +
      '250 rows still hold values under an older key: run rotate-key again.\n' +
      'When the number does not fall, a server still has an older key in front.\n',
  });

  const { failure, said } = await run('rotate-key', testKeysOf('k2', 'k1'));
  expect(failure).toBeUndefined();
  expect(said).toContain('Everything is encrypted under key k2.\nKey k1 encrypts nothing any more');
  expect((await run('rotate-key', testKeysOf('k2'))).said).toBe(
    '0 rows were encrypted under key k2.\nEverything is encrypted under key k2.\n',
  );
  expect(process.listenerCount('SIGINT')).toBe(0);
});

it('the audit reads what is encrypted when it has the keys, and finds one that was moved', async () => {
  const lines: string[] = [];
  const audit = async () =>
    (await auditDatabase(test.url, (line) => lines.push(line), testKeysOf('k2'))).broken;
  expect(await audit()).toBe(0);
  expect(lines.at(-1)).toBe("holds  every encrypted value can be read and is its file's own");
  await test.database.write((manager) => manager.query('UPDATE elder SET phoneSealed = idNumberSealed'));
  expect(await audit()).toBe(1);
  expect(lines.slice(-7)).toEqual([
    "BROKEN every encrypted value can be read and is its file's own",
    ...[1, 2, 3, 4, 5].map(
      (elderId) =>
        `         {"elderId":${elderId},"what":"elder.phone does not open with key k2: the value was altered or moved"}`,
    ),
    '         and 245 more',
  ]);
});
