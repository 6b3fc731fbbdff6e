import { randomUUID } from 'node:crypto';
import { AccessGrant, SubsidyRule } from '../../entities/index.js';
import { noSpans } from '../../src/elders/institution-stays.js';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import { readCanteenTerms } from '../../src/meals/canteen-terms.js';
import { withCodes } from '../../src/meals/deliveries/delivery-code.js';
import { configureDelivery } from '../../src/meals/deliveries/delivery-terms.js';
import { type DeliveryWanted, orderDelivery } from '../../src/meals/deliveries/order-delivery.js';
import type { Delivery, DeliveryReach } from '../../src/meals/deliveries/read-deliveries.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { addAccount, addDiner, type Diner, noon, type Town, today } from './town.js';

/** Early enough to order lunch for today. */
export const morning = new Date('2026-03-10T08:00:00+08:00');

export const everything: DeliveryReach = {
  elders: 'everywhere',
  canteens: 'everywhere',
  own: { accountId: 0, canteens: [] },
};

/** Free from 80 on, or from ability level 3, or for the disabled. */
export const whoMayHaveMealsBrought = {
  anyOf: [{ ageFrom: 80 }, { abilityFrom: 3 }, { categories: ['DISABLED'] }],
};

/** Rules of a place that say who may have meals brought, and a canteen that takes orders up to 9:30. */
export async function offerDeliveries(
  { database }: { database: Database },
  { placeId, canteenId }: { placeId: number; canteenId: number },
): Promise<void> {
  const document = {
    format: 1,
    name: { zh: '送餐', en: 'Delivery' },
    alongside: 'ADD',
    groups: [],
    deliveries: [
      {
        code: 'AGED',
        name: { zh: '高龄失能送餐', en: 'aged and frail' },
        who: whoMayHaveMealsBrought,
        feeFen: 0,
      },
    ],
  };
  await database.write(async (manager) => {
    await manager.insert(SubsidyRule, {
      code: `DELIVERY-${placeId}`,
      version: 1,
      facilityId: placeId,
      fromDay: '2020-01-01',
      toDay: null,
      status: 'APPROVED',
      document: JSON.stringify(document),
      proposedAt: noon,
      decidedAt: noon,
    });
    const terms = { canteenId, priceFen: 1200, cutoffMinutes: 60, latitude: 32.99, longitude: 112.52 };
    const result = await configureDelivery(manager, terms, 'everywhere', today);
    if (isRefusal(result)) throw new Error(result.refused);
  });
}

/** Somebody of 80 today. */
export function addEntitled(town: Town, given: Parameters<typeof addDiner>[1] = {}): Promise<Diner> {
  return addDiner(town, { birthDate: '1946-03-10', ...given });
}

/** An account that is a courier at a facility. */
export async function addCourier(town: Town, facilityId: number): Promise<number> {
  const accountId = await addAccount(town, '志愿者');
  await town.database.write((manager) =>
    manager.insert(AccessGrant, {
      accountId,
      role: 'COURIER',
      facilityId,
      fromAt: new Date(0),
      untilAt: null,
    }),
  );
  return accountId;
}

export async function ordered(town: Town, given: Partial<DeliveryWanted> & { elderId: number }) {
  const { database, canteenIds, managerId: byId } = town;
  const usual = { requestId: randomUUID(), canteenId: canteenIds[0], meal: 'LUNCH', days: [today] } as const;
  const wanted = { ...usual, byId, now: morning, spansOf: noSpans, showsHealth: true, ...given };
  const firstId = await town.ids.take(Math.max(wanted.days.length, 1));
  const keys = wanted.days.map((day) => ({ canteenId: wanted.canteenId, day }));
  return database.write(async (manager) => {
    const terms = await readCanteenTerms(manager, keys);
    return orderDelivery(manager, { firstId, terms, ...wanted }, 'everywhere');
  });
}

/** One meal that was ordered, and the elder's code for it. */
export async function orderedOne(
  town: Town,
  given: Partial<DeliveryWanted> & { elderId: number },
): Promise<Delivery & { code: string }> {
  const result = await ordered(town, given);
  if (isRefusal(result)) throw new Error(`${result.refused} ${result.message.en}`);
  const [one] = await town.database.read(async (manager) => withCodes(manager, result));
  if (!one?.code) throw new Error('an order without a code');
  return { ...one, code: one.code };
}

/** Gives an elder an address and a phone. */
export async function setAddress({ database }: Town, elderId: number, address: string): Promise<void> {
  await database.write((manager) =>
    manager.query('UPDATE elder SET addressSealed = ?, phoneSealed = ? WHERE id = ?', [
      cipherOf(manager).encrypt(authenticatedName('address'), address),
      cipherOf(manager).encrypt(authenticatedName('phone'), '13800001234'),
      elderId,
    ]),
  );
}
