import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastHead } from '../../src/audit-log/link-records.js';
import { appendHead, readHeads } from '../../src/audit-log/outside-heads.js';
import { accessProgram } from '../../src/cli/program.js';
import { append, linkAll, recordsOf, tamper } from '../support/audit-trail.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown } from '../support/town.js';

let test: TestDatabase;
let folder: string;
let headsFile: string;
beforeEach(async () => {
  test = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yinling-cli-'));
  headsFile = join(folder, 'audit-heads.jsonl');
});
afterEach(async () => {
  await test.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(line: string) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const program = accessProgram({
    databaseUrl: test.url,
    headsFile,
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  const failed = await program.parseAsync(line.split(' '), { from: 'user' }).then(
    () => false,
    () => true,
  );
  return { failed, out: printed.join(''), complaint: complaints.join('') };
}

async function threeRecords(at?: Date): Promise<void> {
  for (let id = 900_001; id <= 900_003; id++) await append(test.database, id, {}, at);
  await linkAll(test.database);
  await appendHead(headsFile, { ...(await test.database.read(lastHead)), at: new Date(0).toISOString() });
}

it('verify says that the log holds, and that the heads agree', async () => {
  await threeRecords();
  expect(await run('audit-log verify')).toEqual({
    failed: false,
    out: 'The chain holds: links 1 to 3.\n1 heads that were written outside agree.\n',
    complaint: '',
  });
});

it('verify says when there is nothing to compare with', async () => {
  const { failed, out } = await run('audit-log verify');
  expect(failed).toBe(false);
  expect(out).toContain('There are no heads outside to compare with');
});

it('verify fails and names the record that was altered', async () => {
  await threeRecords();
  await tamper(test.database, 'UPDATE audit_record SET times = 2 WHERE id = 900002');
  const { failed, complaint } = await run('audit-log verify');
  expect(failed).toBe(true);
  expect(complaint).toBe('ALTERED: record 900002 at link 2 was altered.\n');
});

it('verify compares with another file of heads, and fails when it cannot be read', async () => {
  await threeRecords();
  const other = join(folder, 'other.jsonl');
  await writeFile(other, `{"seq":3,"hash":"${'0'.repeat(64)}","at":"x"}\n`);
  const { failed, complaint } = await run(`audit-log verify --heads ${other}`);
  expect(failed).toBe(true);
  expect(complaint).toMatch(/^REWRITTEN: link 3 /);
  expect((await run(`audit-log verify --heads ${join(folder, 'none')}`)).failed).toBe(true);
});

it('prune keeps the last six months', async () => {
  await threeRecords();
  const { failed, complaint } = await run('audit-log prune --before 2999-01-01');
  expect(failed).toBe(true);
  expect(complaint).toMatch(
    /^Refused: records of the last 6 months stay; --before may be \d{4}-\d\d-\d\d at/,
  );
  expect((await recordsOf(test.database)).length).toBe(3);
  expect((await run('audit-log prune --before 2026-02-30')).complaint).toContain('It must be a day');
});

it('prune takes old records away, leaves a record, and verify still holds', async () => {
  await threeRecords(new Date('2020-01-01T00:00:00Z'));
  await append(test.database, 900_004, {}, new Date());
  await linkAll(test.database);
  const { failed, out } = await run('audit-log prune --before 2021-01-01');
  expect(failed).toBe(false);
  expect(out).toMatch(/^3 records from before 2021-01-01 are gone;/);
  const records = await recordsOf(test.database);
  expect(records.map(({ operation }) => operation).sort()).toEqual(['cli audit-log prune', 'topUpCard']);
  const heads = [];
  for await (const head of readHeads(headsFile)) heads.push(head);
  expect(heads).toHaveLength(2);
  expect(await run('audit-log verify')).toMatchObject({ failed: false, complaint: '' });
});

it('prune refuses while the log is broken, because what is wrong would be gone', async () => {
  await threeRecords(new Date('2020-01-01T00:00:00Z'));
  await tamper(test.database, 'DELETE FROM audit_record WHERE id = 900002');
  const { failed, complaint } = await run('audit-log prune --before 2021-01-01');
  expect(failed).toBe(true);
  expect(complaint).toContain('RECORD_MISSING');
  expect((await recordsOf(test.database)).length).toBe(2);
});

it('every other command leaves one record, done or refused, without the key that it shows', async () => {
  await buildTown(test.database);
  const { out } = await run('reader enrol --canteen CANTEEN-1 --name SN-0001');
  const [, number = '', token = ''] = /^Number: (\d+)\nKey: {4}([\w-]{43})\n/.exec(out) ?? [];
  await run('reader enrol --canteen NOWHERE --name SN-0002');
  await run(`reader revoke --reader ${number}`);
  const records = await recordsOf(test.database);
  expect(records).toMatchObject([
    { operation: 'cli reader enrol', result: 'DONE', roles: 'OPERATOR', subject: `account:${number}` },
    { operation: 'cli reader enrol', result: 'FACILITY_UNKNOWN', subject: null },
    { operation: 'cli reader revoke', result: 'DONE', subject: `account:${number}` },
  ]);
  expect(token).toHaveLength(43);
  expect(JSON.stringify(records)).not.toContain(token);
});
