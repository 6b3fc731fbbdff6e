import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccessGrant } from '../../entities/index.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, offerDeliveries, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { balanceOf, buildTown, countRows, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let server: TestServer;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  server = await startTestServer({ on: open, at: noon, settings: { objectRatePerMinute: 0 } });
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
});

async function handOver(id: number, proof: string, token: string): Promise<object> {
  const text = `mutation { handOverDelivery(requestId: "${randomUUID()}", deliveryId: "${id}", ${proof}) {
    ... on DeliveryOrder { state proof } ... on DeliveryRefusal { refused: code message field } } }`;
  const { body } = await server.post<{ handOverDelivery: object }>(text, {}, token);
  expect(body.errors).toBeUndefined();
  return body.data.handOverDelivery;
}

const known = { refused: 'CODE_KNOWN', field: ['code'], message: expect.stringContaining('only a photo') };

it('who may read a code hands no meal over by it, as staff or as a relative; who may not, does', async () => {
  const { id, code, elderId } = await steps.underWay();
  const wrong = code === '0000' ? '0001' : '0000';
  // One of the street stands above the canteen and above the home station alike.
  const street = await server.account('STAFF', town.streetId);
  const relative = await server.account('FAMILY', null, '女儿', elderId);
  await open.database.write(async (manager) => {
    await manager.update(AccessGrant, { accountId: relative.accountId }, { familyRights: 'BOOKING' });
    const { accountId } = relative;
    const courier = { accountId, role: 'COURIER', facilityId: town.canteenIds[0] } as const;
    await manager.insert(AccessGrant, { ...courier, fromAt: new Date(0), untilAt: null });
    await manager.query('UPDATE delivery_order SET courierId = ? WHERE id = ?', [accountId, id]);
  });
  const before = await countRows(open, 'ledger_posting');
  for (const { token } of [street, relative]) {
    expect(await handOver(id, `code: "${code}"`, token)).toMatchObject(known);
    // The right one and a wrong one are answered alike, and no try is counted.
    expect(await handOver(id, `code: "${wrong}"`, token)).toMatchObject(known);
  }
  expect(await countRows(open, `delivery_order WHERE id = ${id} AND state = 'OUT' AND codeTries = 0`)).toBe(
    1,
  );
  expect([await countRows(open, 'ledger_posting'), await balanceOf(town, elderId)]).toEqual([before, 10_000]);
  const canteen = await server.account('STAFF', town.canteenIds[0]);
  expect(await handOver(id, `code: "${code}"`, canteen.token)).toEqual({
    state: 'HANDED_OVER',
    proof: 'CODE',
  });
});

it('nor does who ordered it, though nothing of the elder is open to that account any more', async () => {
  const { elderId } = await addEntitled(town);
  const { token, accountId: byId } = await server.account('STAFF', town.canteenIds[0]);
  const { id, code } = await orderedOne(town, { elderId, byId });
  expect(codeOf(await steps.assigned([id]))).toBe('done');
  expect(codeOf(await steps.started([id]))).toBe('done');
  expect(await handOver(id, `code: "${code}"`, token)).toMatchObject(known);
  const photo = 'photoReference: "day/2026-03-10/door-1.jpg"';
  expect(await handOver(id, photo, token)).toEqual({ state: 'HANDED_OVER', proof: 'PHOTO' });
});
