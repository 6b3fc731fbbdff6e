import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { type AdmissionTerms, dayFault } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type LineAdmission, leaveLine } from './line-check.js';
import type { Acting, BedElder } from './lock-elder.js';
import type { FoundBed } from './read-beds.js';
import type { Stay } from './read-stays.js';
import { endHolds, takeableBeside } from './take-bed.js';
import type { Claim } from './who-has.js';
import { beginStays, isInstitutional, tellOfStays } from './write-stay.js';

/** Who is to come into which bed. */
export interface AdmissionContent extends Acting {
  /** An unused id. */
  id: number;
  bedId: number;
  elderId: number;
  /** The first day; it may lie ahead. */
  from: Day;
  /** The hold that it is to come of; without it any hold of the elder on that bed does. */
  holdId: number | null;
  contractSignedOn: Day | null;
}

/** What an admission is decided on; the bed and the elder are locked. */
export interface LockedAdmission {
  bed: FoundBed;
  elder: BedElder;
  terms: AdmissionTerms;
  skipReason: string | null;
}

/** What an admission makes of the elder's holds. */
export interface Admissible {
  /** That of the bed, which becomes the stay. */
  kept: Claim | undefined;
  needless: readonly Claim[];
}

/** The first reason against an admission but the line, in the order in which reasons are told. */
export function whetherAdmissible(
  manager: EntityManager,
  { bedId, elderId, from, holdId, contractSignedOn, now }: AdmissionContent,
  { bed, elder, terms }: LockedAdmission,
  claims: readonly Claim[],
): Admissible | BedRefusal {
  const wrongDay = dayFault(from, { today: dayOf(now), back: terms.entryDaysBackMax });
  if (wrongDay) return refuseBed('DAY_OUT_OF_RANGE', ['from'], wrongDay);
  const isIt = (claim: Claim) =>
    claim.kind === 'HOLD' && claim.id === holdId && claim.bedId === bedId && claim.elderId === elderId;
  if (holdId !== null && !claims.some(isIt)) return refuseBed('HOLD_EXPIRED', ['holdId']);
  const result = takeableBeside(manager, { bed, elder, from, to: null, terms, now }, claims, 'HOLDS_END');
  if ('refused' in result) return result;
  if (terms.contractBy === 'ADMISSION' && (contractSignedOn === null || contractSignedOn > from)) {
    return refuseBed('CONTRACT_MISSING', ['contractSignedOn']);
  }
  const kept = result.holds.find((hold) => hold.bedId === bedId);
  return { kept, needless: result.holds.filter((hold) => hold !== kept) };
}

/** An admission against which nothing speaks. */
export interface DecidedAdmission {
  wanted: AdmissionContent;
  locked: LockedAdmission;
  admissible: Admissible;
  line: LineAdmission;
}

/**
 * Writes admissions, no two of one elder or bed: the stays in one statement, and for each what it ends. The stay has the
 * id of the hold that it came of.
 */
export async function writeAdmissions(
  manager: EntityManager,
  decided: readonly DecidedAdmission[],
  today: Day,
  afterwards: readonly AfterStay[],
): Promise<Stay[]> {
  for (const { wanted, admissible } of decided) {
    const { kept, needless } = admissible;
    await endHolds(manager, kept ? [kept] : [], 'ADMITTED', { now: wanted.now, today });
    await endHolds(manager, needless, 'RELEASED', { now: wanted.now, today });
  }
  const stays = decided.map(({ wanted, locked, admissible }) => ({
    id: admissible.kept?.id ?? wanted.id,
    bedId: wanted.bedId,
    facilityId: locked.bed.facilityId,
    elderId: wanted.elderId,
    from: wanted.from,
    admittedOn: wanted.from,
    previousStayId: null,
    contractSignedOn: wanted.contractSignedOn,
    trialEndsOn: addDays(wanted.from, locked.terms.trialDays),
    byId: wanted.byId,
    now: wanted.now,
  }));
  await beginStays(manager, stays);
  for (const [index, { line, locked }] of decided.entries()) {
    const stay = stays[index];
    if (stay) await leaveLine(manager, stay, line, locked.skipReason);
  }
  const residents = decided.filter(({ locked }) => isInstitutional(locked.bed.type));
  const days = residents.map(({ wanted }) => ({
    elderId: wanted.elderId,
    fromDay: wanted.from,
    toDay: null,
  }));
  await tellOfStays(manager, days, today, afterwards);
  return stays.map(begun);
}

type Begun = Pick<
  Stay,
  | 'id'
  | 'bedId'
  | 'facilityId'
  | 'elderId'
  | 'from'
  | 'admittedOn'
  | 'previousStayId'
  | 'contractSignedOn'
  | 'trialEndsOn'
>;

/** A stay that begins and of which nothing else is known: what was written need not be read again. */
function begun({ byId: _byId, now, ...stay }: Begun & Acting): Stay {
  const state = stay.from > dayOf(now) ? 'HELD' : 'OCCUPIED';
  const open = { kind: 'STAY' as const, to: null, endReason: null, expiresAt: null };
  return { ...stay, ...open, state, leaveKind: null, expectedBackOn: null, enteredAt: now };
}
