import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import { statementsOf } from '../support/count-statements.js';
import { looksIn } from '../support/looks.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addCaregiver, addDoor, addServices, addVisit } from '../support/visits.js';

const door = { phone: '13800001234', address: '南阳市卧龙区梅溪路1号' };

let server: TestServer;
let town: TwoCounties;
let serviceId: number;
/** A caregiver of the town's station, a colleague there, and a caregiver of the other county's. */
let own: { token: string; accountId: number; caregiverId: number };
let colleague: typeof own;
let stranger: typeof own;

async function caregiverAt(stationId: number): Promise<typeof own> {
  const { token, accountId } = await server.account('CAREGIVER', stationId);
  return { token, accountId, caregiverId: await addCaregiver(server.database, { stationId, accountId }) };
}

beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  ({ serviceId } = await addServices(server.database));
  own = await caregiverAt(town.stationId);
  colleague = await caregiverAt(town.stationId);
  stranger = await caregiverAt(town.otherStationId);
});
beforeEach(async () => {
  server.clock.set(noon, 0);
  await server.database.write(async (manager) => {
    await manager.query('DELETE FROM visit_caregiver');
    await manager.query('DELETE FROM visit_booking');
    await manager.query('DELETE FROM visit');
  });
});
afterAll(() => server.close());

/** A new elder, visited as told by the caregiver at the town's station. */
async function visited(
  visit: { from: string; to?: string; status?: VisitStatus },
  by = own,
  stationId = town.stationId,
): Promise<{ elderId: number; visitId: number; uid: string }> {
  const { elderId, uid } = await addDiner(town, { balanceFen: 0 });
  const caregiverIds = [by.caregiverId];
  const visitId = await addVisit(server.database, { elderId, serviceId, stationId, caregiverIds, ...visit });
  return { elderId, visitId, uid };
}

interface Seen {
  elder: { id: string } | null;
  elders: { totalCount: number; nodes: { id: string }[] };
}

/** True when every path to the elder is open, false when every one is closed; they must agree. */
async function sees({ token }: { token: string }, elderId: number, visitId?: number): Promise<boolean> {
  const { body } = await server.post<Seen>(
    `{ elder(id: ${elderId}) { id } elders { totalCount nodes { id } } }`,
    {},
    token,
  );
  const { elder, elders } = body.data;
  expect(elders.totalCount).toBe(elders.nodes.length);
  expect(elders.nodes.some(({ id }) => id === String(elderId))).toBe(elder !== null);
  if (visitId === undefined) return elder !== null;
  const nested = await server.post<{ visit: { elder: { id: string } } | null }>(
    `{ visit(id: ${visitId}) { elder { id } } }`,
    {},
    token,
  );
  expect(nested.body.data.visit?.elder.id).toBe(elder?.id);
  expect(nested.body.errors?.map(({ extensions }) => extensions.code)).toEqual(
    elder ? undefined : ['FORBIDDEN'],
  );
  return elder !== null;
}

describe('an elder is open to whoever visits', () => {
  it.each([
    ['a visit at noon', '2026-03-10T12:00:00+08:00', undefined],
    ['the first visit of a day', '2026-03-10T00:00:00+08:00', undefined],
    ['the last visit of a day, to midnight', '2026-03-10T23:00:00+08:00', '2026-03-11T00:00:00+08:00'],
  ])('from the day before to the day after: %s', async (_, from, to) => {
    const { elderId, visitId } = await visited({ from, ...(to ? { to } : {}) });
    for (const [now, open] of [
      ['2026-03-08T23:59:59.999+08:00', false],
      ['2026-03-09T00:00:00+08:00', true],
      ['2026-03-10T12:00:00+08:00', true],
      ['2026-03-11T23:59:59.999+08:00', true],
      ['2026-03-12T00:00:00+08:00', false],
    ] as const) {
      server.clock.set(new Date(now), 0);
      expect(await sees(own, elderId, visitId), now).toBe(open);
    }
  });

  it('over both days and one more at each end, when a visit goes past midnight', async () => {
    const { elderId } = await visited({
      from: '2026-03-10T23:30:00+08:00',
      to: '2026-03-11T00:30:00+08:00',
    });
    for (const [now, open] of [
      ['2026-03-08T23:59:59.999+08:00', false],
      ['2026-03-09T00:00:00+08:00', true],
      ['2026-03-12T23:59:59.999+08:00', true],
      ['2026-03-13T00:00:00+08:00', false],
    ] as const) {
      server.clock.set(new Date(now), 0);
      expect(await sees(own, elderId), now).toBe(open);
    }
  });

  it('in every state but when it was called off', async () => {
    const from = '2026-03-10T12:00:00+08:00';
    for (const status of ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED', 'NO_SHOW'] as const) {
      const { elderId, visitId } = await visited({ from, status });
      expect(await sees(own, elderId, visitId), status).toBe(true);
    }
    const { elderId, visitId } = await visited({ from, status: 'CANCELLED' });
    expect(await sees(own, elderId, visitId)).toBe(false);
  });

  it('and to no colleague, nor to anybody of another station, who knows of no such visit', async () => {
    const { elderId, visitId } = await visited({ from: '2026-03-10T12:00:00+08:00' });
    for (const other of [colleague, stranger]) {
      expect(await sees(other, elderId)).toBe(false);
      const query = `{ visit(id: ${visitId}) { id } visitsOn(date: "2026-03-10", caregiverId: ${own.caregiverId}) { id } }`;
      const { body } = await server.post(query, {}, other.token);
      expect(body).toEqual({ data: { visit: null, visitsOn: [] } });
    }
  });

  it('to both of two who come, and no longer to the one from whom the visit was taken', async () => {
    const { elderId, visitId } = await visited({ from: '2026-03-10T12:00:00+08:00' });
    const columns = 'visitId, caregiverId, startsAt, endsAt';
    await server.database.write((manager) =>
      manager.query(
        `INSERT INTO visit_caregiver (${columns})
         SELECT visitId, ${colleague.caregiverId}, startsAt, endsAt FROM visit_caregiver WHERE visitId = ${visitId}`,
      ),
    );
    expect(await sees(own, elderId, visitId)).toBe(true);
    expect(await sees(colleague, elderId, visitId)).toBe(true);
    await server.database.write((manager) =>
      manager.query('DELETE FROM visit_caregiver WHERE caregiverId = ?', [own.caregiverId]),
    );
    expect(await sees(own, elderId)).toBe(false);
    expect(await sees(colleague, elderId, visitId)).toBe(true);
  });

  it('only where the grant holds: a visit of a station outside it opens nobody', async () => {
    const { elderId, visitId } = await visited(
      { from: '2026-03-10T12:00:00+08:00' },
      own,
      town.otherStationId,
    );
    expect(await sees(own, elderId)).toBe(false);
    const { body } = await server.post(`{ visit(id: ${visitId}) { id } }`, {}, own.token);
    expect(body).toEqual({ data: { visit: null } });
  });

  it('until the grant is withdrawn, from the next request on', async () => {
    const leaver = await caregiverAt(town.stationId);
    const { elderId } = await visited({ from: '2026-03-10T12:00:00+08:00' }, leaver);
    expect(await sees(leaver, elderId)).toBe(true);
    await server.database.write((manager) =>
      manager.query('UPDATE access_grant SET untilAt = ? WHERE accountId = ?', [1, leaver.accountId]),
    );
    const { body } = await server.post<null>(`{ elder(id: ${elderId}) { id } }`, {}, leaver.token);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('lists', () => {
  it('and their counts hold open elders alone, by place and by search', async () => {
    const { elderId, uid } = await visited({ from: '2026-03-10T12:00:00+08:00' });
    const next = await visited({ from: '2026-03-17T12:00:00+08:00' });
    const counted = async (argument: string) => {
      const { body } = await server.post<Seen>(
        `{ elders${argument} { totalCount nodes { id } } }`,
        {},
        own.token,
      );
      expect(body.data.elders.totalCount).toBe(body.data.elders.nodes.length);
      return body.data.elders.nodes.map(({ id }) => Number(id));
    };
    expect(await counted('')).toEqual([elderId]);
    expect(await counted(`(within: ${town.stationId})`)).toEqual([elderId]);
    expect(await counted(`(within: ${town.cityId})`)).toEqual([elderId]);
    expect(await counted(`(within: ${town.otherCountyId})`)).toEqual([]);
    expect(await counted(`(search: "${uid}")`)).toEqual([elderId]);
    expect(await counted(`(search: "${next.uid}", within: ${town.stationId})`)).toEqual([]);
    expect(await counted('(search: "王")')).toEqual([elderId]);
  });

  it('of somebody who is at a front desk elsewhere hold the elders of both', async () => {
    const both = await caregiverAt(town.stationId);
    const { elderId, visitId } = await visited({ from: '2026-03-10T12:00:00+08:00' }, both);
    const there = await addDiner(town, { homeStationId: town.otherStationId });
    await server.database.write((manager) =>
      manager.query(
        "INSERT INTO access_grant (accountId, role, facilityId, fromAt, showsIdentities) VALUES (?, 'STAFF', ?, 0, 0)",
        [both.accountId, town.otherStationId],
      ),
    );
    expect(await sees(both, elderId, visitId)).toBe(true);
    expect(await sees(both, there.elderId)).toBe(true);
    const closed = [
      `{ elder(id: ${elderId}) { card { uid } } }`,
      `{ elder(id: ${elderId}) { categories } }`,
      `{ visit(id: ${visitId}) { selfPaidFen } }`,
      `{ visit(id: ${visitId}) { elder { card { balanceFen } } } }`,
    ];
    for (const query of closed) {
      const { body } = await server.post(query, {}, both.token);
      expect(
        body.errors?.map(({ extensions }) => extensions.code),
        query,
      ).toEqual(['FORBIDDEN']);
    }
    const own = await server.post(`{ elder(id: ${there.elderId}) { card { uid } } }`, {}, both.token);
    expect(own.body).toEqual({ data: { elder: { card: { uid: there.uid } } } });
  });
});

describe('the caregiver', () => {
  it('who also keeps accounts is shown as much of those it visits', async () => {
    const both = await caregiverAt(town.stationId);
    const { elderId } = await visited({ from: '2026-03-10T12:00:00+08:00' }, both);
    const query = `{ elder(id: ${elderId}) { abilityLevel visits { totalCount } } }`;
    const alone = await server.post(query, {}, both.token);
    await server.database.write((manager) =>
      manager.query(
        "INSERT INTO access_grant (accountId, role, facilityId, fromAt, showsIdentities) VALUES (?, 'FINANCE', ?, 0, 0)",
        [both.accountId, town.stationId],
      ),
    );
    expect(alone.body).toEqual({ data: { elder: { abilityLevel: null, visits: { totalCount: 1 } } } });
    expect((await server.post(query, {}, both.token)).body).toEqual(alone.body);
  });

  it('finds the door, and each look is recorded; the ID number stays masked', async () => {
    const { elderId, visitId } = await visited({ from: '2026-03-10T12:00:00+08:00' });
    await addDoor(server.database, elderId, door);
    const before = Math.max(0, ...(await looksIn(server.database)).map(({ id }) => id));
    const query = `{ visit(id: ${visitId}) { elder { name phone address idNumber } } }`;
    const { body } = await server.post<{ visit: { elder: { idNumber: string } } }>(query, {}, own.token);
    expect(body.data.visit.elder).toMatchObject({ name: '王小明', ...door });
    expect(body.data.visit.elder.idNumber).toMatch(/^411302\*{11}[\dX]$/);
    expect(await looksIn(server.database, before)).toMatchObject([
      { accountId: own.accountId, elderId, field: 'address' },
      { accountId: own.accountId, elderId, field: 'phone' },
    ]);
  });

  it('is shown no money: no card, no balance, no part of the price', async () => {
    const { elderId, visitId } = await visited({ from: '2026-03-10T12:00:00+08:00' });
    for (const query of [
      `{ elder(id: ${elderId}) { card { uid } } }`,
      `{ elder(id: ${elderId}) { categories } }`,
      `{ visit(id: ${visitId}) { subsidyFen } }`,
      `{ visit(id: ${visitId}) { selfPaidFen } }`,
    ]) {
      const { body } = await server.post(query, {}, own.token);
      expect(
        body.errors?.map(({ extensions }) => extensions.code),
        query,
      ).toEqual(['FORBIDDEN']);
    }
  });

  it('costs as many statements with forty visits as with two', async () => {
    const query = `{ visitsOn(date: "2026-03-10") { id service { name } caregivers { name skills } elder { name address visits(first: 3) { totalCount nodes { id elder { name } } } } } }`;
    const counted = async (expected: number) => {
      const { result, statements } = await statementsOf(server.database, () =>
        server.post<{ visitsOn: unknown[] }>(query, {}, own.token),
      );
      expect(result.body.errors).toBe(undefined);
      expect(result.body.data.visitsOn).toHaveLength(expected);
      return statements.length;
    };
    for (let index = 0; index < 2; index++) await visited({ from: `2026-03-10T1${index}:00:00+08:00` });
    const two = await counted(2);
    for (let index = 0; index < 38; index++) await visited({ from: '2026-03-10T13:00:00+08:00' });
    expect(await counted(40)).toBe(two);
  });
});
