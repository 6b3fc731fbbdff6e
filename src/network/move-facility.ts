import type { EntityManager } from 'typeorm';
import type { Facility } from '../../entities/network/facility.entity.js';
import { FacilityPlacement } from '../../entities/network/facility-placement.entity.js';
import type { Day } from '../shared/china-time.js';
import { type FacilityRefusal, refusals } from './facility-refusals.js';
import { facilitiesById } from './find-facilities.js';
import { lockTree } from './lock-tree.js';
import {
  earlierEnd,
  isInAnEarlierMonth,
  isOpenThroughout,
  misfit,
  type Placement,
  placementToCut,
} from './placement.rules.js';
import { coveredAmong, type Scope } from './scope.js';
import { withEverAbove } from './tree.js';

export interface Move {
  facilityId: number;
  parentId: number;
  /** The first day beneath the new parent. */
  on: Day;
}

/**
 * Places a facility, and with it everything beneath it, beneath another parent from a day on: the placement
 * of that day ends and the next begins, and a move that is already planned for later stays planned. The day
 * lies after the first day of today's placement, in this month or later: last month stays what it was. Refusals: FACILITY_UNKNOWN and
 * PARENT_UNKNOWN, also outside `scope`, ALREADY_CLOSED, DATE_OUT_OF_RANGE, ALREADY_THERE, WOULD_BE_A_CYCLE,
 * KIND_NOT_ALLOWED_HERE, DIVISION_CODE_INVALID, PARENT_NOT_OPEN.
 */
export async function moveFacility(
  manager: EntityManager,
  move: Move,
  scope: Scope,
  today: Day,
): Promise<Facility | FacilityRefusal> {
  const { facilityId, parentId, on } = move;
  await lockTree(manager);
  const facilities = await facilitiesById(manager, [facilityId, parentId]);
  const covered = await coveredAmong(manager, scope, [facilityId, parentId], today);
  const facility = covered.has(facilityId) ? facilities.get(facilityId) : undefined;
  const parent = covered.has(parentId) ? facilities.get(parentId) : undefined;
  if (!facility) return refusals.facilityUnknown(['id']);
  if (facility.closedOn !== null && facility.closedOn <= on) return refusals.alreadyClosed(['id']);
  if (!parent) return refusals.parentUnknown(['parentId']);
  if (facility.kind === 'CITY_CENTER') return refusalOfRoot(manager, move);

  if (isInAnEarlierMonth(on, today)) return refusals.earlierMonth(['on']);
  const cut = placementToCut(await placementsOf(manager, facilityId), on, today);
  if (!cut) {
    const zh = '须晚于当前隶属关系的起始日，且不得为已有变更的日期';
    const en =
      'It must lie after the first day of the present placement, and on no day that has a move already';
    return refusals.dateOutOfRange(['on'], zh, en);
  }
  const refusal = await refusalOf(manager, facility, parent, on, cut);
  if (refusal) return refusal;
  await manager.update(FacilityPlacement, { id: cut.id }, { toDay: on });
  await manager.insert(FacilityPlacement, { facilityId, parentId, fromDay: on, toDay: cut.toDay });
  return facility;
}

/** A root never moves; only the reason differs. */
async function refusalOfRoot(manager: EntityManager, move: Move): Promise<FacilityRefusal> {
  if (await isEverAbove(manager, move.facilityId, move.parentId, move.on, null)) {
    return refusals.wouldBeACycle(['parentId']);
  }
  return refusals.kindNotAllowedHere(['parentId'], 'CITY_CENTER');
}

async function refusalOf(
  manager: EntityManager,
  facility: Facility,
  parent: Facility,
  on: Day,
  cut: Placement,
): Promise<FacilityRefusal | undefined> {
  const field = ['parentId'];
  if (cut.parentId === parent.id) return refusals.alreadyThere(field);
  if (await isEverAbove(manager, facility.id, parent.id, on, cut.toDay)) return refusals.wouldBeACycle(field);
  const refusal = misfit(facility, parent, { parent: field, division: field });
  if (refusal) return refusal;
  const until = earlierEnd(cut.toDay, facility.closedOn);
  return isOpenThroughout(parent, on, until) ? undefined : refusals.parentNotOpen(field);
}

async function placementsOf(manager: EntityManager, facilityId: number): Promise<Placement[]> {
  return manager.query(
    `SELECT id, parentId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay
       FROM facility_placement WHERE facilityId = ? ORDER BY fromDay`,
    [facilityId],
  );
}

/**
 * True when, on some day of [fromDay, toDay), `facilityId` is `parentId` itself or stands above it. All those
 * days are asked, because a move that is already planned may close a circle later.
 */
async function isEverAbove(
  manager: EntityManager,
  facilityId: number,
  parentId: number,
  fromDay: Day,
  toDay: Day | null,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `${withEverAbove('SELECT ?, ?, ?, ?, 0')}
     SELECT startId FROM above WHERE ancestorId = startId LIMIT 1`,
    [facilityId, parentId, fromDay, toDay ?? '9999-12-31'],
  );
  return rows.length > 0;
}
