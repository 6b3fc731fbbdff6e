import { timingSafeEqual } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../../../entities/meals/delivery-order.entity.js';
import { cipherOf } from '../../shared/database-cipher.js';
import type { FieldCipher } from '../../shared/field-cipher.js';
import { codeFrom } from './delivery.rules.js';
import type { Delivery } from './read-deliveries.js';

/**
 * The elder's code for a meal. It is stored nowhere: it follows from a random text of the order under the key of the
 * server, so the elder's side can be told again, and who has the database alone cannot work it out.
 */
export function codeOf(cipher: FieldCipher, seed: string): string {
  return codeFrom(cipher.lookup('delivery_order.code', seed));
}

/** Compared in the same time whatever is wrong with it. */
export function isCode(cipher: FieldCipher, seed: string, given: string): boolean {
  const wanted = Buffer.from(codeOf(cipher, seed));
  const got = Buffer.from(given);
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

/** In which states the elder's side is told the code. */
const statesWithCode: readonly DeliveryState[] = ['ORDERED', 'ASSIGNED', 'OUT'];

/** Deliveries with the codes that the elder's side may know. */
export function withCodes(
  manager: EntityManager,
  deliveries: readonly Delivery[],
): (Delivery & { code: string | null })[] {
  const cipher = cipherOf(manager);
  return deliveries.map((delivery) => ({
    ...delivery,
    code: statesWithCode.includes(delivery.state) ? codeOf(cipher, delivery.codeSeed) : null,
  }));
}
