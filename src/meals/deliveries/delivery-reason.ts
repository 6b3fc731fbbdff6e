import type { FieldCipher } from '../../shared/field-cipher.js';
import type { SealedTable } from '../../shared/rotate-keys.js';

/**
 * The name that is authenticated with what was written beside a reason. It says of which delivery it was written, so that
 * a text which somebody copied into another row does not open there. It is stored in no row and must never change.
 */
const reasonName = (deliveryId: number | string) => `delivery_order.reason#${deliveryId}`;

export const sealedDeliveryReasons: SealedTable = {
  table: 'delivery_order',
  idColumn: 'id',
  columns: { reasonSealed: reasonName },
};

/** What a courier wrote tells of the elder's health as often as not, and is kept as notes about it are. */
export function sealReason(cipher: FieldCipher, deliveryId: number, text: string | null): string | null {
  return text === null ? null : cipher.encrypt(reasonName(deliveryId), text);
}

export function openReason(
  cipher: FieldCipher,
  deliveryId: number | string,
  reasonSealed: string | null,
): string | null {
  return reasonSealed === null ? null : cipher.decrypt(reasonName(deliveryId), reasonSealed);
}
