import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import { type FieldCipher, UnreadableField } from '../shared/field-cipher.js';
import { birthDateOf, isResidentId } from './resident-id.rules.js';
import { identityFields, idNumberHash, openField, type SealedIdentity } from './sealed-fields.js';

/** Files in memory at once. */
const eldersPerBatch = 1000;

/** A file whose encrypted values are not what they should be; it names no value. */
export interface BrokenIdentity {
  elderId: number;
  what: string;
}

/**
 * Reads every encrypted value, a batch of files at a time, and tells of each that cannot be read, or is not
 * its file's own: SQL cannot look into them.
 */
export async function* brokenIdentities(manager: EntityManager): AsyncGenerator<BrokenIdentity> {
  const cipher = cipherOf(manager);
  for (let afterId = 0; ; ) {
    const elders: StoredIdentity[] = await manager.query(
      `SELECT id, CAST(birthDate AS CHAR) AS birthDate, idNumberSealed, idNumberHash, phoneSealed, addressSealed
         FROM elder WHERE id > ? AND erasedAt IS NULL ORDER BY id LIMIT ${eldersPerBatch}`,
      [afterId],
    );
    for (const elder of elders) {
      const what = faultOf(cipher, elder);
      if (what) yield { elderId: elder.id, what };
    }
    const last = elders.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

interface StoredIdentity extends SealedIdentity {
  id: number;
  birthDate: string;
  idNumberHash: string;
}

function faultOf(cipher: FieldCipher, elder: StoredIdentity): string | undefined {
  let idNumber: string;
  try {
    const [first] = identityFields.map((field) => openField(cipher, field, elder));
    idNumber = first ?? '';
  } catch (error) {
    if (error instanceof UnreadableField) return error.message;
    throw error;
  }
  // A number that was moved over from another file opens, but is found by this file's hash no more.
  if (idNumberHash(cipher, idNumber) !== elder.idNumberHash)
    return 'the ID number is not the one of its hash';
  if (!isResidentId(idNumber)) return 'the ID number is none';
  if (birthDateOf(idNumber) !== elder.birthDate) return "the birth date is not the ID number's";
  return undefined;
}
