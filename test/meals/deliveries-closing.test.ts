import { afterAll, beforeAll, expect, it } from 'vitest';
import { noDeliveriesBeforeClosing } from '../../src/meals/deliveries/deliveries-before-closing.js';
import { closeFacility } from '../../src/network/close-facility.js';
import type { Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, everything, offerDeliveries, ordered, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { countRows, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let server: TestServer;
let steps: DeliverySteps;
let canteenId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  server = await startTestServer({ on: open, at: noon, settings: { objectRatePerMinute: 0 } });
  canteenId = town.canteenIds[0];
  await offerDeliveries(town, { placeId: town.cityId, canteenId });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

const reopened = () =>
  open.database.write((manager) =>
    manager.query('UPDATE facility SET closedOn = NULL WHERE id = ?', [canteenId]),
  );
const close = (on: Day) =>
  open.database.write((manager) =>
    closeFacility(manager, { facilityId: canteenId, on }, 'everywhere', today, [noDeliveriesBeforeClosing]),
  );

it('a canteen is not closed while meals are to be brought from it then, and is told how many', async () => {
  const admin = await server.adminToken();
  const closing = async (on: Day, language = 'en') => {
    const mutation = `mutation { closeFacility(id: "${canteenId}", on: "${on}") { ... on Facility { code } ... on FacilityRefusal { refusalCode field message } } }`;
    const { body } = await server.post<{ closeFacility: object }>(mutation, {}, admin, {
      'accept-language': language,
    });
    return body.data.closeFacility;
  };
  const out = await steps.underWay();
  const { elderId } = await addEntitled(town);
  const orders: number[] = [];
  for (const day of ['2026-03-20', '2026-03-21']) {
    orders.push((await orderedOne(town, { elderId, days: [day] })).id);
  }
  const [soon = 0, late = 0] = orders;
  await steps.assigned([late]);
  expect(await closing(today)).toMatchObject({
    refusalCode: 'NOT_EMPTY',
    field: ['on'],
    message: expect.stringContaining(': 3, from 2026-03-10 to 2026-03-21'),
  });
  expect(await closing('2026-03-21', 'zh')).toMatchObject({
    refusalCode: 'NOT_EMPTY',
    message: expect.stringContaining('1 份送餐'),
  });
  expect(await countRows(open, `facility WHERE id = ${canteenId} AND closedOn IS NULL`)).toBe(1);
  for (const id of [soon, late]) expect(codeOf(await steps.cancelled(id, noon, everything))).toBe('done');
  expect(await closing(today)).toMatchObject({ refusalCode: 'NOT_EMPTY' });
  expect(codeOf(await steps.handedOver(out.id, { code: out.code }))).toBe('done');
  expect(await closing(today)).toEqual({ code: 'CANTEEN-1' });
  await reopened();
});

it('that is to close has meals brought up to that day', async () => {
  const { elderId } = await addEntitled(town);
  await orderedOne(town, { elderId, days: ['2026-03-19'] });
  expect(await close('2026-03-20')).toMatchObject({ closedOn: '2026-03-20' });
  const refused = await ordered(town, { elderId, days: ['2026-03-18', '2026-03-20'] });
  expect([codeOf(refused), fieldOf(refused)]).toEqual(['MEAL_NOT_SERVED', 'input.days.1']);
  expect(codeOf(await ordered(town, { elderId, days: ['2026-03-18'] }))).toBe('done');
  await reopened();
});

it('and an order at once: one of the two', async () => {
  for (let round = 0; round < 8; round += 1) {
    const day = `2026-04-${10 + round}`;
    const { elderId } = await addEntitled(town);
    const [closed, order] = await Promise.all([close(day), ordered(town, { elderId, days: [day] })]);
    expect([
      ['done', 'MEAL_NOT_SERVED'],
      ['NOT_EMPTY', 'done'],
    ]).toContainEqual([codeOf(closed), codeOf(order)]);
    const rows = await countRows(open, `delivery_order WHERE elderId = ${elderId} AND state = 'ORDERED'`);
    expect(rows).toBe(codeOf(order) === 'done' ? 1 : 0);
    await open.writer.query(
      "UPDATE delivery_order SET state = 'CANCELLED', liveMeal = NULL WHERE elderId = ?",
      [elderId],
    );
    await reopened();
  }
});

it('and an order that comes after it was looked for orders finds it closed', async () => {
  const day = '2026-05-01';
  const { elderId } = await addEntitled(town);
  let order: ReturnType<typeof ordered> | undefined;
  const thenOrdered = async () => {
    order = ordered(town, { elderId, days: [day] });
    // Long enough for an order that nothing holds up.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return undefined;
  };
  const closed = await open.database.write((manager) =>
    closeFacility(manager, { facilityId: canteenId, on: day }, 'everywhere', today, [
      noDeliveriesBeforeClosing,
      thenOrdered,
    ]),
  );
  expect([codeOf(closed), codeOf((await order) ?? {})]).toEqual(['done', 'MEAL_NOT_SERVED']);
  await reopened();
});
