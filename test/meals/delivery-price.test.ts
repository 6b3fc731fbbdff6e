import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { configureDelivery } from '../../src/meals/deliveries/delivery-terms.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, offerDeliveries, ordered } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { balanceOf, buildTown, type Town, today, windows } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
beforeEach(async () => {
  await dearest(3000);
  expect(codeOf(await priced(1200))).toBe('done');
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const dearest = (priceFenMax: number) =>
  open.database.write((manager) =>
    configureCanteen(manager, { canteenId: town.canteenIds[0], priceFenMax, windows }, 'everywhere', today),
  );

const priced = (priceFen: number) => {
  const [canteenId] = town.canteenIds;
  const terms = { canteenId, priceFen, cutoffMinutes: 60, latitude: null, longitude: null };
  return open.database.write((manager) => configureDelivery(manager, terms, 'everywhere', today));
};

it('is no higher than the dearest meal of the canteen, which no reader could charge', async () => {
  expect(codeOf(await priced(3000))).toBe('done');
  const refused = await priced(3001);
  expect([codeOf(refused), fieldOf(refused)]).toEqual(['PRICE_OUT_OF_RANGE', 'input.priceFen']);
});

it('above a dearest meal that was lowered since is offered no more, rather than refused at the door', async () => {
  const { elderId } = await addEntitled(town);
  await dearest(1199);
  const refused = await ordered(town, { elderId });
  expect([codeOf(refused), fieldOf(refused)]).toEqual(['DELIVERY_NOT_OFFERED', 'input.canteenId']);
  expect(codeOf(await priced(1199))).toBe('done');
  expect(codeOf(await ordered(town, { elderId }))).toBe('done');
});

it('is that of the order at the door, dearer or cheaper than the canteen has it by then', async () => {
  const brought = await steps.underWay();
  expect(codeOf(await priced(2500))).toBe('done');
  await dearest(1000);
  expect(codeOf(await steps.handedOver(brought.id, { code: brought.code }))).toBe('done');
  expect(await balanceOf(town, brought.elderId)).toBe(10_000 - 900);
  const other = await addEntitled(town);
  const tapped = await intakeOf(town).record(tap(town, { cardUid: other.uid, mode: 'DELIVERY' }));
  expect(tapped.outcome).toBe('PRICE_OUT_OF_RANGE');
});
