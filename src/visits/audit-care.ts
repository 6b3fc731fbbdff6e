import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of how visits are carried out, at any time. */
export const careChecks: readonly AuditCheck[] = [
  {
    // One out may wait for its tap in when the visit is given to somebody else.
    name: 'every tap in of a visit that has begun is of a caregiver of it',
    sql: `SELECT tap.id, tap.visitId FROM visit_check tap
            JOIN visit ON visit.id = tap.visitId AND visit.status IN ('IN_PROGRESS', 'COMPLETED')
           WHERE tap.kind = 'IN' AND tap.doubts NOT LIKE '%REASSIGNED%' AND NOT EXISTS (SELECT 1 FROM visit_caregiver part
                              WHERE part.visitId = tap.visitId AND part.caregiverId = tap.caregiverId)`,
  },
  {
    name: 'a visit with taps begins with the first tap in, unless it was cancelled',
    sql: `SELECT visit.id FROM visit
            JOIN (SELECT visitId, MIN(countsAt) AS firstAt FROM visit_check
                   WHERE kind = 'IN' AND doubts NOT LIKE '%REASSIGNED%' GROUP BY visitId) taps
              ON taps.visitId = visit.id
           WHERE visit.status <> 'CANCELLED' AND (visit.checkedInAt IS NULL OR visit.checkedInAt <> taps.firstAt)`,
  },
  {
    name: 'a visit with taps whose caregivers have all left is completed, unless it was cancelled',
    sql: `SELECT visit.id FROM visit
           WHERE visit.status NOT IN ('COMPLETED', 'CANCELLED')
             AND EXISTS (SELECT 1 FROM visit_check tap WHERE tap.visitId = visit.id)
             AND EXISTS (SELECT 1 FROM visit_caregiver part WHERE part.visitId = visit.id)
             AND NOT EXISTS (
               SELECT 1 FROM visit_caregiver part
                WHERE part.visitId = visit.id AND NOT EXISTS (
                  SELECT 1 FROM visit_check arrival
                    JOIN visit_check departure ON departure.visitId = arrival.visitId
                     AND departure.caregiverId = arrival.caregiverId AND departure.kind = 'OUT'
                     AND departure.countsAt >= arrival.countsAt
                   WHERE arrival.visitId = part.visitId AND arrival.caregiverId = part.caregiverId
                     AND arrival.kind = 'IN'))`,
  },
  {
    name: 'every visit with taps has evidence, and only such visits have',
    sql: `SELECT visit.id FROM visit LEFT JOIN visit_evidence evidence ON evidence.visitId = visit.id
           WHERE (evidence.visitId IS NOT NULL)
              <> EXISTS (SELECT 1 FROM visit_check tap WHERE tap.visitId = visit.id)
             AND (evidence.visitId IS NULL OR evidence.endedById IS NULL)`,
  },
  {
    name: 'evidence of a completed visit that is not paid alone waits at its station, or was decided',
    sql: `SELECT evidence.visitId FROM visit_evidence evidence JOIN visit ON visit.id = evidence.visitId
           WHERE (visit.status = 'COMPLETED' AND evidence.decision <> 'PAY' AND evidence.decided IS NULL
                  AND evidence.openStationId IS NULL)
              OR (evidence.openStationId IS NOT NULL
                  AND (evidence.openStationId <> visit.stationId OR evidence.decision = 'PAY'))`,
  },
  {
    name: 'nobody has decided about the evidence of a visit that was its own to bring or to end',
    sql: `SELECT evidence.visitId FROM visit_evidence evidence
           WHERE evidence.decidedById IS NOT NULL
             AND (COALESCE(evidence.endedById, 0) = evidence.decidedById
               OR EXISTS (SELECT 1 FROM visit_check tap JOIN caregiver ON caregiver.id = tap.caregiverId
                           WHERE tap.visitId = evidence.visitId AND caregiver.accountId = evidence.decidedById))`,
  },
  {
    name: 'a visit that the server found to be missed has told the station and the street centre',
    sql: `SELECT visit.id FROM visit
            JOIN visit_event event ON event.visitId = visit.id AND event.kind = 'MISS' AND event.byId IS NULL
           WHERE (SELECT COUNT(*) FROM visit_alert alert
                   WHERE alert.visitId = visit.id AND alert.kind = 'NOT_BEGUN') < 2`,
  },
  {
    name: 'notes and measurements are of the elder and of a caregiver of their visit',
    sql: `SELECT kept.visitId FROM (SELECT visitId, elderId, caregiverId FROM care_note
                                    UNION ALL SELECT visitId, elderId, caregiverId FROM care_measurement) kept
            JOIN visit ON visit.id = kept.visitId
           WHERE visit.elderId <> kept.elderId
              OR NOT EXISTS (SELECT 1 FROM visit_caregiver part
                              WHERE part.visitId = kept.visitId AND part.caregiverId = kept.caregiverId)`,
  },
  {
    name: 'a tap of somebody from whom the visit was taken is of one who was to bring it before',
    sql: `SELECT tap.id, tap.visitId FROM visit_check tap
           WHERE tap.doubts LIKE '%REASSIGNED%' AND NOT EXISTS (
             SELECT 1 FROM visit_former_caregiver former
              WHERE former.visitId = tap.visitId AND former.caregiverId = tap.caregiverId)`,
  },
  {
    name: 'a visit of an elder who was not at home is called off, was missed, or is never paid without a look',
    sql: `SELECT away.visitId FROM visit_away away JOIN visit ON visit.id = away.visitId
            LEFT JOIN visit_evidence evidence ON evidence.visitId = visit.id
           WHERE visit.status IN ('REQUESTED', 'ASSIGNED')
              OR (visit.status IN ('IN_PROGRESS', 'COMPLETED') AND evidence.decision = 'PAY')`,
  },
  {
    name: 'every rating is of a visit that was completed',
    sql: `SELECT rating.visitId FROM visit_rating rating JOIN visit ON visit.id = rating.visitId
           WHERE visit.status <> 'COMPLETED'`,
  },
  {
    name: 'an objection is to what a station called off on the family’s account, and costs nothing when it was upheld',
    sql: `SELECT objection.visitId FROM visit_objection objection
           WHERE NOT EXISTS (
                   SELECT 1 FROM visit_event event JOIN visit ON visit.id = event.visitId
                    WHERE event.visitId = objection.visitId AND event.kind = 'CANCEL' AND event.causedBy = 'FAMILY'
                      AND event.isOverride AND visit.status = 'CANCELLED')
              OR (objection.decision = 'UPHELD' AND EXISTS (
                   SELECT 1 FROM hours_posting last
                    WHERE last.visitId = objection.visitId AND last.kind = 'FORFEIT'
                      AND last.step = (SELECT MAX(each_.step) FROM hours_posting each_
                                        WHERE each_.visitId = objection.visitId)))`,
  },
];
