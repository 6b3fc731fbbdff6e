import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { assignDeliveries, startDeliveries } from '../../src/meals/deliveries/assign-deliveries.js';
import { type BringBack, bringBackDelivery } from '../../src/meals/deliveries/bring-back-delivery.js';
import { cancelDelivery } from '../../src/meals/deliveries/cancel-delivery.js';
import { type HandOver, handOverDelivery } from '../../src/meals/deliveries/hand-over-delivery.js';
import type { DeliveryReach } from '../../src/meals/deliveries/read-deliveries.js';
import { addCourier, addEntitled, everything, orderedOne } from './deliveries.js';
import { limits } from './taps.js';
import { noon, type Town } from './town.js';

export const codeOf = (result: object) => ('refused' in result ? `${result.refused}` : 'done');
export const fieldOf = (result: object) => ('field' in result ? (result.field as string[]).join('.') : '');

/** Somebody of the elder's side and of no canteen. */
export const ofElder: DeliveryReach = {
  elders: 'everywhere',
  canteens: [],
  own: { accountId: 0, canteens: [] },
};

export type DeliverySteps = Awaited<ReturnType<typeof deliverySteps>>;

/** The steps of deliveries at noon, by a courier of the whole street unless said otherwise. */
export async function deliverySteps(town: Town) {
  const { database } = town;
  const courierId = await addCourier(town, town.streetId);
  const ofCourier: DeliveryReach = {
    elders: [],
    canteens: [],
    own: { accountId: courierId, canteens: [town.cityId] },
  };
  const assigned = (ids: readonly number[], courier = courierId, reach = everything) =>
    database.write((manager) =>
      assignDeliveries(manager, { ids, courierId: courier, now: noon, grantsAt: noon }, reach),
    );
  const started = (ids: readonly number[], reach = ofCourier, now = noon) =>
    database.write((manager) => startDeliveries(manager, { ids, now }, reach));
  const cancelled = (id: number, now: Date, reach = ofElder) =>
    database.write((manager) => cancelDelivery(manager, { id, byId: town.managerId, now }, reach));

  async function handedOver(id: number, given: Partial<HandOver> & { at?: Date }, reach = ofCourier) {
    const firstId = await town.ids.take(1);
    const { at: now = noon, ...more } = given;
    const recording = { firstId, now, recordedAt: now, limits };
    const usual = {
      requestId: randomUUID(),
      code: null,
      photoReference: null,
      byId: courierId,
      address: null,
    };
    return database.write((manager) =>
      handOverDelivery(manager, { ...usual, id, recording, ...more }, reach),
    );
  }

  const broughtBack = (id: number, given: Partial<BringBack> = {}, reach = ofCourier) => {
    const why = { reason: 'NOBODY_AT_HOME', text: null } as const;
    const usual = { requestId: randomUUID(), ...why, byId: courierId, now: noon };
    return database.write((manager) => bringBackDelivery(manager, { id, ...usual, ...given }, reach));
  };

  /** A meal that has left the canteen for an elder of 80 with 100 yuan, and the elder's code. */
  async function underWay(balanceFen = 10_000) {
    const diner = await addEntitled(town, { balanceFen });
    const { id, code } = await orderedOne(town, { elderId: diner.elderId });
    expect(codeOf(await assigned([id]))).toBe('done');
    expect(codeOf(await started([id]))).toBe('done');
    return { ...diner, id, code };
  }

  return { courierId, ofCourier, assigned, started, cancelled, handedOver, broughtBack, underWay };
}
