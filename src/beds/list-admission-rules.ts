import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { AdmissionTerms } from './bed.rules.js';
import { type RuleKey, termColumns } from './set-admission-rule.js';

/** The rule of a type that counts, and of where and since when it is. */
export type RuleInForce = RuleKey & AdmissionTerms;

type Row = Omit<RuleInForce, 'needsAssessment' | 'from'> & {
  startsOn: Day;
  needsAssessment: number | boolean;
  distance: number | string;
};

/** By which rule beds of each type are given at a facility on a day; none of a place out of scope. Two statements. */
export async function admissionRulesAt(
  manager: EntityManager,
  { facilityId, on, now }: { facilityId: number; on: Day; now: Date },
  scope: Scope,
): Promise<RuleInForce[]> {
  const isCovered = await covers(manager, scope, facilityId, dayOf(now));
  const place = isCovered ? facilityId : nowhere;
  const above = withAbove([place], on);
  const columns = `a.facilityId, a.bedType, CAST(a.fromDay AS CHAR) AS startsOn, ${termColumns
    .map((name) => `a.${name}`)
    .join(', ')}`;
  const rows: Row[] = await manager.query(
    `${above.sql}
     SELECT ${columns}, CASE WHEN a.facilityKey = ? THEN 0 WHEN a.facilityKey = 0 THEN 1000000
            ELSE (SELECT above.distance FROM above WHERE above.ancestorId = a.facilityKey) END AS distance
       FROM admission_rule a
      WHERE a.fromDay <= ?
        AND (a.facilityKey IN (0, ?) OR a.facilityKey IN (SELECT above.ancestorId FROM above))
      ORDER BY a.bedType, distance, a.fromDay DESC`,
    [...above.parameters, place, on, place],
  );
  const nearest = new Map<BedType, RuleInForce>();
  for (const { startsOn, distance: _, needsAssessment, ...row } of isCovered ? rows : []) {
    if (nearest.has(row.bedType)) continue;
    nearest.set(row.bedType, { ...row, from: startsOn, needsAssessment: Boolean(needsAssessment) });
  }
  return [...nearest.values()];
}
