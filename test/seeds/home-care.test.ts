import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemo } from '../../seeds/demo.js';
import { clientsPerCaregiver } from '../../seeds/home-care/staff-stations.js';
import { visitsOfDay } from '../../seeds/home-care/week-plan.js';
import { addDays } from '../../src/shared/china-time.js';
import { SettableClock } from '../../src/shared/clock.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

let open: TestDatabase;
const dataDir = mkdtempSync(join(tmpdir(), 'yinling-home-care-'));
const clock = new SettableClock();
const graphqlUrl = 'http://127.0.0.1:4000/graphql';

const seed = () => seedDemo(open.database, { elders: 3000, dataDir, graphqlUrl, clock, progress: false });
const rows = <Row>(sql: string): Promise<Row[]> => open.writer.query(sql);
const number = async (sql: string) => Number((await rows<{ n: number | string }>(sql))[0]?.n);

beforeAll(async () => {
  clock.set(new Date('2026-11-20T12:00:00+08:00'), 0);
  open = await openTestDatabase();
  await seed();
});
afterAll(async () => {
  await open.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the city’s home care', () => {
  it('has a place for every station, within the prefecture', async () => {
    expect(await number('SELECT COUNT(*) AS n FROM home_station')).toBe(468);
    const [edge] = await rows<Record<string, number>>(
      `SELECT MIN(latitudeMicro) AS south, MAX(latitudeMicro) AS north, MIN(longitudeMicro) AS west,
              MAX(longitudeMicro) AS east FROM home_station`,
    );
    expect(edge?.south).toBeGreaterThan(32_000_000);
    expect(edge?.north).toBeLessThan(34_000_000);
    expect(edge?.west).toBeGreaterThan(111_000_000);
    expect(edge?.east).toBeLessThan(114_000_000);
  });

  it('has a caregiver for one to eight elders, with a roster and certificates', async () => {
    const crews = await rows<{ caregiverId: number; clients: number | string }>(
      `SELECT part.caregiverId, COUNT(DISTINCT visit.elderId) AS clients
         FROM visit_caregiver part JOIN visit ON visit.id = part.visitId
         JOIN caregiver ON caregiver.id = part.caregiverId
         JOIN account ON account.id = caregiver.accountId AND account.name LIKE '护理员 NY-%'
        GROUP BY part.caregiverId`,
    );
    expect(crews.length).toBeGreaterThan(100);
    expect(Math.max(...crews.map(({ clients }) => Number(clients)))).toBeLessThanOrEqual(clientsPerCaregiver);
    const without = (table: string) =>
      number(`SELECT COUNT(*) AS n FROM caregiver WHERE id NOT IN (SELECT caregiverId FROM ${table})`);
    expect(await without('caregiver_skill')).toBe(0);
    expect(await without('caregiver_shift')).toBe(0);
    expect(
      await number('SELECT COUNT(*) AS n FROM caregiver_skill WHERE expiresOn IS NOT NULL'),
    ).toBeGreaterThan(100);
  });

  it('has three weeks that are over, with their hours used and their evidence, and what is booked', async () => {
    const found = await rows<{ status: string; n: number | string }>(
      'SELECT status, COUNT(*) AS n FROM visit GROUP BY status',
    );
    const by = Object.fromEntries(found.map(({ status, n }) => [status, Number(n)]));
    expect(by.COMPLETED).toBeGreaterThan(500);
    expect(by.ASSIGNED).toBeGreaterThan(5);
    expect(by.CANCELLED).toBeGreaterThan(5);
    expect(
      await number(
        "SELECT COUNT(*) AS n FROM visit_evidence WHERE openStationId IS NOT NULL AND decision = 'LOOK'",
      ),
    ).toBeGreaterThan(5);
    expect(await number("SELECT SUM(minutes) AS n FROM hours_entry WHERE account = 'USED'")).toBeGreaterThan(
      1000,
    );
    const early = Date.parse('2026-11-20T00:00:00+08:00');
    expect(
      await number(`SELECT COUNT(*) AS n FROM visit WHERE status = 'ASSIGNED' AND startsAt < ${early}`),
    ).toBe(0);
    await expectAuditClean(open.database);
  });

  it('seeded again it changes nothing, and a day later it adds the day that came near', async () => {
    const counts = async () => ({
      visits: await number('SELECT COUNT(*) AS n FROM visit'),
      taps: await number('SELECT COUNT(*) AS n FROM visit_check'),
      postings: await number('SELECT COUNT(*) AS n FROM hours_posting'),
      caregivers: await number('SELECT COUNT(*) AS n FROM caregiver'),
      doors: await number('SELECT COUNT(*) AS n FROM elder_door'),
      absences: await number('SELECT COUNT(*) AS n FROM caregiver_absence'),
    });
    const before = await counts();
    await seed();
    expect(await counts()).toEqual(before);
    clock.set(new Date('2026-11-23T12:00:00+08:00'), 0);
    await seed();
    const after = await counts();
    expect(after.visits).toBeGreaterThan(before.visits);
    expect(after.caregivers).toBe(before.caregivers);
    await expectAuditClean(open.database);
  });
});

it('plans the same week for the same elders, each of them once and nobody at weekends', () => {
  const crews = [{ caregiverId: 1, stationId: 2, clients: [11, 12, 13, 14, 15, 16, 17, 18] }];
  const week = Array.from({ length: 7 }, (_, index) => visitsOfDay(addDays('2026-11-16', index), crews));
  expect(week.map((visits) => visits.length)).toEqual([2, 2, 2, 1, 1, 0, 0]);
  const visits = week.flat();
  expect(new Set(visits.map(({ elderId }) => elderId)).size).toBe(8);
  expect(new Set(visits.map(({ requestId }) => requestId)).size).toBe(8);
  expect(visitsOfDay('2026-11-16', crews)).toEqual(week[0]);
  const starts = week[0]?.map(({ startsAt }) => startsAt.getTime()) ?? [];
  expect(Math.abs((starts[1] ?? 0) - (starts[0] ?? 0))).toBeGreaterThanOrEqual(2 * 3_600_000);
});
