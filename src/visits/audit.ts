import type { AuditCheck } from '../shared/audit-check.js';
import { hoursChecks } from './audit-hours.js';

/** What must be true of visits at any time. */
export const visitsChecks: readonly AuditCheck[] = [
  {
    name: 'no elder has two visits at once, cancelled ones left out',
    sql: `SELECT one.elderId, one.id, other.id AS otherId
            FROM visit one
            JOIN visit other ON other.elderId = one.elderId AND other.id <> one.id
             AND other.startsAt >= one.startsAt AND other.startsAt < one.endsAt
           WHERE one.status <> 'CANCELLED' AND other.status <> 'CANCELLED'`,
  },
  {
    name: 'no caregiver has two visits at once, cancelled ones left out',
    sql: `SELECT one.caregiverId, one.visitId, other.visitId AS otherId
            FROM visit_caregiver one
            JOIN visit oneVisit ON oneVisit.id = one.visitId AND oneVisit.status <> 'CANCELLED'
            JOIN visit_caregiver other ON other.caregiverId = one.caregiverId AND other.visitId <> one.visitId
             AND other.startsAt >= one.startsAt AND other.startsAt < one.endsAt
            JOIN visit otherVisit ON otherVisit.id = other.visitId AND otherVisit.status <> 'CANCELLED'`,
  },
  {
    name: 'a visit that is assigned or was brought has a caregiver, and one that is asked for has none',
    sql: `SELECT visit.id FROM visit
           WHERE (visit.status IN ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
                  AND NOT EXISTS (SELECT 1 FROM visit_caregiver part WHERE part.visitId = visit.id))
              OR (visit.status = 'REQUESTED'
                  AND EXISTS (SELECT 1 FROM visit_caregiver part WHERE part.visitId = visit.id))`,
  },
  {
    name: 'every service has a price',
    sql: `SELECT service.id FROM home_service service
           WHERE NOT EXISTS (SELECT 1 FROM home_service_price price WHERE price.serviceId = service.id)`,
  },
  ...hoursChecks,
];
