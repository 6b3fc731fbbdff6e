import { afterAll, beforeAll, expect, it } from 'vitest';
import { findAuditRecords } from '../../src/access/find-audit-records.js';
import { auditColumns, auditRow } from '../../src/audit-log/audit-record.js';
import { withBeneath } from '../../src/network/tree.js';
import { insertRows } from '../../src/shared/statements.js';
import { append, linkAll } from '../support/audit-trail.js';
import { statementsOf } from '../support/count-statements.js';
import { engine } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let auditor: string;
let cityAuditor: string;
let auditorId: number;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  const opened = await server.account('AUDITOR', town.countyId, '审计员');
  auditor = opened.token;
  auditorId = opened.accountId;
  cityAuditor = (await server.account('AUDITOR', town.cityId)).token;
  const at = (minute: number) => new Date(Date.parse('2026-03-10T00:00:00Z') + minute * 60_000);
  const { database } = server;
  await append(database, 900_001, { facilityId: town.stationId, elderId: 1 }, at(1));
  await append(database, 900_002, { facilityId: town.canteenIds[0], operation: 'voidSwipe' }, at(2));
  await append(database, 900_003, { facilityId: town.otherStationId, elderId: 2 }, at(3));
  await append(database, 900_004, { facilityId: null, operation: 'elder', result: 'UNAUTHENTICATED' }, at(4));
  await append(database, 900_005, { facilityId: town.stationId, result: 'CARD_UNKNOWN' }, at(5));
  // Of the same instant as the one before it.
  await append(database, 900_006, { facilityId: town.countyId, elderId: 1, subject: 'card:3' }, at(5));
  await linkAll(database);
});
afterAll(() => server.close());

interface Page {
  auditLog: {
    nodes: { id: string; [field: string]: unknown }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const march = 'from: "2026-03-09T00:00:00Z", to: "2026-03-11T00:00:00Z"';

/** The records of the day that the tests wrote, by the last digit of their ids. */
async function search(args: string, token = auditor): Promise<number[]> {
  const query = `{ auditLog(${march} ${args}) { nodes { id } } }`;
  const { body } = await server.post<Page>(query, {}, token);
  expect(body.errors).toBeUndefined();
  return body.data.auditLog.nodes.map(({ id }) => Number(id) - 900_000);
}

it('answers the newest first, within the grants only, and shows a whole record', async () => {
  expect(await search('')).toEqual([6, 5, 2, 1]);
  const query = `{ auditLog(${march} first: 1) { nodes { id at accountId accountName roles address requestId operation facility { code } elderId subject result times details seq } } }`;
  const { body } = await server.post<Page>(query, {}, auditor);
  expect(body.data.auditLog.nodes).toEqual([
    {
      id: '900006',
      at: '2026-03-10T00:05:00.000Z',
      accountId: null,
      accountName: null,
      roles: ['MANAGER'],
      address: '10.0.0.1',
      requestId: 'r-1',
      operation: 'topUpCard',
      facility: { code: 'COUNTY' },
      elderId: '1',
      subject: 'card:3',
      result: 'DONE',
      times: 1,
      details: '{"name":"王**"}',
      seq: '6',
    },
  ]);
});

it('a record without a place is shown to whoever has the whole city', async () => {
  expect(await search('', cityAuditor)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(await search('', await server.adminToken())).toEqual([6, 5, 4, 3, 2, 1]);
});

it.each<[string, () => string, number[]]>([
  ['elder', () => 'elder: "1"', [6, 1]],
  ['operation', () => 'operation: "voidSwipe"', [2]],
  ['result', () => 'result: "CARD_UNKNOWN"', [5]],
  ['place', () => `place: "${town.stationId}"`, [5, 1]],
  ['a place and everything beneath it', () => `place: "${town.streetId}"`, [5, 2, 1]],
  ['a place out of the grants', () => `place: "${town.otherCountyId}"`, []],
  ['a place that is none', () => 'place: "x"', []],
  ['person', () => `person: "${auditorId}"`, []],
  ['several at once', () => `elder: "1", place: "${town.stationId}"`, [1]],
])('by %s', async (_what, args, expected) => {
  expect(await search(args())).toEqual(expected);
});

it('by time, the end left out', async () => {
  const query = (from: string, to: string) => `{ auditLog(from: "${from}", to: "${to}") { nodes { id } } }`;
  const { body } = await server.post<Page>(
    query('2026-03-10T00:01:00Z', '2026-03-10T00:02:00Z'),
    {},
    auditor,
  );
  expect(body.data.auditLog.nodes).toEqual([{ id: '900001' }]);
});

it('by person: who looked for what is found under its account', async () => {
  await server.post('{ elder(id: "1") { id } }', {}, auditor);
  const { body } = await server.post<Page>(
    `{ auditLog(person: "${auditorId}") { nodes { id operation result accountName facility { code } } } }`,
    {},
    auditor,
  );
  expect(body.data.auditLog.nodes).toMatchObject([
    { operation: 'elder', result: 'NOT_FOUND', accountName: '审计员', facility: { code: 'COUNTY' } },
  ]);
});

it('page by page, each record once, also between equal instants', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page++) {
    const given: string = after === null ? '' : `, after: "${after}"`;
    const { body } = await server.post<Page>(
      `{ auditLog(${march}, first: 1${given}) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
      {},
      auditor,
    );
    seen.push(...body.data.auditLog.nodes.map(({ id }) => id));
    after = body.data.auditLog.pageInfo.endCursor;
    if (!body.data.auditLog.pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual(['900006', '900005', '900002', '900001']);
});

it.each([
  ['first: 201', ['first']],
  ['after: "x"', ['after']],
])('refuses %s by name', async (args, field) => {
  const { body } = await server.post(`{ auditLog(${args}) { nodes { id } } }`, {}, auditor);
  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
});

it('is closed to managers and readers, which leaves a record', async () => {
  for (const token of [
    await server.managerToken(town.cityId),
    await server.readerToken(town.canteenIds[0]),
  ]) {
    const { body } = await server.post('{ auditLog { nodes { id } } }', {}, token);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
  const { body } = await server.post<Page>(
    '{ auditLog(operation: "auditLog", result: "FORBIDDEN") { nodes { id } } }',
    {},
    cityAuditor,
  );
  expect(body.data.auditLog.nodes).toHaveLength(2);
});

it('takes as many statements for a page of two hundred as for none', async () => {
  const count = async (args: string) => {
    const query = `{ auditLog(${args}) { nodes { id facility { code } } } }`;
    const { statements } = await statementsOf(server.database, () => server.post(query, {}, auditor));
    return statements.length;
  };
  // The token, the scope, the city, the records, and the facilities when there are any.
  expect(await count('first: 200')).toBeLessThanOrEqual(5);
  expect(await count(`first: 200, place: "${town.streetId}"`)).toBeLessThanOrEqual(5);
});

it('finds by an index what is looked for in a large log', async () => {
  const actor = { accountId: 1, roles: ['MANAGER'], address: null, requestId: null, facilityId: null };
  for (let batch = 0; batch < 10; batch++) {
    const rows = Array.from({ length: 1000 }, (_, index) => {
      const id = 1_000_000 + batch * 1000 + index;
      const entry = { operation: 'topUpCard', result: 'DONE', facilityId: town.stationId, elderId: id };
      const row = auditRow(
        id,
        new Date(1_700_000_000_000 + id * 1000),
        { ...actor, accountId: id % 500 },
        entry,
      );
      return auditColumns.map((name) => row[name]);
    });
    await server.database.write((manager) => insertRows(manager, 'audit_record', auditColumns, rows));
  }
  if (engine === 'mysql')
    await server.database.read((manager) => manager.query('ANALYZE TABLE audit_record'));
  const page = { after: undefined, rowsMax: 51 };
  const filters = [
    { accountId: 7 },
    { elderId: 1_000_007 },
    { from: new Date(1_701_000_000_000), to: new Date(1_701_000_100_000) },
    { operation: 'voidSwipe' },
  ];
  for (const filter of filters) {
    const { statements } = await statementsOf(server.database, () =>
      server.database.read((manager) => findAuditRecords(manager, filter, page, 'everywhere', today)),
    );
    expect(statements).toHaveLength(1);
    const parameters = Object.values(filter).map((value) =>
      value instanceof Date ? value.getTime() : value,
    );
    expect(await planOf(statements[0] ?? '', parameters)).toMatch(/ix_audit_/);
  }
  const { sql, parameters } = withBeneath([town.canteenIds[0]], today);
  const { statements } = await statementsOf(server.database, () =>
    server.database.read((manager) => findAuditRecords(manager, {}, page, [town.canteenIds[0]], today)),
  );
  expect(statements.at(-1)).toContain(sql);
  expect(await planOf(statements.at(-1) ?? '', parameters)).toMatch(/ix_audit_(facility|at)/);
});

/** How the engine goes about it, as text. */
async function planOf(sql: string, parameters: unknown[]): Promise<string> {
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const rows: object[] = await server.database.read((manager) =>
    manager.query(`${explain} ${sql}`, parameters),
  );
  const lines =
    engine === 'mysql'
      ? rows.map((row) => JSON.stringify({ ...row, possible_keys: '' }))
      : rows.map((row) => JSON.stringify(row));
  return lines.join('\n');
}
