import { createHmac } from 'node:crypto';
import { normalizedCardUid } from '../card.rules.js';

/** 128 bits: of a city's million cards no two ever share a reference. */
const refDigits = 32;

/**
 * What a reader's list calls a card: a keyed hash of its uid. A reader knows a card that is shown to it, and whoever
 * reads the list alone is given no uid to write on a chip. docs/decisions/0019 says how far that goes.
 *
 * @param salt the list's, in hexadecimal
 */
export function cardRef(salt: string, uid: string): string {
  const message = normalizedCardUid(uid);
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(message).digest('hex').slice(0, refDigits);
}
