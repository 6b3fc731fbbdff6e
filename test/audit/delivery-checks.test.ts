import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliveryChecks } from '../../src/meals/deliveries/audit-deliveries.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, offerDeliveries, orderedOne } from '../support/deliveries.js';
import { type DeliverySteps, deliverySteps } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;
let handedOverId = 0;
let orderId = 0;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
  const brought = await steps.underWay();
  handedOverId = brought.id;
  await steps.handedOver(brought.id, { code: brought.code });
  orderId = (await orderedOne(town, { elderId: (await addEntitled(town)).elderId })).id;
});
afterAll(() => open.drop());

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await open.database.read((manager) => runChecks(manager, deliveryChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}

const changed = (sql: string) => open.database.write((manager) => manager.query(sql));

const [asCharged, asBrought] = deliveryChecks.map(({ name }) => name);

it.each<[string, () => [sql: string, undo: string], (string | undefined)[]]>([
  [
    'a price that is not the one charged',
    () => [
      `UPDATE delivery_order SET grossFen = 1201 WHERE id = ${handedOverId}`,
      `UPDATE delivery_order SET grossFen = 1200 WHERE id = ${handedOverId}`,
    ],
    [asCharged],
  ],
  [
    'another day',
    () => [
      `UPDATE delivery_order SET day = '2026-03-09' WHERE id = ${handedOverId}`,
      `UPDATE delivery_order SET day = '2026-03-10' WHERE id = ${handedOverId}`,
    ],
    [asCharged],
  ],
  [
    'a meal as if a reader had recorded it',
    () => [
      'UPDATE swipe SET sequence = 7 WHERE sequence = -1',
      'UPDATE swipe SET sequence = -1 WHERE sequence = 7',
    ],
    [asCharged],
  ],
  [
    'a meal that no delivery knows',
    () => [
      `UPDATE delivery_order SET swipeRowId = NULL, proof = NULL, state = 'OUT' WHERE id = ${handedOverId}`,
      `UPDATE delivery_order SET swipeRowId = (SELECT id FROM swipe WHERE sequence = -1), proof = 'CODE', state = 'HANDED_OVER' WHERE id = ${handedOverId}`,
    ],
    [asBrought],
  ],
])('%s is found', async (_what, change, found) => {
  expect(await broken()).toEqual([]);
  const [sql, undo] = change();
  await changed(sql);
  expect(await broken()).toEqual(found);
  await changed(undo);
  expect(await broken()).toEqual([]);
});

it('the tables refuse by themselves what would make a delivery half', async () => {
  for (const sql of [
    `UPDATE delivery_order SET state = 'HANDED_OVER' WHERE id = ${orderId}`,
    `UPDATE delivery_order SET state = 'CAME_BACK' WHERE id = ${orderId}`,
    `UPDATE delivery_order SET state = 'CANCELLED' WHERE id = ${orderId}`,
    `UPDATE delivery_order SET photoReference = 'photo-0001' WHERE id = ${orderId}`,
    `UPDATE delivery_order SET proof = 'PHOTO' WHERE id = ${handedOverId}`,
    `UPDATE delivery_order SET swipeRowId = NULL WHERE id = ${handedOverId}`,
  ]) {
    await expect(open.database.write((manager) => manager.query(sql))).rejects.toThrow(/constraint/i);
  }
  await expectAuditClean(open.database);
});
