import { randomUUID } from 'node:crypto';
import { DeliveryOrder } from '../../entities/index.js';
import { noon, type Town, today } from './town.js';
import type { Side } from './walk-sides.js';

/** Tonight's dinner for an elder, ordered at a canteen. */
export async function addDelivery(
  { database, ids, managerId }: Town,
  { elderId, canteenId }: { elderId: number; canteenId: number },
): Promise<number> {
  const id = await ids.take(1);
  await database.write((manager) =>
    manager.insert(DeliveryOrder, {
      id,
      requestId: randomUUID(),
      elderId,
      canteenId,
      day: today,
      meal: 'DINNER',
      liveMeal: 'DINNER',
      grossFen: 1200,
      feeFen: 0,
      state: 'ORDERED',
      codeSeed: randomUUID(),
      codeTries: 0,
      orderedAt: noon,
      orderedById: managerId,
    }),
  );
  return id;
}

const day = `"${today}"`;
const requestId = () => `requestId: "${randomUUID()}"`;

/** How queries about deliveries are asked about a place. */
export const deliveryQueries: Record<string, (side: Side) => string> = {
  deliveriesOn: ({ facilityId }) => `(canteenId: ${facilityId}, date: ${day}, meal: DINNER)`,
  deliveriesOf: ({ elderId }) => `(elderId: ${elderId}, from: ${day}, to: "2026-04-01")`,
  deliveryLookIns: () => `(date: ${day})`,
  myDeliveryRun: () => '(meal: DINNER)',
};

/** How mutations about deliveries are asked about a place. */
export const deliveryMutations: Record<string, (side: Side) => string> = {
  configureDelivery: ({ facilityId }) =>
    `(input: { canteenId: ${facilityId}, priceFen: 1200, cutoffMinutes: 60 })`,
  setElderDoor: ({ elderId }) => `(elderId: ${elderId}, note: "ring twice")`,
  orderDelivery: ({ elderId, facilityId }) =>
    `(input: { ${requestId()}, elderId: ${elderId}, canteenId: ${facilityId}, meal: DINNER, days: [${day}] })`,
  cancelDelivery: ({ deliveryId }) => `(deliveryId: ${deliveryId})`,
  assignDeliveries: ({ deliveryId, accountId }) => `(deliveryIds: [${deliveryId}], courierId: ${accountId})`,
  startDeliveries: ({ deliveryId }) => `(deliveryIds: [${deliveryId}])`,
  handOverDelivery: ({ deliveryId }) =>
    `(${requestId()}, deliveryId: ${deliveryId}, photoReference: "photo-0001")`,
  bringBackDelivery: ({ deliveryId }) => `(${requestId()}, deliveryId: ${deliveryId}, reason: WEATHER)`,
};
