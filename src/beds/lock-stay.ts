import type { EntityManager } from 'typeorm';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { covers, nowhere } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type Acting, type BedElder, type BedReach, lockElderFor } from './lock-elder.js';
import { type FoundBed, lockBeds } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';

/** A leave of a stay, one that holds no day left out. */
export interface Leave {
  id: number;
  kind: LeaveKind;
  fromDay: Day;
  toDay: Day | null;
  expectedBackOn: Day | null;
}

/** A stay whose elder and bed are locked, and all that its next step depends on. */
export interface LockedStay {
  stay: Stay;
  elder: BedElder;
  bed: FoundBed;
  /** In the order of their first days. */
  leaves: readonly Leave[];
  /** The first day that is on no bill; null when none was made. */
  chargedUntil: Day | null;
}

/**
 * Locks the elder of a stay, then its bed and `bedIds`, in the order in which everything does, and reads the stay. One
 * whose bed lies out of reach is as unknown.
 */
export async function lockStay(
  manager: EntityManager,
  stayId: number,
  reach: BedReach,
  acting: Acting,
  bedIds: readonly number[] = [],
): Promise<{ locked: LockedStay; beds: ReadonlyMap<number, FoundBed> } | BedRefusal> {
  const seen = await stayById(manager, stayId, acting.now);
  // Whoever has the bed in reach has its elder.
  const elder = await lockElderFor(manager, seen?.elderId ?? nowhere, { ...reach, elders: [] }, acting);
  const beds = await lockBeds(manager, [...new Set([seen?.bedId ?? nowhere, ...bedIds])]);
  const bed = beds.get(seen?.bedId ?? nowhere);
  const isCovered = await covers(manager, reach.beds, bed?.facilityId ?? nowhere, dayOf(acting.now));
  const stay = await stayById(manager, stayId, acting.now);
  if (!isCovered || !elder || !bed || !stay) return refuseBed('STAY_UNKNOWN', ['stayId']);
  const leaves = await leavesOf(manager, stayId);
  return { locked: { stay, elder, bed, leaves, chargedUntil: await chargedUntil(manager, stayId) }, beds };
}

export async function leavesOf(manager: EntityManager, stayId: number): Promise<Leave[]> {
  const rows: (Omit<Leave, 'id'> & { id: number | string })[] = await manager.query(
    `SELECT id, kind, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay,
            CAST(expectedBackOn AS CHAR) AS expectedBackOn
       FROM stay_leave WHERE stayId = ? AND (toDay IS NULL OR toDay > fromDay) ORDER BY fromDay`,
    [stayId],
  );
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

async function chargedUntil(manager: EntityManager, stayId: number): Promise<Day | null> {
  const [row]: { untilDay: Day | null }[] = await manager.query(
    'SELECT CAST(MAX(untilDay) AS CHAR) AS untilDay FROM stay_charge WHERE stayId = ?',
    [stayId],
  );
  return row?.untilDay ?? null;
}
