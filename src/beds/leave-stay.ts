import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { AfterStay } from '../elders/institution-stays.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { insertRows } from '../shared/statements.js';
import { admissionTerms } from './admission-terms.js';
import { announceBoards } from './bed-news.js';
import type { BedRefusal } from './bed-refusals.js';
import type { Acting, BedReach } from './lock-elder.js';
import { type LockedStay, lockStay } from './lock-stay.js';
import { type Stay, stayById } from './read-stays.js';
import { type LeaveSpan, leaveDaysUsed, leaveFault, returnFault } from './stay-steps.rules.js';
import { isInstitutional, tellOfStay } from './write-stay.js';

export interface LeaveWanted extends Acting {
  /** An unused id. */
  id: number;
  stayId: number;
  on: Day;
  kind: LeaveKind;
  expectedBackOn: Day | null;
}

/** The resident goes away for a time, and the bed is kept, up to so many days of a year. */
export async function startLeave(
  manager: EntityManager,
  wanted: LeaveWanted,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { id, stayId, on, kind, expectedBackOn, byId, now } = wanted;
  const today = dayOf(now);
  const found = await lockStay(manager, stayId, reach, wanted);
  if ('refused' in found) return found;
  const { stay, leaves, chargedUntil, bed } = found.locked;
  const terms = await termsOn(manager, found.locked, on);
  const earlier = await leavesOfYear(manager, found.locked, on);
  const daysMax = kind === 'HOME' ? terms.homeLeaveDaysMax : terms.hospitalLeaveDaysMax;
  const limit = { daysMax, daysUsed: leaveDaysUsed(earlier, kind, on) };
  const fault = leaveFault({ stay, leaves, chargedUntil, on, today, terms, kind, expectedBackOn, limit });
  if (fault) return fault;
  await insertRows(
    manager,
    'stay_leave',
    [
      'id',
      'stayId',
      'openStayId',
      'facilityId',
      'kind',
      'fromDay',
      'expectedBackOn',
      'startedAt',
      'startedById',
    ],
    [[id, stayId, stayId, bed.facilityId, kind, on, expectedBackOn, now.getTime(), byId]],
  );
  announceBoards(manager, [bed.facilityId]);
  if (changesHome(kind, bed.type)) {
    await tellOfStay(manager, { elderId: stay.elderId, fromDay: on, toDay: null }, today, afterwards);
  }
  return (await stayById(manager, stayId, now)) as Stay;
}

/** The resident is back from a day on. On the day on which the leave began, it is taken back. */
export async function endLeave(
  manager: EntityManager,
  { stayId, on, byId, now }: { stayId: number; on: Day } & Acting,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const today = dayOf(now);
  const found = await lockStay(manager, stayId, reach, { byId, now });
  if ('refused' in found) return found;
  const { stay, leaves, chargedUntil, bed } = found.locked;
  const terms = await termsOn(manager, found.locked, on);
  const fault = returnFault({ stay, leaves, chargedUntil, on, today, terms });
  if (fault) return fault;
  await manager.query('UPDATE stay_leave SET toDay = ?, openStayId = NULL WHERE openStayId = ?', [
    on,
    stayId,
  ]);
  announceBoards(manager, [bed.facilityId]);
  if (leaves.some(({ toDay, kind }) => toDay === null && changesHome(kind, bed.type))) {
    await tellOfStay(manager, { elderId: stay.elderId, fromDay: on, toDay: null }, today, afterwards);
  }
  return (await stayById(manager, stayId, now)) as Stay;
}

/**
 * Whether a leave is news to whoever pays for meals: at home one is subsidised again, and in hospital no more, where one
 * is not for good in the bed that one comes from.
 */
function changesHome(kind: LeaveKind, bedType: BedType): boolean {
  return (kind === 'HOSPITAL') !== isInstitutional(bedType);
}

export function termsOn(manager: EntityManager, { bed }: LockedStay, on: Day) {
  return admissionTerms(manager, { facilityId: bed.facilityId, bedType: bed.type, on });
}

/** The resident's leaves at this facility in the calendar year of a day, from whichever bed. */
async function leavesOfYear(manager: EntityManager, { stay }: LockedStay, on: Day): Promise<LeaveSpan[]> {
  return manager.query(
    `SELECT l.kind, CAST(l.fromDay AS CHAR) AS fromDay, CAST(l.toDay AS CHAR) AS toDay
       FROM bed_stay s JOIN stay_leave l ON l.stayId = s.id
      WHERE s.elderId = ? AND s.facilityId = ? AND l.fromDay < ? AND (l.toDay IS NULL OR l.toDay > ?)`,
    [stay.elderId, stay.facilityId, on, `${on.slice(0, 4)}-01-01`],
  );
}
