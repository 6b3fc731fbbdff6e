import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yinling-consent-'));
  writeFileSync(join(folder, 'zh.txt'), '本人同意。\n');
  writeFileSync(join(folder, 'en.txt'), 'I agree.\n');
  writeFileSync(join(folder, 'empty.txt'), ' \n');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await test.drop();
});

async function run(...words: string[]): Promise<string> {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const program = accessProgram({ databaseUrl: test.url, print: say, complain: say });
  const failure = await program.parseAsync(['consent-text', ...words], { from: 'user' }).then(
    () => '',
    (error: Error) => error.message,
  );
  return failure + said.join('');
}

const add = (version: string, zh = 'zh.txt') =>
  run('add', '--text-version', version, '--zh', join(folder, zh), '--en', join(folder, 'en.txt'));

it('a new text takes the place of the one that came with the tables, which stays', async () => {
  expect(await run('show')).toMatch(/^2026-1\n\n本人同意上述亲属.*随时.*\n\nI agree that the relative/s);
  expect(await add('2027-1')).toBe('From now on consents are given to 2027-1.\n');
  expect(await run('show')).toBe('2027-1\n\n本人同意。\n\nI agree.\n');
  const rows = await test.writer.query('SELECT version FROM consent_text ORDER BY id');
  expect(rows).toEqual([{ version: '2026-1' }, { version: '2027-1' }]);
  const records = await test.writer.query('SELECT operation, result FROM audit_record');
  expect(records).toEqual([{ operation: 'cli consent-text add', result: 'DONE' }]);
});

it('no version is given twice, and none is empty', async () => {
  expect(await add('2026-1')).toContain('There is such a version already');
  expect(await add('two words')).toContain('A version has 1 to 20');
  expect(await add('2028-1', 'empty.txt')).toContain('must have 1 to 4000');
  expect(await run('show')).toContain('2027-1');
});
