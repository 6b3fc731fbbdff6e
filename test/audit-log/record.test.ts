import { createHash } from 'node:crypto';
import { Mutation, Resolver } from 'type-graphql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { policy } from '../../src/access/policy.js';
import { AuditNotes } from '../../src/audit-log/audit-notes.js';
import { writeOnRecord } from '../../src/audit-log/write-on-record.js';
import { swipeColumns } from '../../src/meals/decided-swipe.js';
import { systemClock } from '../../src/shared/clock.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { recordsOf } from '../support/audit-trail.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon } from '../support/town.js';

let test: TestDatabase;
const cleanUps: (() => Promise<void>)[] = [];
beforeEach(async () => {
  test = await openTestDatabase();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await test.drop();
});

async function serve(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer({ at: noon, on: test, ...options });
  cleanUps.push(() => server.close());
  return server;
}

const actor = { accountId: null, roles: [], address: '10.0.0.1', requestId: null, facilityId: null };

it('a write whose record cannot be written is undone', async () => {
  const write = { id: 1, at: noon, actor, operation: 'addFacility' };
  const add = (code: string) =>
    test.database.write((manager) =>
      writeOnRecord(manager, write, () =>
        manager.query('INSERT INTO funder (code, name) VALUES (?, ?)', [code, 'x']),
      ),
    );
  await add('FIRST');
  // The id of the record is taken now, so the second one has no place.
  await expect(add('SECOND')).rejects.toThrow();
  const funders = await test.database.read((manager) => manager.query('SELECT code FROM funder'));
  expect(funders).toEqual([{ code: 'FIRST' }]);
  expect(await countRows(test, 'audit_record')).toBe(1);
});

it('a write that fails leaves no record that says it was done', async () => {
  const write = { id: 1, at: noon, actor, operation: 'addFacility' };
  const failing = test.database.write((manager) =>
    writeOnRecord(manager, write, async () => {
      throw new Error('no');
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect(await countRows(test, 'audit_record')).toBe(0);
});

it('the hash of a batch is that of its rows, found by the ids in the record', async () => {
  const town = await buildTown(test.database);
  const diners = [await addDiner(town), await addDiner(town), await addDiner(town)];
  const intake = intakeOf(town);
  await intake.recordAll([
    ...diners.map(({ uid }, index) => tap(town, { cardUid: uid }, { canteen: index === 2 ? 1 : 0 })),
    tap(town, { cardUid: 'FFFFFFFF' }),
    tap(town, { cardUid: 'FFFFFFFF', swipeId: 'none' }),
  ]);
  const [record, ...more] = await recordsOf(test.database);
  expect(more).toEqual([]);
  const details = JSON.parse(record?.details ?? '{}');
  expect(record).toMatchObject({ operation: 'recordSwipes', accountId: null, facilityId: null, times: 5 });
  expect(details).toMatchObject({
    swipes: 5,
    outcomes: { ACCEPTED: 3, CARD_UNKNOWN: 1, INPUT_MALFORMED: 1 },
    readers: town.readerIds.join(' '),
  });
  const rows: Record<string, unknown>[] = await test.database.read((manager) =>
    manager.query(
      `SELECT ${swipeColumns.map((name) => (name === 'mealDate' ? 'CAST(mealDate AS CHAR) AS mealDate' : name)).join(', ')}
         FROM swipe WHERE id BETWEEN ? AND ? ORDER BY id`,
      details.ids,
    ),
  );
  const numbers = new Set([
    'id',
    'swipedAt',
    'receivedAt',
    'grossFen',
    'subsidyFen',
    'discountFen',
    'selfPaidFen',
    'balanceFen',
  ]);
  const written = rows.map((row) =>
    swipeColumns.map((name) => {
      if (name === 'offline') return Boolean(row[name]);
      return numbers.has(name) && row[name] !== null ? Number(row[name]) : row[name];
    }),
  );
  expect(written).toHaveLength(4);
  expect(details.sha256).toBe(createHash('sha256').update(JSON.stringify(written)).digest('hex'));
});

it('a batch that is rolled back leaves no record', async () => {
  const town = await buildTown(test.database);
  const { uid } = await addDiner(town);
  const away = vi.spyOn(test.database, 'write').mockRejectedValue(new Error('away'));
  await expect(intakeOf(town).record(tap(town, { cardUid: uid }))).rejects.toThrow('away');
  away.mockRestore();
  expect(await countRows(test, 'audit_record')).toBe(0);
});

it('a flood of equal refusals is a few records that count them, a different one has its own', async () => {
  const server = await serve();
  const query = '{ elders { totalCount } }';
  await Promise.all(Array.from({ length: 200 }, () => server.post(query)));
  await server.post('{ viewer { id } }');
  const records = await recordsOf(test.database);
  const floods = records.filter(({ operation }) => operation === 'elders');
  expect(floods.reduce((total, { times }) => total + times, 0)).toBe(200);
  expect(floods.length).toBeLessThan(50);
  expect(records.filter(({ operation }) => operation === 'viewer')).toMatchObject([{ times: 1 }]);
});

it('a refusal is given although it cannot be recorded, and the log of the server says so', async () => {
  const lines: string[] = [];
  const server = await serve({
    settings: { logLevel: 'error' },
    logSink: { write: (line) => lines.push(line) },
  });
  vi.spyOn(test.database, 'write').mockRejectedValue(new Error('away'));
  const { body } = await server.post('{ viewer { id } }');
  expect(body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(lines.join('')).toContain('a refusal could not be recorded');
});

it('a look that must be recorded is not answered when it cannot be', async () => {
  const notes = new AuditNotes({
    database: test.database,
    ids: new IdBlocks(test.database),
    clock: systemClock,
  });
  const entry = { operation: 'elder.idNumber', result: 'DONE', elderId: 7 };
  await notes.add(actor, entry);
  expect(await recordsOf(test.database)).toMatchObject([{ ...entry, times: 1, address: '10.0.0.1' }]);
  vi.spyOn(test.database, 'write').mockRejectedValue(new Error('away'));
  await expect(notes.add(actor, entry)).rejects.toThrow('away');
});

it('is dated by the machine, whatever the clock of the business shows', async () => {
  const server = await serve({ at: new Date('2020-01-01T00:00:00Z') });
  await server.post('{ viewer { id } }');
  const [record] = await recordsOf(test.database);
  expect(Math.abs((record?.at ?? 0) - Date.now())).toBeLessThan(60_000);
});

it.each([
  [0, '127.0.0.1'],
  [1, '203.0.113.7'],
  [2, '198.51.100.1'],
])('with %d trusted proxies a caller comes from %s', async (trustedProxies, address) => {
  const server = await serve({ settings: { trustedProxies } });
  const forwarded = '192.0.2.99, 198.51.100.1, 203.0.113.7';
  await server.post('{ viewer { id } }', {}, undefined, { 'x-forwarded-for': forwarded });
  expect(await recordsOf(test.database)).toMatchObject([{ address }]);
});

it('what a proxy passes on that is no address is not noted', async () => {
  const server = await serve({ settings: { trustedProxies: 1 } });
  await server.post('{ viewer { id } }', {}, undefined, { 'x-forwarded-for': '110105194912310021' });
  expect((await recordsOf(test.database))[0]?.address).not.toContain('110105');
});

@Resolver()
class SilentResolver {
  @Mutation(() => Boolean, { description: 'Writes past the log.' })
  setClockSilently(): boolean {
    return true;
  }
}

it('a mutation that leaves no record is a fault, even before anybody wrote a test of it', async () => {
  const open = policy as Record<string, readonly string[]>;
  open.setClockSilently = ['ADMIN'];
  const server = await serve({ resolvers: [SilentResolver] });
  const token = await server.adminToken();
  const { body } = await server.post('mutation { setClockSilently }', {}, token);
  expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(await recordsOf(test.database)).toMatchObject([
    { operation: 'setClockSilently', result: 'INTERNAL_SERVER_ERROR' },
  ]);
});
