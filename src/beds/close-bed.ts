import type { EntityManager } from 'typeorm';
import type { OutOfServiceReason } from '../../entities/beds/bed-out-of-service.entity.js';
import type { Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { insertRows } from '../shared/statements.js';
import { type DaySpan, dayFault } from './bed.rules.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import type { Acting } from './lock-elder.js';
import { type FoundBed, lockBedWithin } from './read-beds.js';
import { claimsOn, whyNotFree } from './who-has.js';

/** How late it may be entered that a bed is closed or open again, in days. */
const entryDaysBackMax = 31;

export interface ClosureWanted extends Acting {
  bedId: number;
  from: Day;
  /** The first day on which it is in service again; null when nobody knows. */
  to: Day | null;
  reason: OutOfServiceReason;
}

/** Takes a bed out of service for a time, for a reason. Nobody may have it, or be expected in it, on those days. */
export async function closeBed(
  manager: EntityManager,
  { bedId, from, to, reason, byId, now }: ClosureWanted,
  scope: Scope,
): Promise<FoundBed | BedRefusal> {
  const today = dayOf(now);
  const bed = await lockBedWithin(manager, bedId, scope, today);
  if (!bed) return refuseBed('BED_NOT_FREE', ['bedId']);
  const range = dayFault(from, { today, back: entryDaysBackMax });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  if (to !== null && to <= from) return refuseBed('DAY_OUT_OF_RANGE', ['to'], afterFrom);
  const why = await whyTaken(manager, bed, { from, to }, now);
  if (why) return why;
  await insertRows(
    manager,
    'bed_out_of_service',
    ['bedId', 'facilityId', 'openBedId', 'fromDay', 'toDay', 'reason', 'recordedAt', 'recordedById'],
    [[bedId, bed.facilityId, to === null ? bedId : null, from, to, reason, now.getTime(), byId]],
  );
  announceBoards(manager, [bed.facilityId]);
  return bed;
}

const afterFrom = { zh: '须晚于首日', en: 'must be after the first day' };

/** Who has the bed, is expected in it, or has closed it already. */
async function whyTaken(
  manager: EntityManager,
  bed: FoundBed,
  { from, to }: DaySpan,
  now: Date,
): Promise<BedRefusal | undefined> {
  const claims = await claimsOn(manager, { bedId: bed.id, elderId: 0, from, to }, now);
  // A bed that is registered for some of the days only can be closed on them all.
  const registered = { ...bed, inServiceFrom: from, closedOn: null, facilityClosedOn: null };
  const text = whyNotFree(registered, { from, to }, claims);
  return text && refuseBed('BED_NOT_FREE', ['bedId'], text);
}

/** Puts a bed that is out of service back from a day on; the day on which it was closed takes that back. */
export async function openBed(
  manager: EntityManager,
  { bedId, on, now }: { bedId: number; on: Day } & Acting,
  scope: Scope,
): Promise<FoundBed | BedRefusal> {
  const today = dayOf(now);
  const bed = await lockBedWithin(manager, bedId, scope, today);
  if (!bed) return refuseBed('BED_NOT_FREE', ['bedId']);
  const range = dayFault(on, { today, back: entryDaysBackMax });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['on'], range);
  const [period]: { id: number; fromDay: Day }[] = await manager.query(
    `SELECT id, CAST(fromDay AS CHAR) AS fromDay FROM bed_out_of_service
      WHERE bedId = ? AND fromDay <= ? AND (toDay IS NULL OR toDay > ?)`,
    [bedId, on, on],
  );
  if (!period) {
    const text = { zh: '该床位当日并未停用', en: 'The bed is not out of service on that day' };
    return refuseBed('WRONG_STATE', ['on'], text);
  }
  await manager.query('UPDATE bed_out_of_service SET toDay = ?, openBedId = NULL WHERE id = ?', [
    on,
    period.id,
  ]);
  announceBoards(manager, [bed.facilityId]);
  return bed;
}
