import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SubsidyRule } from '../../entities/index.js';
import type { Delivery } from '../../src/meals/deliveries/read-deliveries.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addEntitled,
  everything,
  offerDeliveries,
  orderedOne,
  whoMayHaveMealsBrought,
} from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, balanceOf, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let server: TestServer;
let steps: DeliverySteps;

const tomorrow = '2026-03-11';
const tomorrowNoon = new Date(`${tomorrow}T12:00:00+08:00`);

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  server = await startTestServer({ on: open, at: noon });
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

async function statesOf(ids: readonly number[]): Promise<string[]> {
  const rows: { state: string }[] = await open.database.read((manager) =>
    manager.query(`SELECT state FROM delivery_order WHERE id IN (${ids.join(', ')}) ORDER BY id`),
  );
  return rows.map(({ state }) => state);
}

const asses = (elderId: number, level: number | null, expiresOn: string | null) =>
  open.database.write((manager) =>
    manager.query('UPDATE elder SET abilityLevel = ?, abilityExpiresOn = ? WHERE id = ?', [
      level,
      expiresOn,
      elderId,
    ]),
  );

/** The version of rules that counts from tomorrow on, approved after everything before it. */
const approve = (code: string, version: number, document: RuleDocument) =>
  open.database.write((manager) =>
    manager.insert(SubsidyRule, {
      ...{
        code,
        version,
        facilityId: town.cityId,
        fromDay: tomorrow,
        toDay: null,
        status: 'APPROVED' as const,
      },
      ...{ document: JSON.stringify(document), proposedAt: noon, decidedAt: noon },
    }),
  );

describe('of an elder whose file ends', () => {
  it.each(['DECEASED', 'MOVED_AWAY'])('as %s, what is to come is called off at no cost', async (status) => {
    const out = await steps.underWay();
    const { elderId } = out;
    const later = await orderedOne(town, { elderId, days: [tomorrow] });
    const given = await orderedOne(town, { elderId, days: ['2026-03-12'] });
    await steps.assigned([given.id]);
    const other = await orderedOne(town, { elderId: (await addEntitled(town)).elderId, days: [tomorrow] });
    const postings = await countRows(open, 'ledger_posting');
    const manager = await server.managerToken(town.countyId);
    const end = `mutation { endElder(elderId: "${elderId}", status: ${status}, on: "${today}") { __typename } }`;
    expect((await server.post(end, {}, manager)).body).toEqual({
      data: { endElder: { __typename: 'Elder' } },
    });
    expect(await statesOf([out.id, later.id, given.id, other.id])).toEqual([
      'OUT',
      'CANCELLED',
      'CANCELLED',
      'ORDERED',
    ]);
    const byNobody = `delivery_order WHERE elderId = ${elderId} AND endedById IS NULL AND endedAt = ${noon.getTime()}`;
    expect(await countRows(open, byNobody)).toBe(2);
    // The one that has left is refused at the door, and comes back.
    expect(codeOf(await steps.handedOver(out.id, { code: out.code }))).toBe('MEAL_REFUSED');
    expect(codeOf(await steps.broughtBack(out.id))).toBe('done');
    expect([await countRows(open, 'ledger_posting'), await balanceOf(town, elderId)]).toEqual([
      postings,
      10_000,
    ]);
  });
});

describe('an elder who is entitled no more', () => {
  it('has no meal given to a courier, and the canteen is told which but not why', async () => {
    const [frail, aged] = [await addDiner(town), await addEntitled(town)];
    await asses(frail.elderId, 3, '2027-01-01');
    const mine = await orderedOne(town, { elderId: frail.elderId, days: [tomorrow] });
    const others = await orderedOne(town, { elderId: aged.elderId, days: [tomorrow] });
    await asses(frail.elderId, 1, '2027-01-01');
    const refused = await steps.assigned([others.id, mine.id]);
    expect([codeOf(refused), fieldOf(refused)]).toEqual(['NOT_ENTITLED', 'deliveryIds.1']);
    expect(refused).toMatchObject({
      message: { zh: expect.stringContaining('取消'), en: expect.not.stringMatching(/level|assess/) },
    });
    expect(await statesOf([mine.id, others.id])).toEqual(['ORDERED', 'ORDERED']);
    expect(codeOf(await steps.assigned([others.id]))).toBe('done');
    expect(codeOf(await steps.cancelled(mine.id, noon, everything))).toBe('done');
    await asses(frail.elderId, 3, '2027-01-01');
    expect((await orderedOne(town, { elderId: frail.elderId, days: [tomorrow] })).state).toBe('ORDERED');
  });

  it('is asked about on the day of the meal, not on that of the asking', async () => {
    const { elderId } = await addDiner(town);
    await asses(elderId, 3, '2026-03-12');
    const last = await orderedOne(town, { elderId, days: [tomorrow] });
    await asses(elderId, 3, tomorrow);
    const refused = await steps.assigned([last.id]);
    expect([codeOf(refused), fieldOf(refused)]).toEqual(['NOT_ENTITLED', 'deliveryIds.0']);
    await asses(elderId, 3, '2026-03-12');
    expect(codeOf(await steps.assigned([last.id]))).toBe('done');
  });

  it('and is at the door already is handed the meal, which the rules of the day then pay', async () => {
    const { elderId } = await addDiner(town);
    await asses(elderId, 3, '2027-01-01');
    const meal = await orderedOne(town, { elderId });
    await steps.assigned([meal.id]);
    await steps.started([meal.id]);
    await asses(elderId, 0, '2027-01-01');
    expect(await steps.handedOver(meal.id, { code: meal.code })).toMatchObject({ state: 'HANDED_OVER' });
    expect(await balanceOf(town, elderId)).toBe(10_000 - 900);
  });
});

it('rules of the day of the meal count, however long before it was ordered', async () => {
  const elders = [
    await addEntitled(town),
    await addEntitled(town),
    await addDiner(town, { birthDate: '1945-01-01' }),
  ];
  const orders: { id: number; code: string; elderId: number }[] = [];
  for (const { elderId } of elders) orders.push(await orderedOne(town, { elderId, days: [tomorrow] }));
  const dinner = await orderedOne(town, { elderId: elders[0]?.elderId ?? 0, meal: 'DINNER' });
  // From tomorrow on five yuan for a lunch in the place of three, and meals brought from 81 on.
  await approve('LUNCH-60', 9, oneRule({ when: { meals: ['LUNCH'] }, gives: amount(500) }));
  const name = { zh: '送餐', en: 'Delivery' };
  const who = { ...whoMayHaveMealsBrought, anyOf: [{ ageFrom: 81 }] };
  const deliveries = [{ code: 'AGED', name, who, feeFen: 0 }];
  await approve(`DELIVERY-${town.cityId}`, 2, { format: 1, name, alongside: 'ADD', groups: [], deliveries });
  const ids = orders.map(({ id }) => id);
  expect(fieldOf(await steps.assigned(ids))).toBe('deliveryIds.0');
  expect(codeOf(await steps.assigned([dinner.id]))).toBe('done');
  const { id, code, elderId } = orders[2] as (typeof orders)[number];
  expect(codeOf(await steps.assigned([id]))).toBe('done');
  expect(codeOf(await steps.started([id], steps.ofCourier, tomorrowNoon))).toBe('done');
  const brought = (await steps.handedOver(id, { code, at: tomorrowNoon })) as Delivery;
  const [swipe] = await open.database.read((manager) =>
    manager.query('SELECT subsidyFen, selfPaidFen FROM swipe WHERE swipeId = ?', [brought.swipeId]),
  );
  expect([Number(swipe.subsidyFen), Number(swipe.selfPaidFen)]).toEqual([500, 700]);
  expect(await balanceOf(town, elderId)).toBe(10_000 - 700);
});
