import type { EntityManager } from 'typeorm';
import type { Facility, FacilityKind } from '../../entities/network/facility.entity.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { facilityColumns } from './find-facilities.js';
import { holdsOnDay, openOnDay, type SqlPart } from './tree.js';

/** Which page of children: of this kind (of all without it), the first `rowsMax` after the id `afterId`. */
export interface ChildrenPage {
  kind: FacilityKind | undefined;
  afterId: number;
  rowsMax: number;
}

/**
 * The same page of the open facilities that stand directly beneath each parent today, in the order of their
 * ids. One statement for all parents.
 */
export async function childrenOf(
  manager: EntityManager,
  parentIds: readonly number[],
  page: ChildrenPage,
  today: Day,
): Promise<Map<number, Facility[]>> {
  const children = new Map<number, Facility[]>(parentIds.map((id) => [id, []]));
  if (parentIds.length === 0) return children;
  const beneath = directlyBeneath(parentIds, page.kind, today);
  const rows: (Facility & { parentId: number; turn: number | string })[] = await manager.query(
    `SELECT * FROM (
       SELECT placement.parentId, ${facilityColumns('facility')},
              ROW_NUMBER() OVER (PARTITION BY placement.parentId ORDER BY facility.id) AS turn
         ${beneath.sql} AND facility.id > ?
     ) numbered
     WHERE turn <= ? ORDER BY parentId, id`,
    [...beneath.parameters, page.afterId, page.rowsMax],
  );
  for (const { parentId, turn: _turn, ...facility } of rows) children.get(parentId)?.push(facility);
  return children;
}

/** How many open facilities of this kind (of all without it) stand directly beneath each parent today. */
export async function countChildren(
  manager: EntityManager,
  parentIds: readonly number[],
  kind: FacilityKind | undefined,
  today: Day,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>(parentIds.map((id) => [id, 0]));
  if (parentIds.length === 0) return counts;
  const beneath = directlyBeneath(parentIds, kind, today);
  const rows: { parentId: number; count: number | string }[] = await manager.query(
    `SELECT placement.parentId, COUNT(*) AS count ${beneath.sql} GROUP BY placement.parentId`,
    beneath.parameters,
  );
  for (const { parentId, count } of rows) counts.set(parentId, Number(count));
  return counts;
}

function directlyBeneath(parentIds: readonly number[], kind: FacilityKind | undefined, today: Day): SqlPart {
  return {
    sql: `FROM facility_placement placement
          JOIN facility ON facility.id = placement.facilityId
         WHERE placement.parentId IN (${placeholders(parentIds)})
           AND ${holdsOnDay('placement')} AND ${openOnDay('facility')}
           ${kind === undefined ? '' : 'AND facility.kind = ?'}`,
    parameters: [...parentIds, today, today, today, today, ...(kind === undefined ? [] : [kind])],
  };
}
