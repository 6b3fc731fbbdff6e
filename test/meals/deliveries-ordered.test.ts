import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeliveryRequests1764102601000 } from '../../migrations/index.js';
import { deliveryRun } from '../../src/meals/deliveries/delivery-run.js';
import type { Delivery } from '../../src/meals/deliveries/read-deliveries.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addCourier,
  addEntitled,
  everything,
  morning,
  offerDeliveries,
  ordered,
  orderedOne,
} from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf, ofElder } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const postings = () => countRows(open, 'ledger_posting');

describe('ordering', () => {
  it('takes nothing from the account, and keeps the price of its time', async () => {
    const { elderId } = await addEntitled(town, { balanceFen: 0 });
    const before = await postings();
    const order = await orderedOne(town, { elderId });
    expect(order).toMatchObject({
      state: 'ORDERED',
      grossFen: 1200,
      feeFen: 0,
      day: today,
      elderName: '王**',
    });
    expect(order.code).toMatch(/^\d{4}$/);
    expect(await postings()).toBe(before);
  });

  it('looks at the day of the meal: 80 on that day, not the day before', async () => {
    const { elderId } = await addDiner(town, { birthDate: '1946-03-12' });
    const refused = await ordered(town, { elderId, days: ['2026-03-12', '2026-03-11'] });
    expect([codeOf(refused), fieldOf(refused)]).toEqual(['NOT_ENTITLED', 'input.days.1']);
    expect(refused).toMatchObject({
      message: { zh: expect.stringContaining('79 周岁，须为 80 周岁及以上') },
    });
    const untold = await ordered(town, { elderId, days: ['2026-03-11'], showsHealth: false });
    expect(untold).toMatchObject({ message: { en: 'Not entitled to have meals brought' } });
    const run = await ordered(town, { elderId, days: ['2026-03-13', '2026-03-12'] });
    expect((run as Delivery[]).map(({ day }) => day)).toEqual(['2026-03-12', '2026-03-13']);
  });

  it('is answered as the first time with one id, and refused with other content', async () => {
    const { elderId } = await addEntitled(town);
    const asked = { elderId, requestId: randomUUID(), days: [today, '2026-03-11'] };
    const first = await ordered(town, asked);
    expect(await ordered(town, { ...asked, requestId: asked.requestId.toUpperCase() })).toEqual(first);
    expect(codeOf(await ordered(town, { ...asked, days: [today] }))).toBe('REQUEST_ID_REUSED');
    expect(codeOf(await ordered(town, { ...asked, meal: 'DINNER' }))).toBe('REQUEST_ID_REUSED');
    expect(codeOf(await ordered(town, { ...asked, requestId: randomUUID() }))).toBe('ALREADY_ORDERED');
  });

  it('of one meal many times at once makes one order', async () => {
    const { elderId } = await addEntitled(town);
    const results = await Promise.all(Array.from({ length: 8 }, () => ordered(town, { elderId })));
    expect(results.map(codeOf).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'ALREADY_ORDERED'),
      'done',
    ]);
  });

  it('is refused by name, and writes nothing', async () => {
    const { elderId } = await addEntitled(town);
    const before = await countRows(open, 'delivery_order');
    const cutoff = new Date('2026-03-10T09:30:00+08:00');
    for (const [given, code, field] of [
      [{ requestId: 'x' }, 'REQUEST_ID_MALFORMED', 'input.requestId'],
      [{ days: [] }, 'DAYS_INVALID', 'input.days'],
      [{ days: [today, today] }, 'DAYS_INVALID', 'input.days'],
      [{ days: ['2026-05-12'] }, 'DAYS_INVALID', 'input.days.0'],
      [{ elderId: 999_999 }, 'ELDER_UNKNOWN', 'input.elderId'],
      [{ canteenId: town.canteenIds[1] }, 'DELIVERY_NOT_OFFERED', 'input.canteenId'],
      [{ canteenId: 999_999 }, 'DELIVERY_NOT_OFFERED', 'input.canteenId'],
      [{ days: ['2026-03-11', '2026-03-09'] }, 'CUTOFF_PASSED', 'input.days.1'],
      [{ now: cutoff }, 'CUTOFF_PASSED', 'input.days.0'],
    ] as const) {
      const result = await ordered(town, { elderId, ...(given as object) });
      expect([codeOf(result), fieldOf(result)]).toEqual([code, field]);
    }
    expect(await countRows(open, 'delivery_order')).toBe(before);
    expect(codeOf(await ordered(town, { elderId, now: new Date(cutoff.getTime() - 1) }))).toBe('done');
  });
});

describe('calling off', () => {
  it('is the elder’s before the cutoff, the canteen’s until it has left, and frees the meal', async () => {
    const { elderId } = await addEntitled(town);
    const { id } = await orderedOne(town, { elderId });
    expect(codeOf(await steps.cancelled(id, noon))).toBe('CUTOFF_PASSED');
    expect(await steps.cancelled(id, morning)).toMatchObject({ state: 'CANCELLED' });
    expect(codeOf(await steps.cancelled(id, noon))).toBe('done');
    expect(codeOf(await steps.assigned([id]))).toBe('WRONG_STATE');
    const again = await orderedOne(town, { elderId });
    await steps.assigned([again.id]);
    expect(await steps.cancelled(again.id, noon, everything)).toMatchObject({ state: 'CANCELLED' });
    const out = await steps.underWay();
    expect(codeOf(await steps.cancelled(out.id, noon, everything))).toBe('WRONG_STATE');
    expect(codeOf(await steps.cancelled(out.id, noon, { ...ofElder, elders: [] }))).toBe('DELIVERY_UNKNOWN');
  });
});

describe('giving to a courier', () => {
  it('is for couriers of the canteen, all or none, and goes over to another before it leaves', async () => {
    const ids: number[] = [];
    for (let index = 0; index < 3; index++) {
      ids.push((await orderedOne(town, { elderId: (await addEntitled(town)).elderId })).id);
    }
    const elsewhere = await addCourier(town, town.canteenIds[1]);
    for (const nobody of [elsewhere, town.managerId, 999_999]) {
      expect(codeOf(await steps.assigned(ids, nobody))).toBe('COURIER_UNKNOWN');
    }
    expect(
      codeOf(await steps.assigned(ids, steps.courierId, { ...everything, canteens: [town.canteenIds[1]] })),
    ).toBe('DELIVERY_UNKNOWN');
    const unknown = await steps.assigned([...ids, 999_999]);
    expect([codeOf(unknown), fieldOf(unknown)]).toEqual(['DELIVERY_UNKNOWN', 'deliveryIds.3']);
    for (const list of [
      [],
      [ids[0] ?? 0, ids[0] ?? 0],
      Array.from({ length: 201 }, (_, index) => index + 1),
    ]) {
      expect(codeOf(await steps.assigned(list))).toBe('DELIVERIES_INVALID');
    }
    const other = await addCourier(town, town.canteenIds[0]);
    await steps.assigned(ids, other);
    expect(codeOf(await steps.started(ids))).toBe('DELIVERY_UNKNOWN');
    await steps.assigned(ids);
    expect(codeOf(await steps.started(ids, steps.ofCourier, new Date('2026-03-11T11:00:00+08:00')))).toBe(
      'NOT_ITS_DAY',
    );
    const left = await steps.started(ids);
    expect(left).toMatchObject([{ state: 'OUT', outAt: noon }, {}, {}]);
    expect(await steps.started(ids)).toEqual(left);
    expect(codeOf(await steps.assigned(ids, other))).toBe('WRONG_STATE');
  });

  it('is not done for somebody who died after it was ordered, and no courier rings there', async () => {
    const { elderId } = await addEntitled(town);
    const { id } = await orderedOne(town, { elderId });
    await steps.assigned([id]);
    const { own } = steps.ofCourier;
    const run = () => open.database.read((manager) => deliveryRun(manager, own, 'LUNCH', today));
    expect((await run()).map(({ deliveryId }) => deliveryId)).toContain(id);
    await open.database.write((manager) =>
      manager.query("UPDATE elder SET status = 'DECEASED', endedOn = ? WHERE id = ?", [today, elderId]),
    );
    expect(codeOf(await steps.assigned([id]))).toBe('ELDER_NOT_ACTIVE');
    expect(codeOf(await steps.started([id]))).toBe('ELDER_NOT_ACTIVE');
    expect((await run()).map(({ deliveryId }) => deliveryId)).not.toContain(id);
    expect(codeOf(await steps.cancelled(id, noon, everything))).toBe('done');
  });
});

it('of calls that were done under one request id before it was asked, the first keeps it', async () => {
  const requestId = randomUUID();
  const { elderId } = await addEntitled(town);
  const first = (await ordered(town, {
    elderId,
    requestId,
    days: ['2026-03-21', '2026-03-20'],
  })) as Delivery[];
  const other = await orderedOne(town, { elderId: (await addEntitled(town)).elderId, days: ['2026-03-22'] });
  const migration = new DeliveryRequests1764102601000();
  const runner = open.writer.createQueryRunner();
  try {
    await migration.down(runner);
    await runner.query('UPDATE delivery_order SET requestId = ? WHERE id = ?', [requestId, other.id]);
    await migration.up(runner);
    await migration.up(runner);
  } finally {
    await runner.release();
  }
  const kept: { ownRequestId: string | null }[] = await open.database.read((manager) =>
    manager.query('SELECT ownRequestId FROM delivery_order WHERE requestId = ? ORDER BY id', [requestId]),
  );
  expect(first).toHaveLength(2);
  expect(kept.map(({ ownRequestId }) => ownRequestId)).toEqual([requestId, null, null]);
});
