import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedDemo } from '../../seeds/demo.js';
import { homeServices } from '../../seeds/reference/home-services/home-services.js';
import { serviceItems } from '../../seeds/reference/home-services/service-items.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { SettableClock } from '../../src/shared/clock.js';
import { visitsChecks } from '../../src/visits/audit.js';
import { signedIn } from '../support/staff.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';

let open: TestDatabase;
let server: TestServer;
let token: string;
const dataDir = mkdtempSync(join(tmpdir(), 'yinling-visits-'));
const clock = new SettableClock();

const seed = () =>
  seedDemo(open.database, {
    elders: 3000,
    dataDir,
    graphqlUrl: 'http://127.0.0.1:4000/graphql',
    clock,
    progress: false,
  });

beforeAll(async () => {
  clock.set(new Date('2026-11-20T12:00:00+08:00'), 0);
  open = await openTestDatabase();
  await seed();
  server = await startTestServer({ on: open, at: clock.now() });
  const { accounts } = JSON.parse(readFileSync(join(dataDir, 'demo-credentials.json'), 'utf8'));
  const { userName, password } = accounts.find(({ role }: { role: string }) => role === 'CAREGIVER');
  token = (await signedIn(server, userName, password)).accessToken;
  // A city takes its time on a busy machine.
}, 240_000);
afterAll(async () => {
  await server.close();
  await open.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Seen {
  visitsOn: { id: string; status: string; elder: { id: string; phone: string; address: string } }[];
  elders: { totalCount: number };
}

async function day(date: string, elder = 'elder { id phone address }') {
  const query = `{ visitsOn(date: "${date}") { id status ${elder} } elders { totalCount } }`;
  return (await server.post<Seen>(query, {}, token)).body;
}

it('the demonstration caregiver has visits yesterday, today, tomorrow and in a week, and finds the doors', async () => {
  const elders = new Set<string>();
  for (const [date, status] of [
    ['2026-11-19', 'COMPLETED'],
    ['2026-11-20', 'ASSIGNED'],
    ['2026-11-21', 'ASSIGNED'],
  ] as const) {
    const { visitsOn } = (await day(date)).data;
    expect(visitsOn.map((visit) => visit.status)).toEqual(Array(4).fill(status));
    for (const { elder } of visitsOn) {
      elders.add(elder.id);
      expect(elder.phone).toMatch(/^03770\d{6}$/);
      expect(elder.address).toMatch(/^南阳市.+\d+号楼\d单元\d01室$/);
    }
  }
  const { data } = await day('2026-11-27', '');
  expect(data.visitsOn).toHaveLength(4);
  expect(data.elders.totalCount).toBe(elders.size);
  expect((await day('2026-11-22', '')).data.visitsOn).toEqual([]);
});

it('seeded again it changes nothing, and a day later it adds the days that came near', async () => {
  const rows = async () => ({
    visits: await open.writer.query("SELECT * FROM visit WHERE requestId LIKE '5ee00000-%' ORDER BY id"),
    parts: await open.writer.query('SELECT * FROM visit_caregiver ORDER BY visitId'),
    services: await open.writer.query('SELECT * FROM home_service ORDER BY id'),
    doors: await open.writer.query('SELECT id, phoneSealed FROM elder WHERE phoneSealed IS NOT NULL'),
  });
  const before = await rows();
  await seed();
  expect(await rows()).toEqual(before);
  clock.set(new Date('2026-11-21T12:00:00+08:00'), 0);
  await seed();
  const after = await rows();
  expect(after.visits.slice(0, before.visits.length)).toEqual(before.visits);
  expect(after.visits).toHaveLength(before.visits.length + 8);
});

it('all that must hold of visits holds, and is seen when it does not', async () => {
  const broken = () => open.database.read((manager) => runChecks(manager, visitsChecks, () => undefined));
  expect(await broken()).toBe(0);
  const [first, second] = await open.writer.query(
    'SELECT visitId, startsAt FROM visit_caregiver ORDER BY visitId',
  );
  const spoil = async (sql: string, undo: string) => {
    await open.database.write((manager) => manager.query(sql));
    const found = await broken();
    await open.database.write((manager) => manager.query(undo));
    return found;
  };
  const moved = (table: string, key: string) =>
    spoil(
      `UPDATE ${table} SET endsAt = ${Number(second.startsAt) + 1} WHERE ${key} = ${first.visitId}`,
      `UPDATE ${table} SET endsAt = startsAt + 60000 WHERE ${key} = ${first.visitId}`,
    );
  expect(await moved('visit_caregiver', 'visitId')).toBe(1);
  const sameElder = `UPDATE visit SET elderId = (SELECT * FROM (SELECT elderId FROM visit WHERE id = ${first.visitId}) one)`;
  await open.database.write((manager) => manager.query(`${sameElder} WHERE id = ${second.visitId}`));
  expect(await moved('visit', 'id')).toBe(1);
  expect(
    await spoil(
      `UPDATE visit SET status = 'REQUESTED' WHERE id = ${first.visitId}`,
      `UPDATE visit SET status = 'COMPLETED' WHERE id = ${first.visitId}`,
    ),
    // It has a caregiver, and its last step tells another status.
  ).toBe(2);
  expect(await broken()).toBe(0);
});

it('the catalogue has services of all seven groups, in both languages', async () => {
  const query = '{ services { code name group priceFen minutes } }';
  const ask = async (language: string) =>
    (
      await server.post<{ services: { code: string; name: string; group: string; priceFen: number }[] }>(
        query,
        {},
        token,
        { 'accept-language': language },
      )
    ).body.data.services;
  const chinese = await ask('zh-CN');
  expect(chinese.map(({ code, priceFen }) => [code, priceFen])).toEqual(
    homeServices.map(({ code, fen }) => [code, fen]),
  );
  expect(new Set(chinese.map(({ group }) => group))).toEqual(
    new Set(['生活照料', '基础照护', '健康管理', '探访关爱', '精神慰藉', '委托代办', '环境适老化改造']),
  );
  const names = chinese.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['助餐', '助浴', '助洁', '助医', '助行', '助急']));
  expect((await ask('en')).every(({ name }) => /^[A-Z][a-z A-Z]+$/.test(name))).toBe(true);
});

it('what is taken along stands with the visit, and seeding again leaves what somebody has set', async () => {
  const query = '{ visitsOn(date: "2026-11-20") { service { code } toBring } }';
  const brought = async () => {
    const { body } = await server.post<{ visitsOn: { service: { code: string }; toBring: string[] }[] }>(
      query,
      {},
      token,
    );
    return body.data.visitsOn;
  };
  for (const { service, toBring } of await brought()) {
    expect(toBring).toEqual((serviceItems[service.code] ?? []).map(({ en }) => en));
  }
  await open.database.write((manager) => manager.query("UPDATE home_service_item SET nameEn = 'Ours'"));
  await seed();
  const rows: { nameEn: string }[] = await open.database.read((manager) =>
    manager.query('SELECT nameEn FROM home_service_item'),
  );
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ nameEn }) => nameEn !== 'Ours')).toEqual([]);
  const codes = Object.keys(serviceItems);
  expect(codes.filter((code) => !homeServices.some((service) => service.code === code))).toEqual([]);
});
