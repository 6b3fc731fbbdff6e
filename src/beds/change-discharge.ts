import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { ownReasons } from './discharge.js';
import { termsOn } from './leave-stay.js';
import type { Acting, BedReach } from './lock-elder.js';
import { type LockedStay, lockStay } from './lock-stay.js';
import { type Stay, stayById } from './read-stays.js';
import { endFault } from './stay-steps.rules.js';
import { endHolds, takeable } from './take-bed.js';
import { tellOfStay } from './write-stay.js';

export interface DischargeChange extends Acting {
  stayId: number;
  /** The new first day that is no longer part of the stay; null when the resident stays on. */
  on: Day | null;
}

/**
 * Moves the end of a stay that lies ahead, or takes it back; the reason and what was said stay as they were. A leave that
 * would have lasted until the end lasts until the new one. A stay that gets longer needs its bed free on the days that it
 * gains, and its resident no bed elsewhere. The end by a transfer belongs to the stay that begins there.
 */
export async function changeDischarge(
  manager: EntityManager,
  { stayId, on, byId, now }: DischargeChange,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const found = await lockStay(manager, stayId, reach, { byId, now });
  if ('refused' in found) return found;
  const { locked } = found;
  const { stay } = locked;
  const today = dayOf(now);
  const fixed: readonly (string | null)[] = Object.values(ownReasons);
  if (stay.kind !== 'STAY' || stay.to === null || stay.to <= today || fixed.includes(stay.endReason)) {
    const text = { zh: '该入住没有可更改的离院计划', en: 'No discharge of this stay lies ahead' };
    return refuseBed('WRONG_STATE', ['stayId'], text);
  }
  const wrong = await whyNotThen(manager, locked, on, now);
  if (wrong) return wrong;
  if (on === null || on > stay.to) {
    const taking = { ...locked, from: stay.to, to: on, now, without: [stayId], asksLevel: false };
    const terms = await termsOn(manager, locked, stay.to);
    const result = await takeable(manager, { ...taking, terms }, 'HOLDS_END');
    if ('refused' in result) return result;
    await endHolds(manager, result.holds, 'RELEASED', { now, today });
  }
  await writeEnd(manager, locked, on, byId, now);
  announceBoards(manager, [stay.facilityId]);
  const changed = { elderId: locked.elder.id, fromDay: on ?? stay.to, toDay: null };
  await tellOfStay(manager, changed, today, afterwards);
  return (await stayById(manager, stayId, now)) as Stay;
}

/** What the stay and the day say against it; leaves that lasted until the old end go with it. */
async function whyNotThen(
  manager: EntityManager,
  locked: LockedStay,
  on: Day | null,
  now: Date,
): Promise<BedRefusal | undefined> {
  if (on === null) return undefined;
  const { stay, chargedUntil } = locked;
  const leaves = locked.leaves.map((leave) => ({
    ...leave,
    toDay: leave.toDay === stay.to ? null : leave.toDay,
  }));
  const terms = await termsOn(manager, locked, on);
  const open = { kind: stay.kind, from: stay.from, to: null };
  return endFault({ stay: open, leaves, chargedUntil, on, today: dayOf(now), terms });
}

async function writeEnd(
  manager: EntityManager,
  { stay }: LockedStay,
  on: Day | null,
  byId: number,
  now: Date,
): Promise<void> {
  await manager.query(
    'UPDATE stay_leave SET toDay = ?, openStayId = ? WHERE stayId = ? AND toDay = ? AND fromDay < ?',
    [on, on === null ? stay.id : null, stay.id, stay.to, stay.to],
  );
  if (on !== null) {
    await manager.query('UPDATE bed_stay SET toDay = ?, endedAt = ?, endedById = ? WHERE id = ?', [
      on,
      now.getTime(),
      byId,
      stay.id,
    ]);
    return;
  }
  await manager.query(
    `UPDATE bed_stay SET toDay = NULL, openBedId = bedId, openElderId = elderId, endReason = NULL, endNoteSealed = NULL,
            endedAt = NULL, endedById = NULL
      WHERE id = ?`,
    [stay.id],
  );
}
