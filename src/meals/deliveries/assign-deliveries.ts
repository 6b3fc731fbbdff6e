import type { EntityManager } from 'typeorm';
import { coveredAmong, type Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import { readCanteenTerms, termsKey } from '../canteen-terms.js';
import { readDiners } from '../diner-facts.js';
import { stepFor } from './delivery.rules.js';
import { deliveryEntitlement } from './delivery-entitlement.rules.js';
import { type DeliveryRefusal, refuseDelivery } from './delivery-refusals.js';
import { lockDeliveries } from './delivery-state.js';
import { type Delivery, type DeliveryReach, deliveriesById, sidesOf } from './read-deliveries.js';

export const deliveriesAtOnceMax = 200;

export interface Assignment {
  ids: readonly number[];
  /** The account that is to bring them. */
  courierId: number;
  now: Date;
  /** The machine's own time, by which grants count. */
  grantsAt: Date;
}

/**
 * Gives meals to a courier of their canteens, all of them or none; a meal that somebody else had goes over. Whether the
 * elder may have the meal of that day brought is asked again: it may have been ordered a month ago.
 */
export async function assignDeliveries(
  manager: EntityManager,
  { ids, courierId, now, grantsAt }: Assignment,
  reach: Pick<DeliveryReach, 'canteens'>,
): Promise<Delivery[] | DeliveryRefusal> {
  const wanted = await lockedInReach(manager, ids, { ...reach, elders: [], own: nobodys }, now);
  if (!Array.isArray(wanted)) return wanted;
  for (const delivery of wanted) {
    const { id, state } = delivery;
    if (isOfNobody(delivery)) return refuseDelivery('ELDER_NOT_ACTIVE', fieldOf(id, ids));
    if (!stepFor('ASSIGN', state, ['CANTEEN'])) return refuseDelivery('WRONG_STATE', fieldOf(id, ids));
  }
  const refused = await firstNotEntitled(manager, wanted);
  if (refused) return refuseDelivery('NOT_ENTITLED', fieldOf(refused.id, ids), noMoreText);
  const places = await courierPlaces(manager, courierId, grantsAt);
  const canteens = [...new Set(wanted.map(({ canteenId }) => canteenId))];
  const covered = await coveredAmong(manager, places, canteens, dayOf(now));
  if (covered.size < canteens.length) return refuseDelivery('COURIER_UNKNOWN', ['courierId']);
  await manager.query(
    `UPDATE delivery_order SET state = 'ASSIGNED', courierId = ? WHERE id IN (${placeholders(ids)})`,
    [courierId, ...ids],
  );
  return deliveriesById(manager, ids);
}

/** Says that meals have left the canteen with their couriers, all of them or none. Again is as once. */
export async function startDeliveries(
  manager: EntityManager,
  { ids, now }: { ids: readonly number[]; now: Date },
  reach: DeliveryReach,
): Promise<Delivery[] | DeliveryRefusal> {
  const wanted = await lockedInReach(manager, ids, reach, now);
  if (!Array.isArray(wanted)) return wanted;
  const waiting = wanted.filter(({ state }) => state !== 'OUT');
  for (const delivery of waiting) {
    const { id, state, day } = delivery;
    if (isOfNobody(delivery)) return refuseDelivery('ELDER_NOT_ACTIVE', fieldOf(id, ids));
    if (!stepFor('START', state, ['COURIER'])) return refuseDelivery('WRONG_STATE', fieldOf(id, ids));
    if (day !== dayOf(now)) return refuseDelivery('NOT_ITS_DAY', fieldOf(id, ids));
  }
  if (waiting.length > 0) {
    await manager.query(
      `UPDATE delivery_order SET state = 'OUT', outAt = ? WHERE id IN (${placeholders(waiting)})`,
      [now.getTime(), ...waiting.map(({ id }) => id)],
    );
  }
  return deliveriesById(manager, ids);
}

/** Nobody is to ring with a meal at the door of somebody who died after it was ordered. */
function isOfNobody({ elderEndedOn, day }: Delivery): boolean {
  return elderEndedOn !== null && elderEndedOn <= day;
}

/** The canteen is not told why: that may lie in the elder's health. */
const noMoreText = {
  zh: '该老人当日已不符合送餐条件，请取消这份送餐',
  en: 'The elder is not entitled any more to have this meal brought: call it off',
};

/** By the rules in force on the day of the meal, and the file as it is now. */
async function firstNotEntitled(
  manager: EntityManager,
  deliveries: readonly Delivery[],
): Promise<Delivery | undefined> {
  const terms = await readCanteenTerms(manager, deliveries);
  const diners = await readDiners(manager, [...new Set(deliveries.map(({ elderId }) => elderId))]);
  return deliveries.find((delivery) => {
    const diner = diners.get(delivery.elderId);
    const sets = terms.get(termsKey(delivery))?.subsidy.sets ?? [];
    return !diner || !deliveryEntitlement(sets, { diner, day: delivery.day }).entitled;
  });
}

const nobodys = { accountId: 0, canteens: [] };

/** The deliveries of a list, locked; refused by name is the first that the caller has no part in. */
async function lockedInReach(
  manager: EntityManager,
  ids: readonly number[],
  reach: DeliveryReach,
  now: Date,
): Promise<Delivery[] | DeliveryRefusal> {
  if (ids.length < 1 || ids.length > deliveriesAtOnceMax || new Set(ids).size < ids.length) {
    return refuseDelivery('DELIVERIES_INVALID', ['deliveryIds']);
  }
  const found = new Map((await lockDeliveries(manager, ids)).map((delivery) => [delivery.id, delivery]));
  const sided = new Map<string, boolean>();
  for (const id of ids) {
    const delivery = found.get(id);
    if (!delivery) return refuseDelivery('DELIVERY_UNKNOWN', fieldOf(id, ids));
    // Meals of one canteen and courier lie on the same sides.
    const key = `${delivery.canteenId} ${delivery.courierId}`;
    const isIn = sided.get(key) ?? (await sidesOf(manager, delivery, reach, dayOf(now))).length > 0;
    sided.set(key, isIn);
    if (!isIn) return refuseDelivery('DELIVERY_UNKNOWN', fieldOf(id, ids));
  }
  return [...found.values()];
}

function fieldOf(id: number, ids: readonly number[]): string[] {
  return ['deliveryIds', String(ids.indexOf(id))];
}

/** At which facilities, and beneath, an account is a courier now. */
async function courierPlaces(manager: EntityManager, accountId: number, at: Date): Promise<Scope> {
  const rows: { facilityId: number }[] = await manager.query(
    `SELECT facilityId FROM access_grant
      WHERE accountId = ? AND role = 'COURIER' AND facilityId IS NOT NULL AND fromAt <= ?
        AND (untilAt IS NULL OR untilAt > ?)`,
    [accountId, at.getTime(), at.getTime()],
  );
  return rows.map(({ facilityId }) => facilityId);
}
