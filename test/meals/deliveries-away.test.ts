import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admit } from '../../src/beds/admit.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import {
  callOffAllAwayMeals,
  callOffAwayMeals,
  callOffMealsAfterStay,
} from '../../src/meals/deliveries/call-off-away-meals.js';
import type { DeliveryWanted } from '../../src/meals/deliveries/order-delivery.js';
import { awaySpans } from '../../src/server/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { SettableClock } from '../../src/shared/clock.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, allBeds } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { addEntitled, offerDeliveries, ordered, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { balanceOf, countRows, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let steps: DeliverySteps;
let server: TestServer;
let homeId: number;
let elderId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
  server = await startTestServer({ on: open, at: noon, settings: { objectRatePerMinute: 0 } });
  homeId = await addHome(town);
});
beforeEach(async () => {
  ({ elderId } = await addEntitled(town, { balanceFen: 10_000 }));
  await open.database.write((manager) =>
    manager.query("UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?", [
      elderId,
    ]),
  );
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

const at = (day: Day, time = '12:00') => new Date(`${day}T${time}:00+08:00`);
const afterwardsAt = (now: Date) => {
  const clock = new SettableClock();
  clock.set(now, 0);
  return [callOffMealsAfterStay(clock, awaySpans)];
};
const done = (result: Stay | object): Stay => {
  if ('refused' in result) throw new Error(String(result.refused));
  return result as Stay;
};

async function live(from: Day, { type = 'NURSING' as 'NURSING' | 'HOME', now = noon } = {}): Promise<Stay> {
  const [bedId = 0] = await addBeds(town, homeId, [{ type }]);
  const id = await town.ids.take(1);
  const wanted = { id, requestId: randomUUID(), bedId, elderId, from, holdId: null, contractSignedOn: null };
  const acting = { byId: town.managerId, now };
  return done(
    await open.database.write((m) => admit(m, { ...wanted, ...acting }, allBeds, afterwardsAt(now))),
  );
}

async function leave(stayId: number, from: Day, kind: 'HOME' | 'HOSPITAL', expectedBackOn: Day | null) {
  const id = await town.ids.take(1);
  const wanted = { id, stayId, on: from, kind, expectedBackOn, byId: town.managerId, now: noon };
  done(await open.database.write((m) => startLeave(m, wanted, allBeds, afterwardsAt(noon))));
}

const wish = (given: Partial<DeliveryWanted> = {}) =>
  ordered(town, { elderId, spansOf: awaySpans, ...given });
async function orderOn(...days: Day[]): Promise<number[]> {
  const ids: number[] = [];
  for (const day of days) ids.push((await orderedOne(town, { elderId, days: [day] })).id);
  return ids;
}
async function statesOf(ids: readonly number[]): Promise<string[]> {
  const rows: { state: string }[] = await open.writer.query(
    `SELECT state FROM delivery_order WHERE id IN (${ids.join(', ')}) ORDER BY id`,
  );
  return rows.map(({ state }) => state);
}
const round = (now: Date) => callOffAllAwayMeals(open.database, awaySpans, now);

describe('an elder who moves into an institution', () => {
  it('has every meal called off that was to come, at no cost, but the one that is on its way', async () => {
    const out = await steps.underWay();
    ({ elderId } = out);
    await open.writer.query(
      "UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?",
      [elderId],
    );
    const [given = 0, later = 0] = await orderOn('2026-03-11', '2026-05-01');
    const dinner = (await orderedOne(town, { elderId, meal: 'DINNER' })).id;
    await steps.assigned([given]);
    await live(today);
    expect(await statesOf([out.id, given, later, dinner])).toEqual([
      'OUT',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
    ]);
    const rows = await countRows(
      open,
      `delivery_order WHERE elderId = ${elderId} AND state = 'CANCELLED' AND endedById IS NULL AND endedAt = ${noon.getTime()}`,
    );
    expect(rows).toBe(3);
    expect(await balanceOf(town, elderId)).toBe(10_000);
    expect(codeOf(await steps.started([given]))).toBe('WRONG_STATE');
    expect(codeOf(await steps.broughtBack(out.id))).toBe('done');
  });

  it('ahead keeps its meals until the day has come, and a round then calls them off once', async () => {
    const ids = await orderOn('2026-03-11', '2026-03-12', '2026-03-13', '2026-04-20');
    await live('2026-03-12');
    expect(await round(at('2026-03-11'))).toBe(0);
    expect(await statesOf(ids)).toEqual(Array(4).fill('ORDERED'));
    expect(await round(at('2026-03-12', '00:01'))).toBe(3);
    expect(await statesOf(ids)).toEqual(['ORDERED', 'CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(await round(at('2026-03-12', '00:02'))).toBe(0);
  });

  it('can have none brought on such days, and whoever may not hear of health is not told why', async () => {
    await live(today);
    const before = await countRows(open, 'delivery_order');
    const refused = await wish({ days: ['2026-03-11', '2026-03-12'] });
    expect([codeOf(refused), fieldOf(refused)]).toEqual(['NOT_ENTITLED', 'input.days.0']);
    expect(refused).toMatchObject({ message: { zh: '该老人当日入住机构或住院' } });
    const untold = await wish({ days: ['2026-03-11'], showsHealth: false });
    expect(untold).toMatchObject({ message: { en: 'Not entitled to have meals brought' } });
    expect(await countRows(open, 'delivery_order')).toBe(before);
  });

  it('and goes home on leave can have meals brought there', async () => {
    const stay = await live(today);
    await leave(stay.id, today, 'HOME', '2026-03-14');
    const orders = await wish({ days: ['2026-03-12', '2026-03-13'] });
    expect(codeOf(orders)).toBe('done');
    const ids = (orders as { id: number }[]).map(({ id }) => id);
    expect(await round(at('2026-03-11'))).toBe(0);
    const back = { stayId: stay.id, on: '2026-03-13', byId: town.managerId, now: at('2026-03-13', '08:00') };
    done(await open.database.write((m) => endLeave(m, back, allBeds, afterwardsAt(back.now))));
    expect(await statesOf(ids)).toEqual(['ORDERED', 'CANCELLED']);
  });
});

describe('an elder who is taken to hospital', () => {
  it('has the meals up to the expected return called off, and those after it only when it is not back', async () => {
    const ids = await orderOn('2026-03-12', '2026-03-13', '2026-03-14', '2026-03-20');
    const { id } = await live('2026-03-01', { type: 'HOME' });
    expect(await statesOf(ids)).toEqual(Array(4).fill('ORDERED'));
    await leave(id, today, 'HOSPITAL', '2026-03-14');
    expect(await statesOf(ids)).toEqual(['CANCELLED', 'CANCELLED', 'ORDERED', 'ORDERED']);
    expect(codeOf(await wish({ days: ['2026-03-13'] }))).toBe('NOT_ENTITLED');
    expect(codeOf(await wish({ days: ['2026-03-15'] }))).toBe('done');
    expect(await round(at('2026-03-12'))).toBe(0);
    expect(await round(at('2026-03-13'))).toBe(1);
    expect(await statesOf(ids)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'ORDERED']);
  });
});

it('the server calls them off in the admission itself, and orders none after it', async () => {
  const ids = await orderOn('2026-03-11', '2026-03-12');
  const [bedId = 0] = await addBeds(town, homeId, [{ type: 'NURSING' }]);
  const manager = await server.managerToken(town.countyId);
  const admission = `mutation { admit(requestId: "${randomUUID()}", bedId: "${bedId}", elderId: "${elderId}", from: "${today}") { __typename } }`;
  const { body } = await server.post(admission, {}, manager);
  expect(body).toEqual({ data: { admit: { __typename: 'BedStay' } } });
  expect(await statesOf(ids)).toEqual(['CANCELLED', 'CANCELLED']);
  const order = `mutation { orderDelivery(input: { requestId: "${randomUUID()}", elderId: "${elderId}", canteenId: "${town.canteenIds[0]}", meal: LUNCH, days: ["2026-03-12"] }) { ... on DeliveryRefusal { code } } }`;
  expect((await server.post(order, {}, manager)).body).toEqual({
    data: { orderDelivery: { code: 'NOT_ENTITLED' } },
  });
});

it('a meal that leaves at the moment of an admission has left or is called off, and one that is ordered is not left', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    ({ elderId } = await addEntitled(town));
    await open.writer.query(
      "UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?",
      [elderId],
    );
    const [id = 0] = await orderOn(today);
    await steps.assigned([id]);
    const [started] = await Promise.all([
      steps.started([id]),
      live(today),
      wish({ days: ['2026-03-12', '2026-03-13'] }),
    ]);
    expect(await statesOf([id])).toEqual([codeOf(started) === 'done' ? 'OUT' : 'CANCELLED']);
    const waiting = await countRows(
      open,
      `delivery_order WHERE elderId = ${elderId} AND state IN ('ORDERED', 'ASSIGNED')`,
    );
    expect(waiting).toBe(0);
  }
});

it('ten elders take as many statements as one, and a round finds its days by an index', async () => {
  const elderIds: number[] = [];
  for (let more = 0; more < 10; more += 1) {
    ({ elderId } = await addEntitled(town));
    await open.writer.query(
      "UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?",
      [elderId],
    );
    await orderOn('2026-03-13', '2026-03-14');
    await live('2026-03-12');
    elderIds.push(elderId);
  }
  const now = at('2026-03-12');
  const [one = 0, ...others] = elderIds;
  const count = async (ids: readonly number[]) => {
    const work = () => open.database.write((m) => callOffAwayMeals(m, ids, awaySpans, now));
    const { result, statements } = await statementsOf(open.database, work);
    return { result, statements: statements.length };
  };
  const few = await count([one]);
  expect(await count(others)).toEqual({ ...few, result: 18 });
  const { statements } = await statementsOf(open.database, () => round(now));
  const scan = statements.find((sql) => sql.includes('reason IS NULL')) ?? '';
  const plan: object[] = await open.database.read((reader) =>
    reader.query(`${engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${scan}`, [today, '2026-03-12']),
  );
  expect(JSON.stringify(plan)).toContain('ix_delivery_reason');
});
