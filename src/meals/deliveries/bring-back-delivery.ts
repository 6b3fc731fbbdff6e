import type { EntityManager } from 'typeorm';
import type { ComeBackReason } from '../../../entities/meals/delivery-order.entity.js';
import { dayOf } from '../../shared/china-time.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { isUuid } from '../../shared/uuid.js';
import { reasonTextOf, stepFor } from './delivery.rules.js';
import { sealReason } from './delivery-reason.js';
import { type DeliveryRefusal, refuseDelivery } from './delivery-refusals.js';
import { lockDeliveries } from './delivery-state.js';
import { type Delivery, type DeliveryReach, deliveriesById, sidesOf } from './read-deliveries.js';

export interface BringBack {
  id: number;
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  reason: ComeBackReason;
  /** At most 200 characters; needed with OTHER. */
  text: string | null;
  byId: number;
  now: Date;
}

/** Says that a meal came back undelivered, and why. Nothing was charged for it, and nothing is. */
export async function bringBackDelivery(
  manager: EntityManager,
  { id, reason, byId, now, ...given }: BringBack,
  reach: DeliveryReach,
): Promise<Delivery | DeliveryRefusal> {
  const requestId = given.requestId.toLowerCase();
  if (!isUuid(requestId)) return refuseDelivery('REQUEST_ID_MALFORMED', ['requestId']);
  const text = reasonTextOf(reason, given.text);
  if (text === undefined) return refuseDelivery('REASON_TEXT_INVALID', ['text']);
  const [delivery] = await lockDeliveries(manager, [id]);
  const sides = delivery ? await sidesOf(manager, delivery, reach, dayOf(now)) : [];
  if (!delivery || sides.length === 0) return refuseDelivery('DELIVERY_UNKNOWN', ['deliveryId']);
  const isSame = (other: Delivery) => other.reason === reason && other.reasonText === text;
  const earlier = await earlierEnding(manager, requestId, delivery, isSame);
  if (earlier) return earlier;
  const step = stepFor('BRING_BACK', delivery.state, sides);
  if (!step) return refuseDelivery('WRONG_STATE', ['deliveryId']);
  await manager.query(
    `UPDATE delivery_order
        SET state = ?, liveMeal = NULL, endedAt = ?, endedById = ?, endRequestId = ?, reason = ?, reasonSealed = ?
      WHERE id = ?`,
    [step.to, now.getTime(), byId, requestId, reason, sealReason(cipherOf(manager), id, text), id],
  );
  return (await deliveriesById(manager, [id]))[0] as Delivery;
}

/** The answer to a request id that ended a delivery before; undefined when it is new. */
export async function earlierEnding(
  manager: EntityManager,
  requestId: string,
  delivery: Delivery,
  isSame: (delivery: Delivery) => boolean,
): Promise<Delivery | DeliveryRefusal | undefined> {
  const rows: { id: number | string }[] = await manager.query(
    'SELECT id FROM delivery_order WHERE endRequestId = ?',
    [requestId],
  );
  if (!rows[0]) return undefined;
  if (Number(rows[0].id) === delivery.id && isSame(delivery)) return delivery;
  return refuseDelivery('REQUEST_ID_REUSED', ['requestId']);
}
