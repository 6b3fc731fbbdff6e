import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { coveredAmong, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
import { maskedIdentity } from './masked-identity.rules.js';
import { type Identity, identityFields, openField, type SealedIdentity } from './sealed-fields.js';

/** The identity of an elder as one caller sees it. */
export interface ShownIdentity extends Identity {
  /** Whole, and not masked. */
  isWhole: boolean;
}

/**
 * The identities of these elders, whoever asks: whole where `wholeIn` covers the home station today, masked
 * elsewhere. Two statements, however many elders. The one place where a mask is taken off or left on.
 */
export async function shownIdentities(
  manager: EntityManager,
  elderIds: readonly number[],
  wholeIn: Scope,
  today: Day,
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
  return new Map(
    rows.map((row) => {
      const identity = openIdentity(manager, row);
      const isWhole = identity.idNumber !== null && isCovered(row.homeStationId);
      return [row.id, { ...(isWhole ? identity : maskedIdentity(identity)), isWhole }];
    }),
  );
}

/** What is stored of one elder, readable. */
export function openIdentity(manager: EntityManager, sealed: SealedIdentity): Identity {
  const cipher = cipherOf(manager);
  const opened = identityFields.map((field) => [field, openField(cipher, field, sealed)]);
  return Object.fromEntries(opened) as unknown as Identity;
}
