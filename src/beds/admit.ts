import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { termsAndAnswer } from './admission-terms.js';
import { type AdmissionTerms, dayFault, noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedRequested, keepAnswer, requestIdFault } from './bed-requests.js';
import { leaveLine, lineAdmission } from './line-check.js';
import { type Acting, type BedElder, type BedReach, lockElderFor } from './lock-elder.js';
import { type FoundBed, lockBedWithin } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';
import { endHolds, takeable } from './take-bed.js';
import { beginStay, isInstitutional, tellOfStay } from './write-stay.js';

export interface AdmissionWanted extends Acting {
  /** An unused id. */
  id: number;
  requestId: string;
  bedId: number;
  elderId: number;
  /** The first day; it may lie ahead. */
  from: Day;
  /** The hold that it is to come of; without it any hold of the elder on that bed does. */
  holdId: number | null;
  contractSignedOn: Day | null;
  /** Why others who wait are passed over. */
  skipReason?: string | null;
}

/**
 * Lets an elder into a bed from a day on, from the elder's hold or straight in. Every other hold of the elder ends: who
 * has a bed needs none. The stay has the id of the hold that it came of.
 */
export async function admit(
  manager: EntityManager,
  wanted: AdmissionWanted,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { bedId, elderId, from, holdId, contractSignedOn, now } = wanted;
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const skipReason = noteOf(wanted.skipReason);
  if (skipReason === undefined) return refuseBed('NOTE_INVALID', ['skipReason']);
  const requested: BedRequested = {
    requestId: wanted.requestId,
    operation: 'ADMIT',
    content: [bedId, elderId, from, holdId, contractSignedOn, ...(skipReason === null ? [] : [skipReason])],
  };
  const elder = await lockElderFor(manager, elderId, reach, wanted);
  const bed = await lockBedWithin(manager, bedId, reach.beds, dayOf(now));
  if (!bed) return refuseBed('BED_NOT_FREE', ['bedId']);
  if (!elder) return refuseBed('ELDER_NOT_ACTIVE', ['elderId']);
  const asked = { facilityId: bed.facilityId, bedType: bed.type, on: from };
  const { terms, earlier } = await termsAndAnswer(manager, asked, requested);
  if (earlier) return 'rowId' in earlier ? ((await stayById(manager, earlier.rowId, now)) as Stay) : earlier;
  const stay = await admitLocked(manager, wanted, { bed, elder, terms, skipReason }, afterwards);
  if (!('refused' in stay)) await keepAnswer(manager, requested, stay.id, now);
  return stay;
}

/** What an admission is decided on; the bed and the elder are locked. */
export interface LockedAdmission {
  bed: FoundBed;
  elder: BedElder;
  terms: AdmissionTerms;
  skipReason: string | null;
}

/** Admits an elder who is locked, as the bed is; whether the caller may, and was answered before, was asked already. */
export async function admitLocked(
  manager: EntityManager,
  wanted: Omit<AdmissionWanted, 'requestId' | 'skipReason'>,
  { bed, elder, terms, skipReason }: LockedAdmission,
  afterwards: readonly AfterStay[],
): Promise<Stay | BedRefusal> {
  const { bedId, elderId, from, holdId, contractSignedOn, byId, now } = wanted;
  const today = dayOf(now);
  const { facilityId, type } = bed;
  const wrongDay = dayFault(from, { today, back: terms.entryDaysBackMax });
  if (wrongDay) return refuseBed('DAY_OUT_OF_RANGE', ['from'], wrongDay);
  if (holdId !== null && !(await isHeld(manager, wanted))) return refuseBed('HOLD_EXPIRED', ['holdId']);
  const result = await takeable(manager, { bed, elder, from, to: null, terms, now }, 'HOLDS_END');
  if ('refused' in result) return result;
  if (terms.contractBy === 'ADMISSION' && (contractSignedOn === null || contractSignedOn > from)) {
    return refuseBed('CONTRACT_MISSING', ['contractSignedOn']);
  }
  const kept = result.holds.find((hold) => hold.bedId === bedId);
  const line = await lineAdmission(manager, { bed, elder, from, terms, now, skipReason, holdId: kept?.id });
  if ('refused' in line) return line;
  const id = kept?.id ?? wanted.id;
  await endHolds(manager, kept ? [kept] : [], 'ADMITTED', { now, today });
  const needless = result.holds.filter((hold) => hold !== kept);
  await endHolds(manager, needless, 'RELEASED', { now, today });
  const trialEndsOn = addDays(from, terms.trialDays);
  const whose = { bedId, facilityId, elderId, admittedOn: from, previousStayId: null };
  await beginStay(manager, { ...whose, id, from, contractSignedOn, trialEndsOn, byId, now });
  await leaveLine(manager, { id, elderId, byId, now }, line, skipReason);
  if (isInstitutional(type)) {
    await tellOfStay(manager, { elderId, fromDay: from, toDay: null }, today, afterwards);
  }
  return { ...begun(whose, from, now), id, contractSignedOn, trialEndsOn };
}

/** A stay that begins and of which nothing else is known: what was written need not be read again. */
function begun(
  whose: Pick<Stay, 'bedId' | 'facilityId' | 'elderId' | 'admittedOn' | 'previousStayId'>,
  from: Day,
  now: Date,
): Omit<Stay, 'id' | 'contractSignedOn' | 'trialEndsOn'> {
  const state = from > dayOf(now) ? 'HELD' : 'OCCUPIED';
  const open = { kind: 'STAY' as const, from, to: null, endReason: null, expiresAt: null };
  return { ...whose, ...open, state, leaveKind: null, expectedBackOn: null, enteredAt: now };
}

/** True when the hold counts still, and is that of the elder on the bed. */
async function isHeld(
  manager: EntityManager,
  { holdId, bedId, elderId, now }: Omit<AdmissionWanted, 'requestId'>,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM bed_hold WHERE id = ? AND bedId = ? AND elderId = ? AND endedAt IS NULL AND expiresAt > ?',
    [holdId, bedId, elderId, now.getTime()],
  );
  return rows.length > 0;
}
