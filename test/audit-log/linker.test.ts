import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { AuditLinker, type AuditLinkerOptions } from '../../src/audit-log/audit-linker.js';
import { HeadWebhook } from '../../src/audit-log/head-webhook.js';
import { linkRecords } from '../../src/audit-log/link-records.js';
import { verifyLog } from '../../src/audit-log/verify-log.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { append, appendEntry, linkAll } from '../support/audit-trail.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
let folder: string;
const cleanUps: (() => unknown)[] = [];
beforeEach(async () => {
  test = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'yinling-linker-'));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await test.drop();
  rmSync(folder, { recursive: true, force: true });
});

function linkerOn(database: Database, options: Partial<AuditLinkerOptions> = {}): AuditLinker {
  return new AuditLinker({
    database,
    clock: systemClock,
    headsFile: join(folder, 'heads.jsonl'),
    headLinks: 1000,
    headSeconds: 60,
    onFailure(error) {
      throw error;
    },
    ...options,
  });
}

/** Another server on the same database. */
async function secondServer(): Promise<Database> {
  const { database } = await openDatabase(test.url);
  cleanUps.push(() => database.close());
  return database;
}

async function linkedIds(): Promise<number[]> {
  const links: { recordId: number | string }[] = await test.database.read((manager) =>
    manager.query('SELECT recordId FROM audit_link ORDER BY seq'),
  );
  return links.map(({ recordId }) => Number(recordId));
}

const headLines = () =>
  readFileSync(join(folder, 'heads.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; hash: string; at: string });

it('gives a record its place within a second or so of its commit', async () => {
  const linker = linkerOn(test.database);
  linker.start();
  cleanUps.push(() => linker.stop());
  await append(test.database, 1);
  await vi.waitFor(async () => expect(await linkedIds()).toEqual([1]), { timeout: 3000, interval: 50 });
});

it('links what is left when it stops, and writes the head for its owner alone', async () => {
  const linker = linkerOn(test.database);
  linker.start();
  for (let id = 1; id <= 3; id++) await append(test.database, id);
  await linker.stop();
  expect(await linkedIds()).toEqual([1, 2, 3]);
  const { head } = await verifyLog(test.database);
  expect(headLines()).toEqual([{ ...head, at: expect.stringMatching(/^20.*Z$/) }]);
  expect(statSync(join(folder, 'heads.jsonl')).mode & 0o777).toBe(0o600);
});

it('writes the head after so many links, and not again while nothing happens', async () => {
  const linker = linkerOn(test.database, { headLinks: 2 });
  linker.start();
  await append(test.database, 1);
  await vi.waitFor(async () => expect(await linkedIds()).toEqual([1]), { timeout: 3000 });
  await append(test.database, 2);
  await vi.waitFor(() => expect(headLines().map(({ seq }) => seq)).toEqual([2]), { timeout: 3000 });
  await linker.stop();
  expect(headLines()).toHaveLength(1);
});

it('a record that is killed between its commit and its link is linked by the next server', async () => {
  const { database } = await openDatabase(test.url);
  await append(database, 1);
  await database.close();
  expect(await linkedIds()).toEqual([]);
  const next = linkerOn(await secondServer());
  await next.stop();
  expect(await linkedIds()).toEqual([1]);
  expect((await verifyLog(test.database)).broken).toBeUndefined();
});

it('a linking that is killed before its commit leaves everything to the next', async () => {
  for (let id = 1; id <= 3; id++) await append(test.database, id);
  const killed = test.database.write(async (manager) => {
    await linkRecords(manager, 100);
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await linkedIds()).toEqual([]);
  await linkAll(test.database);
  expect(await linkedIds()).toEqual([1, 2, 3]);
  expect((await verifyLog(test.database)).broken).toBeUndefined();
});

it('a record with a smaller id that is committed later gets a later place', async () => {
  if (engine === 'sqlite') {
    // One writer at a time: ids out of order, commits in order.
    await append(test.database, 2);
    await linkAll(test.database);
    await append(test.database, 1);
  } else {
    let inserted: () => void = () => undefined;
    let commit: () => void = () => undefined;
    const isInserted = new Promise<void>((resolve) => {
      inserted = resolve;
    });
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const slow = test.database.write(async (manager) => {
      await appendEntry(manager, 1);
      inserted();
      await mayCommit;
    });
    await isInserted;
    await append(test.database, 2);
    await linkAll(test.database);
    expect(await linkedIds()).toEqual([2]);
    commit();
    await slow;
  }
  await linkAll(test.database);
  expect(await linkedIds()).toEqual([2, 1]);
  expect((await verifyLog(test.database)).broken).toBeUndefined();
});

it('two servers that write and link at once make one chain with every record in it once', async () => {
  const other = await secondServer();
  const linkers = [linkerOn(test.database), linkerOn(other)];
  const count = 150;
  const write = async (database: Database, offset: number) => {
    for (let index = 0; index < count; index++) await append(database, offset + index);
  };
  const link = async (linker: AuditLinker) => {
    for (let round = 0; round < 30; round++) await linker.link();
  };
  await Promise.all([write(test.database, 1), write(other, 10_001), ...linkers.map(link)]);
  for (const linker of linkers) await linker.stop();
  const ids = await linkedIds();
  expect(ids).toHaveLength(2 * count);
  expect(new Set(ids).size).toBe(2 * count);
  const { head, broken } = await verifyLog(test.database);
  expect(broken).toBeUndefined();
  expect(head.seq).toBe(2 * count);
});

it('ends a round though records keep coming, and leaves them to the next', async () => {
  const write = test.database.write.bind(test.database);
  let next = 2;
  vi.spyOn(test.database, 'write').mockImplementation(async (work, options) => {
    const result = await write(work, options);
    // As many as anybody would want, so that a round without an end does end, as a failure.
    if (next <= 50) await write((manager) => appendEntry(manager, next++));
    return result;
  });
  await write((manager) => appendEntry(manager, 1));
  const linker = linkerOn(test.database);
  await linker.link();
  expect(await linkedIds()).toEqual([1]);
  await linker.link();
  expect(await linkedIds()).toEqual([1, 2]);
});

it('tells of a failure and goes on when it is over', async () => {
  const failures: unknown[] = [];
  const linker = linkerOn(test.database, { onFailure: (error) => failures.push(error) });
  await append(test.database, 1);
  const read = vi.spyOn(test.database, 'read').mockRejectedValueOnce(new Error('away'));
  linker.start();
  cleanUps.push(() => linker.stop());
  await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: 3000 });
  read.mockRestore();
  await vi.waitFor(async () => expect(await linkedIds()).toEqual([1]), { timeout: 3000 });
});

describe('the webhook', () => {
  const secret = 's'.repeat(32);

  /** A receiver that answers with the statuses given, one after another, and then with 200. */
  async function receiver(statuses: number[]) {
    const received: { body: string; signature: string | undefined }[] = [];
    const server = createServer(async (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const signature = request.headers['x-yinling-signature'];
      received.push({ body: Buffer.concat(chunks).toString(), signature: signature as string | undefined });
      response.writeHead(statuses.shift() ?? 200).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(() => server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`, received };
  }

  const headAt = (seq: number) => ({ seq, hash: 'a'.repeat(64), at: '2026-03-10T04:00:00.000Z' });

  it('gets every head signed, and again when it was not there', async () => {
    const { url, received } = await receiver([500, 503]);
    const failures: unknown[] = [];
    const webhook = new HeadWebhook({ url, secret, retryMs: 1, onFailure: (error) => failures.push(error) });
    webhook.post(headAt(1));
    webhook.post(headAt(2));
    await vi.waitFor(() => expect(received).toHaveLength(4));
    expect(received.map(({ body }) => JSON.parse(body).seq)).toEqual([1, 1, 1, 2]);
    for (const { body, signature } of received) {
      expect(signature).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    }
    expect(failures).toEqual([]);
  });

  it('is given up after six attempts, which is told, and the next head is tried', async () => {
    const { url, received } = await receiver([500, 500, 500, 500, 500, 500]);
    const failures: unknown[] = [];
    const webhook = new HeadWebhook({ url, secret, retryMs: 1, onFailure: (error) => failures.push(error) });
    webhook.post(headAt(1));
    webhook.post(headAt(2));
    await vi.waitFor(() => expect(received).toHaveLength(7));
    expect(failures).toHaveLength(1);
    expect(JSON.parse(received[6]?.body ?? '{}').seq).toBe(2);
  });

  it('holds nobody up while it is away', async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUps.push(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const webhook = new HeadWebhook({ url, secret, onFailure: () => undefined });
    const linker = linkerOn(test.database, { webhook, headLinks: 1 });
    linker.start();
    await append(test.database, 1);
    await vi.waitFor(async () => expect(await linkedIds()).toEqual([1]), { timeout: 3000 });
    await append(test.database, 2);
    await vi.waitFor(async () => expect(await linkedIds()).toEqual([1, 2]), { timeout: 3000 });
    const startedMs = performance.now();
    await linker.stop();
    expect(performance.now() - startedMs).toBeLessThan(4000);
    expect(headLines().map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
