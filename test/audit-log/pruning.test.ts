import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareHeads } from '../../src/audit-log/compare-heads.js';
import { lastHead, logStart } from '../../src/audit-log/link-records.js';
import { appendHead, readHeads } from '../../src/audit-log/outside-heads.js';
import { pruneLog } from '../../src/audit-log/prune-log.js';
import { verifyLog } from '../../src/audit-log/verify-log.js';
import { append, appendEntry, linkAll, recordsOf, tamper } from '../support/audit-trail.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
let folder: string;
let headsFile: string;
beforeEach(async () => {
  test = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yinling-heads-'));
  headsFile = join(folder, 'heads.jsonl');
});
afterEach(async () => {
  await test.drop();
  rmSync(folder, { recursive: true, force: true });
});

const faultOf = async () => (await verifyLog(test.database)).broken;

/** Writes the present head down outside. */
async function writeHead(): Promise<void> {
  const head = await test.database.read(lastHead);
  await appendHead(headsFile, { ...head, at: new Date(0).toISOString() });
}

async function compared() {
  const start = await test.database.read(logStart);
  return compareHeads(test.database, readHeads(headsFile), start);
}
describe('pruned', () => {
  const march = new Date('2026-03-01T00:00:00Z');
  const heads: number[] = [];
  const prune = (before: Date, interruptAt = Number.POSITIVE_INFINITY) =>
    pruneLog(test.database, {
      before,
      now: new Date('2026-12-01T00:00:00Z'),
      async onStart(head) {
        heads.push(head.seq);
        await appendHead(headsFile, { ...head, at: new Date(0).toISOString() });
        if (heads.length > interruptAt) throw new Error('interrupted');
      },
    });

  beforeEach(async () => {
    heads.length = 0;
    for (let start = 1; start <= 1201; start += 400) {
      const ids = Array.from({ length: 400 }, (_, index) => start + index);
      const at = (id: number) => new Date(id <= 1200 ? '2026-02-01T00:00:00Z' : '2026-04-01T00:00:00Z');
      await test.database.write(async (manager) => {
        for (const id of ids) await appendEntry(manager, id, {}, at(id));
      });
    }
    await linkAll(test.database);
    await writeHead();
  });

  it('what is old goes, what is left holds, and the start is among the heads', async () => {
    expect(await prune(march)).toBe(1200);
    expect((await recordsOf(test.database)).map(({ id }) => id)).toEqual(
      Array.from({ length: 400 }, (_, index) => 1201 + index),
    );
    const { start, head, broken } = await verifyLog(test.database);
    expect({ start: start.seq, head: head.seq, broken }).toEqual({
      start: 1200,
      head: 1600,
      broken: undefined,
    });
    expect(await compared()).toMatchObject({ agreeing: 2, broken: undefined });
  });

  it('and the log goes on, is pruned whole, and goes on again', async () => {
    expect(await prune(new Date('2027-01-01T00:00:00Z'))).toBe(1600);
    await append(test.database, 5000);
    await linkAll(test.database);
    const { start, head, broken } = await verifyLog(test.database);
    expect({ start: start.seq, head: head.seq, broken }).toEqual({
      start: 1600,
      head: 1601,
      broken: undefined,
    });
  });

  it('interrupted, it holds, and is continued', async () => {
    await expect(prune(march, 1)).rejects.toThrow('interrupted');
    expect(await faultOf()).toBeUndefined();
    expect((await compared()).broken).toBeUndefined();
    expect(await prune(march)).toBe(700);
    expect(await faultOf()).toBeUndefined();
  });

  it('stops before a record that is not old, even when older ones follow', async () => {
    await tamper(test.database, 'UPDATE audit_record SET at = at + 8640000000 WHERE id = 3');
    expect(await prune(march)).toBe(2);
  });
});
