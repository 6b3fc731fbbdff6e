import type { AuditCheck } from '../../shared/audit-check.js';

/** What must be true of plans at any time. */
export const planChecks: readonly AuditCheck[] = [
  {
    name: 'every plan is about a station',
    sql: `SELECT run.id FROM plan_run run
           WHERE NOT EXISTS (SELECT 1 FROM plan_run_station station WHERE station.planId = run.id)`,
  },
  {
    name: 'a plan gives a visit to as many caregivers as it takes, or says why it leaves it out',
    sql: `SELECT planned.planId, planned.visitId, COUNT(stop.caregiverId) AS stops
            FROM plan_run run
            JOIN plan_run_visit planned ON planned.planId = run.id AND planned.role = 'OPEN'
            JOIN visit ON visit.id = planned.visitId
            JOIN home_service service ON service.id = visit.serviceId
            LEFT JOIN plan_run_stop stop ON stop.planId = planned.planId AND stop.visitId = planned.visitId
           WHERE run.costs IS NOT NULL
           GROUP BY planned.planId, planned.visitId, planned.leftOutCode, service.caregivers
          HAVING COUNT(stop.caregiverId) <>
                 CASE WHEN planned.leftOutCode IS NULL THEN service.caregivers ELSE 0 END`,
  },
  {
    name: 'no plan has a caregiver at two visits at once',
    sql: `SELECT one.planId, one.caregiverId, one.visitId, other.visitId AS otherId
            FROM plan_run_stop one
            JOIN plan_run_stop other ON other.planId = one.planId AND other.caregiverId = one.caregiverId
             AND other.visitId <> one.visitId AND other.startsAt >= one.startsAt AND other.startsAt < one.endsAt`,
  },
  {
    name: 'a plan that was applied names who did it, and every other nobody',
    sql: `SELECT id FROM plan_run
           WHERE (appliedAt IS NULL) <> (appliedById IS NULL) OR (appliedAt IS NULL) <> (appliedVisits IS NULL)`,
  },
];
