import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { coversElder, type ElderScope } from '../elders/elder-scope.js';
import { authenticatedName } from '../elders/sealed-fields.js';
import { coveredAmong, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type Candidate, genderOf } from './bed.rules.js';

/** Where a caller's beds and elders lie. */
export interface BedReach {
  beds: Scope;
  elders: ElderScope;
}

/** Who does something, and when. */
export interface Acting {
  byId: number;
  now: Date;
}

/** What beds ask of an elder's file. */
export type BedElder = Pick<
  Elder,
  | 'id'
  | 'idNumberSealed'
  | 'birthDate'
  | 'abilityLevel'
  | 'abilityExpiresOn'
  | 'homeStationId'
  | 'status'
  | 'registeredOn'
  | 'endedOn'
>;

/**
 * Locks an elder, as whatever changes who has a bed begins, and reads the file in the same statement. An elder is in
 * reach by the home station, or because a bed within reach is, was or is to be the elder's: a home admits by files that
 * others keep.
 */
export async function lockElderFor(
  manager: EntityManager,
  elderId: number,
  { beds, elders }: BedReach,
  { now }: Acting,
): Promise<BedElder | undefined> {
  const today = dayOf(now);
  const [elder]: BedElder[] = await manager.query(
    `SELECT id, idNumberSealed, abilityLevel, CAST(birthDate AS CHAR) AS birthDate,
            CAST(abilityExpiresOn AS CHAR) AS abilityExpiresOn, homeStationId, status,
            CAST(registeredOn AS CHAR) AS registeredOn, CAST(endedOn AS CHAR) AS endedOn
       FROM elder WHERE id = ?${forUpdate(manager)}`,
    [elderId],
  );
  // Of one whom there is not the tree is asked as well, so that the time of the answer does not tell who there is.
  const isCovered = await coversElder(manager, elders, elder ?? { id: elderId, homeStationId: null }, today);
  if (elder && isCovered) return elder;
  return (await isKnownThere(manager, elderId, beds, today)) ? elder : undefined;
}

/** True when a bed within `scope` is, was or is to be the elder's, or waited for, or one is asked to take the elder over. */
async function isKnownThere(
  manager: EntityManager,
  elderId: number,
  scope: Scope,
  today: Day,
): Promise<boolean> {
  const rows: { facilityId: number }[] = await manager.query(
    `SELECT facilityId FROM bed_stay WHERE elderId = ?
     UNION SELECT facilityId FROM bed_hold WHERE elderId = ?
     UNION SELECT facilityId FROM waitlist_entry WHERE elderId = ?
     UNION SELECT t.toFacilityId FROM stay_transfer t JOIN bed_stay s ON s.id = t.stayId WHERE s.elderId = ?`,
    [elderId, elderId, elderId, elderId],
  );
  const facilityIds = rows.map(({ facilityId }) => facilityId);
  // Of one whom nobody knows it is looked up as well, so that the time of the answer does not tell who there is.
  const covered = await coveredAmong(manager, scope, facilityIds.length > 0 ? facilityIds : [nowhere], today);
  return rows.some(({ facilityId }) => covered.has(facilityId));
}

/** What admission asks of an elder's file. The gender is that of the ID number, and is needed nowhere else. */
export function candidateOf(manager: EntityManager, elder: BedElder): Candidate {
  const { idNumberSealed, abilityLevel, abilityExpiresOn } = elder;
  const idNumber =
    idNumberSealed === null ? null : cipherOf(manager).decrypt(authenticatedName('idNumber'), idNumberSealed);
  return { gender: idNumber === null ? null : genderOf(idNumber), abilityLevel, abilityExpiresOn };
}
