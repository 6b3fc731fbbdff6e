import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkHash } from '../../src/audit-log/chain.rules.js';
import { compareHeads } from '../../src/audit-log/compare-heads.js';
import { lastHead, logStart } from '../../src/audit-log/link-records.js';
import { appendHead, readHeads } from '../../src/audit-log/outside-heads.js';
import { verifyLog } from '../../src/audit-log/verify-log.js';
import { append, linkAll, recordsOf, tamper } from '../support/audit-trail.js';
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

/** Ten linked records with the ids 1 to 10, and heads after the fifth and the tenth. */
async function tenRecords(): Promise<void> {
  for (let id = 1; id <= 10; id++) {
    await append(test.database, id, { subject: `card:${id}` });
    if (id % 5 === 0) {
      await linkAll(test.database);
      await writeHead();
    }
  }
}

/** What a thief does who knows how the chain is made. */
async function rehashFrom(firstSeq: number): Promise<void> {
  const records = new Map((await recordsOf(test.database)).map((record) => [record.id, record]));
  const links: { seq: number; recordId: number; hash: string }[] = await test.database.read((manager) =>
    manager.query('SELECT seq, recordId, hash FROM audit_link ORDER BY seq'),
  );
  let previous = links.find(({ seq }) => Number(seq) === firstSeq - 1)?.hash ?? '0'.repeat(64);
  for (const { seq, recordId } of links.filter((link) => Number(link.seq) >= firstSeq)) {
    previous = linkHash(previous, Number(seq), records.get(Number(recordId)));
    await tamper(test.database, ['UPDATE audit_link SET hash = ? WHERE seq = ?', [previous, seq]]);
  }
}

it('holds as it was written, however many pages it has', async () => {
  await test.database.write(async () => undefined);
  for (let id = 1; id <= 10; id++) await append(test.database, id);
  const rows = Array.from({ length: 2500 }, (_, index) => 11 + index);
  for (const start of [0, 500, 1000, 1500, 2000]) {
    await Promise.all(rows.slice(start, start + 500).map((id) => append(test.database, id)));
  }
  await linkAll(test.database);
  const steps: number[] = [];
  const { head, broken } = await verifyLog(test.database, (done, total) => {
    expect(total).toBe(2510);
    steps.push(done);
  });
  expect(broken).toBeUndefined();
  expect(head.seq).toBe(2510);
  expect(steps).toEqual([1000, 2000, 2510]);
});

it('an empty log holds, and one whose records wait for their place', async () => {
  expect(await faultOf()).toBeUndefined();
  await append(test.database, 1);
  expect(await faultOf()).toBeUndefined();
});

describe('found by the chain, at the first place that is wrong', () => {
  beforeEach(tenRecords);

  it.each([
    ["details = '{}'", 'ALTERED'],
    ['at = at + 1', 'ALTERED'],
    ['accountId = 5', 'ALTERED'],
    ["roles = 'ADMIN'", 'ALTERED'],
    ["address = '10.0.0.2'", 'ALTERED'],
    ["requestId = 'r-2'", 'ALTERED'],
    ["operation = 'elder'", 'ALTERED'],
    ['facilityId = 1', 'ALTERED'],
    ['elderId = 1', 'ALTERED'],
    ["subject = 'card:11'", 'ALTERED'],
    ["result = 'CARD_UNKNOWN'", 'ALTERED'],
    ['times = 2', 'ALTERED'],
  ])('a record edited: %s', async (change, fault) => {
    await tamper(
      test.database,
      `UPDATE audit_record SET ${change} WHERE id = 4`,
      `UPDATE audit_record SET ${change} WHERE id = 8`,
    );
    expect(await faultOf()).toMatchObject({ fault, seq: 4, recordId: 4 });
  });

  it('a record deleted', async () => {
    await tamper(test.database, 'DELETE FROM audit_record WHERE id = 4');
    expect(await faultOf()).toMatchObject({ fault: 'RECORD_MISSING', seq: 4, recordId: 4 });
  });

  it('a record deleted with its link', async () => {
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id = 4',
      'DELETE FROM audit_link WHERE seq = 4',
    );
    expect(await faultOf()).toMatchObject({ fault: 'LINK_MISSING', seq: 4 });
  });

  it('the beginning deleted', async () => {
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id <= 3',
      'DELETE FROM audit_link WHERE seq <= 3',
    );
    expect(await faultOf()).toMatchObject({ fault: 'LINK_MISSING', seq: 1 });
  });

  it('the end cut off', async () => {
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id > 7',
      'DELETE FROM audit_link WHERE seq > 7',
    );
    expect(await faultOf()).toMatchObject({ fault: 'TRUNCATED', seq: 8 });
  });

  it('the end cut off, also after the log went on', async () => {
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id > 7',
      'DELETE FROM audit_link WHERE seq > 7',
    );
    await append(test.database, 11);
    await linkAll(test.database);
    expect(await faultOf()).toMatchObject({ fault: 'LINK_MISSING', seq: 8 });
  });

  it('two links that exchanged their records', async () => {
    await tamper(
      test.database,
      'UPDATE audit_link SET recordId = -1 WHERE seq = 4',
      'UPDATE audit_link SET recordId = 4 WHERE seq = 7',
      'UPDATE audit_link SET recordId = 7 WHERE seq = 4',
    );
    expect(await faultOf()).toMatchObject({ fault: 'REORDERED', seq: 4 });
  });

  it('two records that exchanged their ids', async () => {
    await tamper(
      test.database,
      'UPDATE audit_record SET id = -1 WHERE id = 4',
      'UPDATE audit_record SET id = 4 WHERE id = 5',
      'UPDATE audit_record SET id = 5 WHERE id = -1',
    );
    expect(await faultOf()).toMatchObject({ fault: 'REORDERED', seq: 4 });
  });

  it('two links that exchanged their places', async () => {
    await tamper(
      test.database,
      'UPDATE audit_link SET seq = 1000 WHERE seq = 4',
      'UPDATE audit_link SET seq = 4 WHERE seq = 5',
      'UPDATE audit_link SET seq = 5 WHERE seq = 1000',
    );
    expect(await faultOf()).toMatchObject({ fault: 'REORDERED', seq: 4 });
  });

  it('a record put in past the log', async () => {
    await append(test.database, 11);
    await tamper(test.database, 'DELETE FROM audit_pending');
    expect(await faultOf()).toMatchObject({ fault: 'UNCHAINED', recordId: 11 });
  });

  it('a record that was deleted before it was linked, unless what said that it waits went too', async () => {
    await append(test.database, 11);
    await tamper(test.database, 'DELETE FROM audit_record WHERE id = 11');
    await linkAll(test.database);
    expect(await faultOf()).toMatchObject({ fault: 'RECORD_MISSING', seq: 11, recordId: 11 });
  });

  it('and not by the heads alone: what is behind the last head is still found', async () => {
    await append(test.database, 11);
    await linkAll(test.database);
    await tamper(test.database, 'UPDATE audit_record SET times = 9 WHERE id = 11');
    expect((await compared()).broken).toBeUndefined();
    expect(await faultOf()).toMatchObject({ fault: 'ALTERED', seq: 11 });
  });
});

describe('found by the heads outside only', () => {
  beforeEach(tenRecords);

  it('agree with a log that nobody touched', async () => {
    expect(await compared()).toEqual({ agreeing: 2, unreadable: 0, broken: undefined });
  });

  it('a log rewritten from some place on with all its hashes', async () => {
    await tamper(test.database, 'UPDATE audit_record SET accountId = 5 WHERE id = 8');
    await rehashFrom(8);
    expect(await faultOf()).toBeUndefined();
    expect(await compared()).toMatchObject({
      agreeing: 1,
      broken: expect.stringMatching(/^REWRITTEN: .* after link 5 and at link 10 or before$/),
    });
    // The linker goes on and writes heads that agree; the old one still tells.
    await append(test.database, 11);
    await linkAll(test.database);
    await writeHead();
    expect((await compared()).broken).toMatch(/after link 5 and at link 10 or before/);
  });

  it('a log cut off with its counter', async () => {
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id > 7',
      'DELETE FROM audit_link WHERE seq > 7',
      "UPDATE id_sequence SET nextId = 8 WHERE name = 'audit-link'",
    );
    expect(await faultOf()).toBeUndefined();
    expect((await compared()).broken).toMatch(/^TRUNCATED: link 10 /);
  });

  it('a beginning taken away behind a forged start', async () => {
    const links: { hash: string }[] = await test.database.read((manager) =>
      manager.query('SELECT hash FROM audit_link WHERE seq = 3'),
    );
    await tamper(
      test.database,
      'DELETE FROM audit_record WHERE id <= 3',
      'DELETE FROM audit_link WHERE seq <= 3',
      ['INSERT INTO audit_start (seq, hash, prunedAt) VALUES (3, ?, 0)', [links[0]?.hash]],
    );
    expect(await faultOf()).toBeUndefined();
    expect((await compared()).broken).toMatch(/^START_UNKNOWN: the log begins after link 3,/);
  });

  it('whatever the order of the file, and with half a line of a crash in it', async () => {
    await appendFile(headsFile, '{"seq":9,"ha');
    await append(test.database, 11);
    await linkAll(test.database);
    await writeHead();
    await appendFile(headsFile, '{"seq":');
    expect(await compared()).toEqual({ agreeing: 3, unreadable: 1, broken: undefined });
  });
});
