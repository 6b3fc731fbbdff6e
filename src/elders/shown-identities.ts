import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { coveredAmong, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { maskedIdentity } from './masked-identity.rules.js';
import {
  type Identity,
  type IdentityField,
  identityFields,
  openField,
  type SealedIdentity,
} from './sealed-fields.js';

/** The identity of an elder as one caller sees it. */
export interface ShownIdentity extends Identity {
  /** The fields that are whole, and not masked. */
  whole: readonly IdentityField[];
}

/** What leads to an elder's door: whoever is to visit needs it, and needs no ID number. */
const doorFields: readonly IdentityField[] = ['phone', 'address'];

/**
 * The identities of these elders, whoever asks: whole where `wholeIn` covers the home station today; phone and
 * address alone for those of `toVisit`; masked elsewhere. Two statements, however many elders. The one place
 * where a mask is taken off or left on.
 */
export async function shownIdentities(
  manager: EntityManager,
  elderIds: readonly number[],
  wholeIn: Scope,
  today: Day,
  toVisit: readonly number[] = [],
): Promise<Map<number, ShownIdentity>> {
  if (elderIds.length === 0) return new Map();
  const rows: (SealedIdentity & Pick<Elder, 'id' | 'homeStationId'>)[] = await manager.query(
    `SELECT id, homeStationId, idNumberSealed, phoneSealed, addressSealed
       FROM elder WHERE id IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  const stations = new Set(rows.flatMap(({ homeStationId }) => homeStationId ?? []));
  const covered = await coveredAmong(manager, wholeIn, [...stations], today);
  const isCovered = (stationId: number | null) =>
    wholeIn === 'everywhere' || (stationId !== null && covered.has(stationId));
  const visited = new Set(toVisit);
  return new Map(
    rows.map((row) => {
      const wholeFields = isCovered(row.homeStationId)
        ? identityFields
        : doorFields.filter(() => visited.has(row.id));
      return [row.id, shown(openIdentity(manager, row), wholeFields)];
    }),
  );
}

/** An erased file has nothing to show, whoever asks. */
function shown(identity: Identity, wholeFields: readonly IdentityField[]): ShownIdentity {
  const whole = identity.idNumber === null ? [] : wholeFields;
  const unmasked = Object.fromEntries(whole.map((field) => [field, identity[field]]));
  return { ...maskedIdentity(identity), ...unmasked, whole };
}

/** What is stored of one elder, readable. */
export function openIdentity(manager: EntityManager, sealed: SealedIdentity): Identity {
  const cipher = cipherOf(manager);
  const opened = identityFields.map((field) => [field, openField(cipher, field, sealed)]);
  return Object.fromEntries(opened) as unknown as Identity;
}
