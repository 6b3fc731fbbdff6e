import type { EntityManager } from 'typeorm';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { insertRows } from '../shared/statements.js';
import { termsAndAnswer } from './admission-terms.js';
import { dayFault, noteOf } from './bed.rules.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedRequested, keepAnswer, requestIdFault } from './bed-requests.js';
import { keepSkipped, lineAdmission } from './line-check.js';
import { type Acting, type BedReach, lockElderFor } from './lock-elder.js';
import { lockBedWithin } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';
import { endHolds, takeable } from './take-bed.js';

export interface HoldWanted extends Acting {
  /** An unused id. */
  id: number;
  requestId: string;
  bedId: number;
  elderId: number;
  from: Day;
  expiresAt: Date;
  /** Why others who wait are passed over. */
  skipReason?: string | null;
}

/**
 * Keeps a bed for an elder from a day on, until an instant. Nothing has to happen then: from it on the hold counts no
 * more, whether a server runs or not. An elder has one hold at a time, and gets it past
 * the line no more than a stay: the line is asked here, and not again when the elder comes.
 */
export async function holdBed(
  manager: EntityManager,
  wanted: HoldWanted,
  reach: BedReach,
): Promise<Stay | BedRefusal> {
  const { id, requestId, bedId, elderId, from, expiresAt, byId, now } = wanted;
  const today = dayOf(now);
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const skipReason = noteOf(wanted.skipReason);
  if (skipReason === undefined) return refuseBed('NOTE_INVALID', ['skipReason']);
  const requested: BedRequested = {
    requestId,
    operation: 'HOLD',
    content: [bedId, elderId, from, expiresAt.getTime(), ...(skipReason === null ? [] : [skipReason])],
  };
  const elder = await lockElderFor(manager, elderId, reach, wanted);
  const bed = await lockBedWithin(manager, bedId, reach.beds, today);
  if (!bed) return refuseBed('BED_NOT_FREE', ['bedId']);
  if (!elder) return refuseBed('ELDER_NOT_ACTIVE', ['elderId']);
  const asked = { facilityId: bed.facilityId, bedType: bed.type, on: today };
  const { terms, earlier } = await termsAndAnswer(manager, asked, requested);
  if (earlier) return 'rowId' in earlier ? ((await stayById(manager, earlier.rowId, now)) as Stay) : earlier;
  const wrongDay = dayFault(from, { today, back: 0 });
  if (wrongDay) return refuseBed('DAY_OUT_OF_RANGE', ['from'], wrongDay);
  const tooLong = expiryFault(wanted, terms.holdDaysMax, today);
  if (tooLong) return tooLong;
  const result = await takeable(manager, { bed, elder, from, to: null, terms, now }, 'ONE_HOLD');
  if ('refused' in result) return result;
  const line = await lineAdmission(manager, { bed, elder, from, terms, now, skipReason, holdId: undefined });
  if ('refused' in line) return line;
  await insertRows(
    manager,
    'bed_hold',
    ['id', 'bedId', 'facilityId', 'elderId', 'fromDay', 'expiresAt', 'expiresOn', 'heldAt', 'heldById'],
    [[id, bedId, bed.facilityId, elderId, from, expiresAt.getTime(), dayOf(expiresAt), now.getTime(), byId]],
  );
  await keepSkipped(manager, { id, byId, now }, line, skipReason);
  announceBoards(manager, [bed.facilityId]);
  await keepAnswer(manager, requested, id, now);
  return (await stayById(manager, id, now)) as Stay;
}

/** A hold ends after now, not before its first day, and no later than its limit. */
function expiryFault(
  { from, expiresAt, now }: HoldWanted,
  holdDaysMax: number,
  today: Day,
): BedRefusal | undefined {
  if (expiresAt <= now || dayOf(expiresAt) < from) {
    const text = {
      zh: '须晚于现在，且不早于入住首日',
      en: 'must be later than now, and not before the first day',
    };
    return refuseBed('DAY_OUT_OF_RANGE', ['expiresAt'], text);
  }
  const last = addDays(today, holdDaysMax);
  if (expiresAt < instantOn(addDays(last, 1), 0)) return undefined;
  const text = {
    zh: `至多保留 ${holdDaysMax} 天，即至 ${last}`,
    en: `A bed is held for ${holdDaysMax} days at most, to the end of ${last}`,
  };
  return refuseBed('HOLD_TOO_LONG', ['expiresAt'], text);
}

/** Ends a hold before it expires; again is as once. One that has ended otherwise stays as it is. */
export async function releaseHold(
  manager: EntityManager,
  { id, now, byId }: { id: number } & Acting,
  reach: BedReach,
): Promise<Stay | BedRefusal> {
  const today = dayOf(now);
  const seen = await stayById(manager, id, now);
  const elder = await lockElderFor(manager, seen?.elderId ?? 0, reach, { now, byId });
  const bed = await lockBedWithin(manager, seen?.bedId ?? 0, reach.beds, today);
  if (!elder || !bed) return refuseBed('STAY_UNKNOWN', ['stayId']);
  const hold = await stayById(manager, id, now);
  if (hold?.kind !== 'HOLD') return refuseBed('WRONG_STATE', ['stayId']);
  const [row]: { endKind: string | null }[] = await manager.query(
    'SELECT endKind FROM bed_hold WHERE id = ?',
    [id],
  );
  if (row?.endKind === 'RELEASED') return hold;
  if (row?.endKind !== null || (hold.expiresAt ?? now) <= now) return refuseBed('HOLD_EXPIRED', ['stayId']);
  await endHolds(manager, [{ id, facilityId: hold.facilityId }], 'RELEASED', { now, today });
  // Whoever takes an offer back has plans of its own for the bed.
  await manager.query("UPDATE bed_offer SET passOnAt = NULL, passedOnAs = 'TAKEN_BACK' WHERE id = ?", [id]);
  return (await stayById(manager, id, now)) as Stay;
}
