import type { EntityManager } from 'typeorm';
import { type BedType, bedTypes } from '../../entities/beds/bed.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { dayFault } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import type { Acting } from './lock-elder.js';
import { lockBedWithin } from './read-beds.js';

/** The most that a day in a bed may cost, in fen. */
export const fenPerDayMax = 1_000_000;

export interface FeeSet {
  facilityId: number;
  bedType: BedType;
  bedId: number | null;
  from: Day;
  fenPerDay: number | null;
}

export interface FeeWanted extends Acting {
  facilityId: number;
  bedType: BedType;
  /** One bed, in the place of its type's fee; null for all beds of the type. */
  bedId: number | null;
  from: Day;
  /** Null ends a bed's own fee. */
  fenPerDay: number | null;
}

/** Sets what a day costs from a day on, today or later: what has been is charged as it was. */
export async function setBedFee(
  manager: EntityManager,
  wanted: FeeWanted,
  scope: Scope,
): Promise<FeeSet | BedRefusal> {
  const { facilityId, bedId, from, fenPerDay, byId, now } = wanted;
  const today = dayOf(now);
  await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [facilityId]);
  const isCovered = await covers(manager, scope, facilityId, today);
  const bed = bedId === null ? undefined : await lockBedWithin(manager, bedId, scope, today);
  const isKnown =
    isCovered && (bedId === null ? await hasBeds(manager, wanted) : bed?.facilityId === facilityId);
  if (!isKnown) return refuseBed('BED_NOT_FREE', [bedId === null ? 'facilityId' : 'bedId']);
  const range = dayFault(from, { today, back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  const isMissing = fenPerDay === null && bedId === null;
  if (isMissing || (fenPerDay !== null && (fenPerDay < 0 || fenPerDay > fenPerDayMax))) {
    return refuseBed('FEE_OUT_OF_RANGE', ['fenPerDay']);
  }
  const bedType = bed?.type ?? wanted.bedType;
  const [table, keys, values] =
    bedId === null
      ? (['bed_fee', ['facilityId', 'bedType'], [facilityId, bedType]] as const)
      : (['bed_own_fee', ['bedId'], [bedId]] as const);
  const where = keys.map((key) => `${key} = ?`).join(' AND ');
  await manager.query(`DELETE FROM ${table} WHERE ${where} AND fromDay = ?`, [...values, from]);
  await insertRows(
    manager,
    table,
    [...keys, 'fromDay', 'fenPerDay', 'setAt', 'setById'],
    [[...values, from, fenPerDay, now.getTime(), byId]],
  );
  return { facilityId, bedType, bedId, from, fenPerDay };
}

async function hasBeds(manager: EntityManager, { facilityId, bedType }: FeeWanted): Promise<boolean> {
  if (!bedTypes.includes(bedType)) return false;
  const rows: unknown[] = await manager.query(
    'SELECT id FROM bed WHERE facilityId = ? AND type = ? LIMIT 1',
    [facilityId, bedType],
  );
  return rows.length > 0;
}
