import type { EntityManager } from 'typeorm';
import { dayOf } from '../../shared/china-time.js';
import { readCanteenTerms, termsKey } from '../canteen-terms.js';
import { cutoffOf, stepFor } from './delivery.rules.js';
import { type DeliveryRefusal, refuseDelivery } from './delivery-refusals.js';
import { lockDeliveries } from './delivery-state.js';
import { deliveryTermsOf } from './delivery-terms.js';
import { type Delivery, type DeliveryReach, deliveriesById, sidesOf } from './read-deliveries.js';

export interface Cancellation {
  id: number;
  byId: number;
  now: Date;
}

/** Calls a delivery off: the elder's side before the cutoff, the canteen until it is out. Again is as once. */
export async function cancelDelivery(
  manager: EntityManager,
  { id, byId, now }: Cancellation,
  reach: DeliveryReach,
): Promise<Delivery | DeliveryRefusal> {
  const [delivery] = await lockDeliveries(manager, [id]);
  const sides = delivery ? await sidesOf(manager, delivery, reach, dayOf(now)) : [];
  if (!delivery || sides.length === 0) return refuseDelivery('DELIVERY_UNKNOWN', ['deliveryId']);
  if (delivery.state === 'CANCELLED') return delivery;
  const step = stepFor('CANCEL', delivery.state, sides);
  if (!step) return refuseDelivery('WRONG_STATE', ['deliveryId']);
  if (step.by.includes('ELDER') && (await isTooLate(manager, delivery, now))) {
    return refuseDelivery('CUTOFF_PASSED', ['deliveryId']);
  }
  await manager.query(
    'UPDATE delivery_order SET state = ?, liveMeal = NULL, endedAt = ?, endedById = ? WHERE id = ?',
    [step.to, now.getTime(), byId, id],
  );
  return (await deliveriesById(manager, [id]))[0] as Delivery;
}

/** A meal that the canteen serves no more, or has brought no more, can be called off at any time. */
async function isTooLate(manager: EntityManager, delivery: Delivery, now: Date): Promise<boolean> {
  const { canteenId } = delivery;
  const offer = (await deliveryTermsOf(manager, [canteenId])).get(canteenId);
  const canteen = (await readCanteenTerms(manager, [delivery])).get(termsKey(delivery));
  const cutoff = offer && cutoffOf(canteen?.windows ?? [], delivery, offer.cutoffMinutes);
  return cutoff !== undefined && now >= cutoff;
}
