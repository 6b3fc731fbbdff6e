import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { addCourier, addEntitled, offerDeliveries } from './deliveries.js';
import { today } from './town.js';

let elderId = 0;
let deliveryId = '';
let code = '';
let isOffered = false;

const orderQuery = () =>
  `mutation { orderDelivery(input: { requestId: "${randomUUID()}", elderId: "${elderId}", canteenId: "${town.canteenIds[0]}", meal: DINNER, days: ["${today}"] }) { __typename ... on DeliveryOrders { nodes { id code } } } }`;

async function newElder(): Promise<void> {
  if (!isOffered) await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  isOffered = true;
  ({ elderId } = await addEntitled(town));
}

async function done(query: string): Promise<void> {
  const { body } = await server.post<{ orderDelivery?: { nodes: { id: string; code: string }[] } }>(
    query,
    {},
    tokens.manager,
  );
  expect(JSON.stringify(body)).not.toMatch(/Refusal|"errors"/);
  const [order] = body.data.orderDelivery?.nodes ?? [];
  if (order) ({ id: deliveryId, code } = order);
}

/** Tonight's dinner, ordered, given to a courier, and under way, as far as `steps` says. */
async function newDelivery(steps: 0 | 1 | 2): Promise<string> {
  await newElder();
  await done(orderQuery());
  const courierId = await addCourier(town, town.streetId);
  const answer = '{ __typename }';
  const assign = `mutation { assignDeliveries(deliveryIds: ["${deliveryId}"], courierId: "${courierId}") ${answer} }`;
  if (steps > 0) await done(assign);
  if (steps > 1) await done(`mutation { startDeliveries(deliveryIds: ["${deliveryId}"]) ${answer} }`);
  await overlookRecords();
  return steps === 0 ? assign : deliveryId;
}

const about = (from: string, to: string) => () => ({
  facilityId: town.canteenIds[0],
  elderId,
  subject: `delivery:${deliveryId}`,
  details: expect.stringMatching(new RegExp(`"before".*"state":"${from}".*"after".*"state":"${to}"`)),
});

/** A call of each mutation about deliveries that is done, and the record that it leaves. */
export const succeedingOfDeliveries: Record<string, Case> = {
  configureDelivery: {
    token: 'manager',
    query: () =>
      `mutation { configureDelivery(input: { canteenId: "${town.canteenIds[1]}", priceFen: 900, cutoffMinutes: 30, latitude: 33.0, longitude: 112.5 }) { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[1],
      details: expect.stringMatching(/"latitude":"\*\*\*".*"priceFen":null.*"priceFen":900/),
    }),
  },
  setElderDoor: {
    token: 'manager',
    async query() {
      await newElder();
      return `mutation { setElderDoor(elderId: "${elderId}", latitude: 33.0, longitude: 112.5, note: "三楼") { __typename } }`;
    },
    record: () => ({
      elderId,
      details: expect.stringMatching(/"note":"\*\*\*","longitude":"\*\*\*","latitude":"\*\*\*"/),
    }),
  },
  orderDelivery: {
    token: 'manager',
    async query() {
      await newElder();
      return orderQuery();
    },
    record: () => ({
      elderId,
      facilityId: town.canteenIds[0],
      details: expect.stringContaining('"meal":"DINNER"'),
    }),
  },
  cancelDelivery: {
    token: 'manager',
    async query() {
      await newDelivery(1);
      return `mutation { cancelDelivery(deliveryId: "${deliveryId}") { __typename } }`;
    },
    record: about('ASSIGNED', 'CANCELLED'),
  },
  assignDeliveries: { token: 'manager', query: () => newDelivery(0), record: about('ORDERED', 'ASSIGNED') },
  startDeliveries: {
    token: 'manager',
    async query() {
      await newDelivery(1);
      return `mutation { startDeliveries(deliveryIds: ["${deliveryId}"]) { __typename } }`;
    },
    record: about('ASSIGNED', 'OUT'),
  },
  handOverDelivery: {
    token: 'staff',
    async query() {
      // The manager ordered the meal, and so knows its code.
      tokens.staff = (await server.account('STAFF', town.canteenIds[0])).token;
      await newDelivery(2);
      return `mutation { handOverDelivery(requestId: "${randomUUID()}", deliveryId: "${deliveryId}", code: "${code}") { __typename } }`;
    },
    record: () => ({
      ...about('OUT', 'HANDED_OVER')(),
      details: expect.stringMatching(/"code":"\*\*\*".*"swipeId":null.*"swipeId":"[0-9a-f-]{36}"/),
    }),
  },
  bringBackDelivery: {
    token: 'manager',
    async query() {
      await newDelivery(2);
      return `mutation { bringBackDelivery(requestId: "${randomUUID()}", deliveryId: "${deliveryId}", reason: OTHER, text: "电梯坏了") { __typename } }`;
    },
    record: () => ({
      ...about('OUT', 'CAME_BACK')(),
      details: expect.stringMatching(/"state":"OUT".*"after".*"state":"CAME_BACK".*"reason":"\*\*\*"/),
    }),
  },
};
