import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import { type ElderScope, partsOf } from '../elders/elder-scope.js';
import { authenticatedName } from '../elders/sealed-fields.js';
import { coverEach, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders } from '../shared/statements.js';
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
 * Locks elders, as whatever changes who has a bed begins, in the order of their ids, and reads the files in the same
 * statement; one whom there is not is missing.
 */
export async function lockElders(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, BedElder>> {
  const rows: BedElder[] = await manager.query(
    `SELECT id, idNumberSealed, abilityLevel, CAST(birthDate AS CHAR) AS birthDate,
            CAST(abilityExpiresOn AS CHAR) AS abilityExpiresOn, homeStationId, status,
            CAST(registeredOn AS CHAR) AS registeredOn, CAST(endedOn AS CHAR) AS endedOn
       FROM elder WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(manager)}`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who is asked about, and by whom. */
export interface ElderAsked {
  elderId: number;
  /** Undefined when there is no such elder. */
  elder: BedElder | undefined;
  reach: BedReach;
}

/**
 * Which of these elders are in reach: by the home station, or because a bed within reach is, was or is to be the
 * elder's: a home admits by files that others keep. Three statements at most, however many.
 */
export async function eldersInReach(
  manager: EntityManager,
  asked: readonly ElderAsked[],
  today: Day,
): Promise<boolean[]> {
  // Of one whom there is not the tree is asked as well, so that the time of the answer does not tell who there is.
  const homes = asked.map(({ elder, reach }) => ({
    scope: partsOf(reach.elders).places,
    facilityId: elder?.homeStationId ?? nowhere,
  }));
  const isAtHome = await coverEach(manager, homes, today);
  const isCovered = asked.map(({ elderId, elder, reach }, index) => {
    const { places, elderIds } = partsOf(reach.elders);
    return elder !== undefined && (isAtHome[index] || places === 'everywhere' || elderIds.includes(elderId));
  });
  const others = asked.filter((_, index) => !isCovered[index]);
  const known = await knownThere(manager, others, today);
  return asked.map((one, index) => one.elder !== undefined && (isCovered[index] || known.has(one)));
}

/** Locks one elder; undefined when there is none in reach. */
export async function lockElderFor(
  manager: EntityManager,
  elderId: number,
  reach: BedReach,
  { now }: Acting,
): Promise<BedElder | undefined> {
  const elder = (await lockElders(manager, [elderId])).get(elderId);
  const [isInReach] = await eldersInReach(manager, [{ elderId, elder, reach }], dayOf(now));
  return isInReach ? elder : undefined;
}

/** Those to whom a bed in reach is, was or is to be given, who wait for one, or whom one is asked to take over. */
async function knownThere(
  manager: EntityManager,
  asked: readonly ElderAsked[],
  today: Day,
): Promise<ReadonlySet<ElderAsked>> {
  if (asked.length === 0) return new Set();
  const ids = [...new Set(asked.map(({ elderId }) => elderId))];
  const some = placeholders(ids);
  const rows: { elderId: number; facilityId: number }[] = await manager.query(
    `SELECT elderId, facilityId FROM bed_stay WHERE elderId IN (${some})
     UNION SELECT elderId, facilityId FROM bed_hold WHERE elderId IN (${some})
     UNION SELECT elderId, facilityId FROM waitlist_entry WHERE elderId IN (${some})
     UNION SELECT s.elderId, t.toFacilityId FROM stay_transfer t JOIN bed_stay s ON s.id = t.stayId
            WHERE s.elderId IN (${some})`,
    [...ids, ...ids, ...ids, ...ids],
  );
  const places = asked.flatMap((one) => {
    const own = rows.filter(({ elderId }) => elderId === one.elderId);
    // Of one whom nobody knows it is looked up as well, so that the time of the answer does not tell who there is.
    const facilityIds = own.length > 0 ? own.map(({ facilityId }) => facilityId) : [nowhere];
    return facilityIds.map((facilityId) => ({ one, scope: one.reach.beds, facilityId }));
  });
  const isCovered = await coverEach(manager, places, today);
  return new Set(
    places
      .filter(({ facilityId }, index) => facilityId !== nowhere && isCovered[index])
      .map(({ one }) => one),
  );
}

/** What admission asks of an elder's file. The gender is that of the ID number, and is needed nowhere else. */
export function candidateOf(manager: EntityManager, elder: BedElder): Candidate {
  const { idNumberSealed, abilityLevel, abilityExpiresOn } = elder;
  const idNumber =
    idNumberSealed === null ? null : cipherOf(manager).decrypt(authenticatedName('idNumber'), idNumberSealed);
  return { gender: idNumber === null ? null : genderOf(idNumber), abilityLevel, abilityExpiresOn };
}
