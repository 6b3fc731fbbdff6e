import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { ElderCategoryMembership, VisitDuty } from '../../entities/index.js';
import { type InstitutionStays, stayKey } from '../../src/elders/institution-stays.js';
import { countVisitsDue, visitsDue } from '../../src/visits/visits-due.js';
import { addElder, addHomeServices, addWorker } from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addVisit } from '../support/visits.js';

let server: TestServer;
let town: TwoCounties;
let manager: string;
let caregiverId: number;
let serviceId: number;

beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  await addHomeServices(server);
  caregiverId = await addWorker(town);
  manager = await server.managerToken(town.countyId);
  const [row] = await server.database.read((m) =>
    m.query("SELECT id FROM home_service WHERE code = 'CLEANING'"),
  );
  serviceId = row.id;
  const duty = { fromDay: '2026-01-01', toDay: null };
  await server.database.write((m) =>
    m.insert(VisitDuty, [
      { ...duty, facilityId: town.cityId, category: 'DESTITUTE', abilityFrom: 0 },
      { ...duty, facilityId: town.countyId, category: 'LIVING_ALONE', abilityFrom: 2 },
      { ...duty, facilityId: town.cityId, category: 'EMPTY_NEST', abilityFrom: 0, toDay: '2026-03-10' },
      { ...duty, facilityId: town.cityId, category: 'DISABLED', abilityFrom: 0, fromDay: '2026-03-11' },
      { ...duty, facilityId: town.otherCountyId, category: 'LOW_INCOME', abilityFrom: 0 },
    ]),
  );
});
afterAll(() => server.close());

async function elderOf(
  categories: ElderCategory[],
  ability: [number, string | null] | null = null,
): Promise<number> {
  const elderId = await addElder(town);
  await server.database.write(async (m) => {
    await m.insert(
      ElderCategoryMembership,
      categories.map((category) => ({ elderId, category })),
    );
    if (ability) {
      await m.query('UPDATE elder SET abilityLevel = ?, abilityExpiresOn = ? WHERE id = ?', [
        ...ability,
        elderId,
      ]);
    }
  });
  return elderId;
}
const visited = (elderId: number, from: string, status: 'COMPLETED' | 'CANCELLED' | 'NO_SHOW' | 'ASSIGNED') =>
  addVisit(server.database, {
    elderId,
    serviceId,
    stationId: town.stationId,
    caregiverIds: [caregiverId],
    from,
    status,
  });

interface Due {
  totalCount: number;
  nodes: { elder: { id: string }; lastVisitAt: string | null; dueOn: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
async function due(within: number, more = '', token = manager): Promise<Due> {
  const { body } = await server.post<{ visitsDue: Due }>(
    `{ visitsDue(within: "${within}"${more}) { totalCount nodes { elder { id } lastVisitAt dueOn } pageInfo { hasNextPage endCursor } } }`,
    {},
    token,
  );
  expect(body.errors).toBe(undefined);
  return body.data.visitsDue;
}

it('lists who is on the government’s list and has no visit this month, soonest due first', async () => {
  const late = await elderOf(['DESTITUTE']);
  const never = await elderOf(['LIVING_ALONE', 'DESTITUTE'], [2, null]);
  const sooner = await elderOf(['LIVING_ALONE'], [3, '2026-03-11']);
  const planned = await elderOf(['DESTITUTE']);
  const done = await elderOf(['DESTITUTE']);
  await elderOf(['LIVING_ALONE'], [1, null]);
  await elderOf(['LIVING_ALONE'], [3, '2026-03-10']);
  await elderOf(['EMPTY_NEST', 'DISABLED', 'LOW_INCOME']);
  await elderOf([]);
  const dead = await elderOf(['DESTITUTE']);
  await server.database.write((m) =>
    m.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-01' WHERE id = ?", [dead]),
  );
  await visited(late, '2026-02-27T09:00:00+08:00', 'COMPLETED');
  await visited(late, '2026-03-05T09:00:00+08:00', 'CANCELLED');
  await visited(late, '2026-03-06T09:00:00+08:00', 'NO_SHOW');
  await visited(sooner, '2026-01-31T23:00:00+08:00', 'COMPLETED');
  // The first instant of April in China is still March in UTC, and counts for no month but April.
  await visited(sooner, '2026-04-01T00:00:00+08:00', 'ASSIGNED');
  await visited(planned, '2026-03-31T23:00:00+08:00', 'ASSIGNED');
  await visited(done, '2026-03-01T00:00:00+08:00', 'COMPLETED');
  const all = await due(town.countyId);
  expect(all.totalCount).toBe(3);
  expect(all.nodes).toEqual([
    { elder: { id: String(never) }, lastVisitAt: null, dueOn: '2020-02-01' },
    { elder: { id: String(sooner) }, lastVisitAt: '2026-01-31T15:00:00.000Z', dueOn: '2026-02-28' },
    { elder: { id: String(late) }, lastVisitAt: '2026-02-27T01:00:00.000Z', dueOn: '2026-03-27' },
  ]);
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const page = await due(town.stationId, `, first: 1${after}`);
    seen.push(...page.nodes.map(({ elder }) => elder.id));
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  expect(seen).toEqual([never, sooner, late].map(String));
  // Who lives in an institution is looked after there.
  const stays: InstitutionStays = {
    on: async (_, elderIds, days) =>
      new Set(elderIds.includes(sooner) ? days.map((day) => stayKey(sooner, day)) : []),
  };
  const asker = { scope: 'everywhere' as const, now: noon, stays };
  const [listed, count] = await server.database.read(async (m) => [
    await visitsDue(m, town.countyId, { rowsMax: 2 }, asker),
    await countVisitsDue(m, town.countyId, asker),
  ]);
  expect([listed.map(({ elderId }) => elderId), count]).toEqual([[never, late], 2]);
});

it('is empty beyond the caller’s grants, and takes as many statements for many', async () => {
  const nothing = { totalCount: 0, nodes: [] };
  expect(await due(town.otherCountyId)).toMatchObject(nothing);
  expect(await due(town.cityId)).toMatchObject(nothing);
  expect(await due(999_999)).toMatchObject(nothing);
  const counted = async (first: number) =>
    (await statementsOf(server.database, () => due(town.countyId, `, first: ${first}`))).statements.length;
  const few = await counted(1);
  for (let index = 0; index < 20; index++) await elderOf(['DESTITUTE']);
  expect(await counted(30)).toBe(few);
});
