import { type FacilityKind, facilityKinds } from '../../entities/network/facility.entity.js';
import type { SelectCheck } from '../shared/audit-check.js';
import { kindRules } from './facility-kinds.rules.js';
import { endOf, withEverAbove } from './tree.js';

/** What must be true of the network at any time. */
export const networkChecks: readonly SelectCheck[] = [
  {
    name: 'no facility has two placements on one day',
    sql: `SELECT earlier.facilityId, earlier.id AS earlierId, later.id AS laterId
            FROM facility_placement earlier
            JOIN facility_placement later
              ON later.facilityId = earlier.facilityId AND later.fromDay > earlier.fromDay
           WHERE earlier.toDay IS NULL OR earlier.toDay > later.fromDay`,
  },
  {
    name: 'every facility but a city centre is placed from the day it opened',
    sql: `SELECT facility.id
            FROM facility
           WHERE facility.kind <> 'CITY_CENTER'
             AND NOT EXISTS (SELECT 1 FROM facility_placement placement
                              WHERE placement.facilityId = facility.id
                                AND placement.fromDay <= facility.openedOn
                                AND (placement.toDay IS NULL OR placement.toDay > facility.openedOn))`,
  },
  {
    name: 'every placement that ended is followed by the next',
    sql: `SELECT ended.facilityId, ended.id
            FROM facility_placement ended
           WHERE ended.toDay IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM facility_placement following
                              WHERE following.facilityId = ended.facilityId
                                AND following.fromDay = ended.toDay)`,
  },
  {
    name: 'no facility stands beneath itself on any day',
    sql: `${withEverAbove(
      `SELECT first.facilityId, first.parentId, CAST(first.fromDay AS CHAR), ${endOf('first')}, 1
              FROM facility_placement first`,
    )}
          SELECT DISTINCT startId AS facilityId FROM above WHERE ancestorId = startId`,
  },
  {
    name: 'every facility stands beneath a kind that may have it',
    sql: `SELECT placement.facilityId, placement.parentId
            FROM facility_placement placement
            JOIN facility child ON child.id = placement.facilityId
            JOIN facility parent ON parent.id = placement.parentId
           WHERE NOT (${facilityKinds.map(permitted).join(' OR ')})`,
  },
  {
    name: 'every facility that is open stands beneath one that is open',
    sql: `SELECT placement.facilityId, placement.parentId
            FROM facility_placement placement
            JOIN facility child ON child.id = placement.facilityId
            JOIN facility parent ON parent.id = placement.parentId
           WHERE placement.fromDay < parent.openedOn
              OR (parent.closedOn IS NOT NULL
                  AND (placement.toDay IS NULL OR placement.toDay > parent.closedOn)
                  AND (child.closedOn IS NULL
                       OR (child.closedOn > parent.closedOn AND child.closedOn > placement.fromDay)))`,
  },
];

/** A city centre stands beneath no kind; the empty name, unlike NULL, makes the answer a plain no. */
function permitted(kind: FacilityKind): string {
  const parents = kindRules[kind].beneath.map((parent) => `'${parent}'`).join(', ');
  return `(child.kind = '${kind}' AND parent.kind IN (${parents || "''"}))`;
}
