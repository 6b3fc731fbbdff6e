import type { AuditCheck } from '../shared/audit-check.js';
import { hoursChecks } from './audit-hours.js';
import { misplacedHours } from './misplaced-hours.js';

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
    name: 'every visit has what was agreed about it, and its series is of its elder and service',
    sql: `SELECT visit.id FROM visit
            LEFT JOIN visit_booking booking ON booking.visitId = visit.id
            LEFT JOIN visit_series series ON series.id = booking.seriesId
           WHERE booking.visitId IS NULL
              OR (booking.seriesId IS NOT NULL
                  AND (series.requestId <> visit.requestId OR series.elderId <> visit.elderId
                       OR series.serviceId <> visit.serviceId))`,
  },
  {
    name: 'the steps of a visit have versions without a gap, the last of which is that of the visit',
    sql: `SELECT visit.id, visit.version, COUNT(*) AS steps, MIN(event.version) AS first, MAX(event.version) AS last
            FROM visit JOIN visit_event event ON event.visitId = visit.id
           GROUP BY visit.id, visit.version
          HAVING MAX(event.version) <> visit.version OR COUNT(*) <> MAX(event.version) - MIN(event.version) + 1`,
  },
  {
    name: 'the last step of a visit tells its status and its start',
    sql: `SELECT visit.id, visit.status, event.status AS told FROM visit
            JOIN visit_event event ON event.visitId = visit.id AND event.version = visit.version
           WHERE event.status <> visit.status OR event.startsAt <> visit.startsAt`,
  },
  {
    name: 'the caregivers of a visit to come are there within its time',
    sql: `SELECT visit.id, part.caregiverId FROM visit
            JOIN visit_caregiver part ON part.visitId = visit.id
           WHERE visit.status IN ('REQUESTED', 'ASSIGNED')
             AND (part.startsAt < visit.startsAt OR part.endsAt > visit.endsAt)`,
  },
  {
    name: 'a visit that was booked takes as many caregivers as its service does',
    sql: `SELECT visit.id FROM visit
            JOIN home_service service ON service.id = visit.serviceId
            JOIN visit_event event ON event.visitId = visit.id AND event.version = visit.version
             AND event.kind IN ('BOOK', 'RESCHEDULE')
            LEFT JOIN visit_caregiver part ON part.visitId = visit.id
           GROUP BY visit.id, service.caregivers HAVING COUNT(part.caregiverId) <> service.caregivers`,
  },
  {
    name: 'every service has a price',
    sql: `SELECT service.id FROM home_service service
           WHERE NOT EXISTS (SELECT 1 FROM home_service_price price WHERE price.serviceId = service.id)`,
  },
  ...hoursChecks,
  {
    name: 'visits to come have hours of their own month or week reserved',
    offending: misplacedHours,
  },
];
