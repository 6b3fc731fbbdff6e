import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { covers, nowhere } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { admissionTerms } from './admission-terms.js';
import { noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedRequested, earlierAnswer, keepAnswer, requestIdFault } from './bed-requests.js';
import { ownReasons } from './discharge.js';
import { termsOn } from './leave-stay.js';
import { keepSkipped, type LineAdmission, lineAdmission } from './line-check.js';
import type { Acting, BedReach } from './lock-elder.js';
import { type LockedStay, lockStay } from './lock-stay.js';
import { bedName, type FoundBed } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';
import { endFault } from './stay-steps.rules.js';
import { endHolds, takeable } from './take-bed.js';
import { beginStay, endStay, isInstitutional, tellOfStay } from './write-stay.js';

export interface TransferWanted extends Acting {
  /** An unused id. */
  id: number;
  requestId: string;
  stayId: number;
  bedId: number;
  /** The first day in the new bed. */
  on: Day;
  /** Why others who wait at the other facility are passed over. */
  skipReason?: string | null;
}

/**
 * Moves a resident to another bed within reach: the old stay ends and the new one begins on that day, or nothing changes.
 * Where the new bed is another facility's, whoever does it looks after both.
 */
export async function transferStay(
  manager: EntityManager,
  wanted: TransferWanted,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { requestId, stayId, bedId, on, now } = wanted;
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const skipReason = noteOf(wanted.skipReason);
  if (skipReason === undefined) return refuseBed('NOTE_INVALID', ['skipReason']);
  const content = [stayId, bedId, on, ...(skipReason === null ? [] : [skipReason])];
  const requested: BedRequested = { requestId, operation: 'TRANSFER', content };
  const found = await lockStay(manager, stayId, reach, wanted, [bedId]);
  if ('refused' in found) return found;
  const earlier = await earlierAnswer(manager, requested);
  if (earlier) return 'rowId' in earlier ? ((await stayById(manager, earlier.rowId, now)) as Stay) : earlier;
  const bed = found.beds.get(bedId);
  const isCovered = await covers(manager, reach.beds, bed?.facilityId ?? nowhere, dayOf(now));
  const move = { ...wanted, skipReason, locked: found.locked, bed: bed && isCovered ? bed : undefined };
  const fault = await whyNotMoved(manager, move);
  if (fault) return fault;
  const moved = await moveStay(manager, { ...move, bed: bed as FoundBed }, afterwards);
  if ('refused' in moved) return moved;
  await keepAnswer(manager, requested, moved.id, now);
  return moved;
}

export interface Move extends Acting {
  id: number;
  locked: LockedStay;
  /** Undefined when there is no such bed in reach. */
  bed: FoundBed | undefined;
  on: Day;
  /** Why others who wait there are passed over; null when nothing is said. */
  skipReason: string | null;
  /** The question that the move answers. */
  transferId?: number;
}

/** What the stay itself and the day say against it. */
export async function whyNotMoved(
  manager: EntityManager,
  { locked, bed, on, now }: Move,
): Promise<BedRefusal | undefined> {
  const { stay, leaves, chargedUntil } = locked;
  const terms = await termsOn(manager, locked, on);
  const fault = endFault({ stay, leaves, chargedUntil, on, today: dayOf(now), terms });
  if (fault) return fault;
  if (leaves.some(({ toDay }) => toDay === null)) {
    const text = { zh: '该老人正在请假，须先销假', en: 'The resident is on leave, which has to end first' };
    return refuseBed('WRONG_STATE', ['stayId'], text);
  }
  if (!bed) return refuseBed('BED_NOT_FREE', ['bedId']);
  if (bed.id !== stay.bedId) return undefined;
  const { zh, en } = bedName(bed);
  return refuseBed('BED_NOT_FREE', ['bedId'], { zh: `已在${zh}`, en: `${en} is the resident's bed already` });
}

const nobodySkipped: LineAdmission = { skipped: [], waits: false };

/** Ends the old stay and begins the new one; elder and both beds are locked, and whyNotMoved has found nothing. */
export async function moveStay(
  manager: EntityManager,
  move: Move & { bed: FoundBed },
  afterwards: readonly AfterStay[],
): Promise<Stay | BedRefusal> {
  const { id, locked, bed, on, byId, now, skipReason, transferId = 0 } = move;
  const { stay, elder, bed: oldBed } = locked;
  const today = dayOf(now);
  const { facilityId, type } = bed;
  const terms = await admissionTerms(manager, { facilityId, bedType: type, on });
  const isLikeBefore = oldBed.type === type && oldBed.facilityId === facilityId;
  const taking = { bed, elder, from: on, to: null, terms, now, without: [stay.id], asksLevel: !isLikeBefore };
  const result = await takeable(manager, taking, 'HOLDS_END');
  if ('refused' in result) return result;
  // Among the beds of one facility residents move as it sees fit; into another one they come as everybody does.
  const asksLine = facilityId !== oldBed.facilityId;
  const line = asksLine
    ? await lineAdmission(manager, { bed, elder, from: on, terms, now, skipReason, holdId: undefined })
    : nobodySkipped;
  if ('refused' in line) return line;
  await endHolds(manager, result.holds, 'RELEASED', { now, today });
  const end = {
    id: stay.id,
    facilityId: stay.facilityId,
    on,
    reason: ownReasons.transfer,
    note: null,
    byId,
    now,
  };
  await endStay(manager, { ...end, answeredTransferId: transferId });
  await beginStay(manager, {
    id,
    bedId: bed.id,
    facilityId,
    elderId: elder.id,
    from: on,
    admittedOn: stay.admittedOn ?? stay.from,
    previousStayId: stay.id,
    contractSignedOn: facilityId === oldBed.facilityId ? stay.contractSignedOn : null,
    trialEndsOn: stay.trialEndsOn ?? on,
    byId,
    now,
  });
  await keepSkipped(manager, { id, byId, now }, line, skipReason);
  if (isInstitutional(type) !== isInstitutional(oldBed.type)) {
    await tellOfStay(manager, { elderId: elder.id, fromDay: on, toDay: null }, today, afterwards);
  }
  return (await stayById(manager, id, now)) as Stay;
}
