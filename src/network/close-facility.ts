import type { EntityManager } from 'typeorm';
import { Facility } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';
import { type FacilityRefusal, refusals } from './facility-refusals.js';
import { facilityById } from './find-facilities.js';
import { lockTree } from './lock-tree.js';
import { isInAnEarlierMonth } from './placement.rules.js';
import { covers, type Scope } from './scope.js';

/**
 * What another area says against a closing, in the same transaction: why the facility is in use on that day or later, or
 * nothing. It locks what it asks about, so that nothing comes into use before the closing is written.
 */
export type BeforeClosing = (
  manager: EntityManager,
  closing: { facilityId: number; on: Day },
) => Promise<Text | undefined>;

/**
 * Closes a facility from a day on, of this month or later. It keeps its place in the tree, so that what happened
 * there still counts where it happened. Refusals: FACILITY_UNKNOWN, also outside `scope`, ALREADY_CLOSED,
 * DATE_OUT_OF_RANGE when it would never have been open or last month would change, NOT_EMPTY, also when `before` finds
 * it in use.
 */
export async function closeFacility(
  manager: EntityManager,
  input: { facilityId: number; on: Day },
  scope: Scope,
  today: Day,
  before: readonly BeforeClosing[] = [],
): Promise<Facility | FacilityRefusal> {
  const { facilityId, on } = input;
  await lockTree(manager);
  const facility = await facilityById(manager, facilityId);
  if (!facility || !(await covers(manager, scope, facilityId, today)))
    return refusals.facilityUnknown(['id']);
  if (facility.closedOn !== null) return refusals.alreadyClosed(['id']);
  if (on <= facility.openedOn) {
    const zh = `须晚于开办日 ${facility.openedOn}`;
    const en = `It must lie after ${facility.openedOn}, the day it opened`;
    return refusals.dateOutOfRange(['on'], zh, en);
  }
  if (isInAnEarlierMonth(on, today)) return refusals.earlierMonth(['on']);
  if (await hasOpenChildFrom(manager, facilityId, on)) return refusals.notEmpty(['on']);
  for (const each of before) {
    const use = await each(manager, { facilityId, on });
    if (use) return refusals.inUse(['on'], use);
  }
  await manager.update(Facility, { id: facilityId }, { closedOn: on });
  return { ...facility, closedOn: on };
}

/** True when on `day` or later an open facility stands beneath it: planned moves to here count. */
async function hasOpenChildFrom(manager: EntityManager, facilityId: number, day: Day): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT child.id
       FROM facility_placement placement
       JOIN facility child ON child.id = placement.facilityId
      WHERE placement.parentId = ? AND (placement.toDay IS NULL OR placement.toDay > ?)
        AND (child.closedOn IS NULL OR (child.closedOn > ? AND child.closedOn > placement.fromDay))
      LIMIT 1`,
    [facilityId, day, day],
  );
  return rows.length > 0;
}
