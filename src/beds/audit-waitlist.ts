import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of waiting lists at any time, beside what the tables themselves hold. */
export const waitlistChecks: readonly AuditCheck[] = [
  {
    name: 'who waits is marked as waiting, and has no bed and a file in use',
    sql: `SELECT w.id, w.elderId FROM waitlist_entry w JOIN elder e ON e.id = w.elderId
           WHERE w.openElderId IS NOT NULL
             AND (w.openElderId <> w.elderId OR e.status <> 'ACTIVE'
                  OR EXISTS (SELECT 1 FROM bed_stay s WHERE s.openElderId = w.elderId))`,
  },
  {
    name: 'every place in line is in a line that offers take turns by',
    sql: `SELECT w.id FROM waitlist_entry w
           WHERE NOT EXISTS (SELECT 1 FROM waitlist_line l
                              WHERE l.facilityId = w.facilityId AND l.bedType = w.bedType)`,
  },
  {
    name: 'an offer is of the bed, elder and line of its hold and its entry',
    sql: `SELECT o.id FROM bed_offer o JOIN bed_hold h ON h.id = o.id JOIN waitlist_entry w ON w.id = o.entryId
            JOIN bed b ON b.id = o.bedId
           WHERE o.bedId <> h.bedId OR o.elderId <> h.elderId OR o.elderId <> w.elderId
              OR b.facilityId <> w.facilityId OR b.type <> w.bedType OR o.offeredAt <> h.heldAt`,
  },
  {
    name: 'an offer that was declined holds no bed, and one that was taken was not declined',
    sql: `SELECT o.id FROM bed_offer o JOIN bed_hold h ON h.id = o.id
           WHERE o.declinedAt IS NOT NULL AND (h.endKind IS NULL OR h.endKind <> 'RELEASED')`,
  },
  {
    name: 'an offer that passed on says to which one, of the same bed and made later; no other says any',
    sql: `SELECT o.id FROM bed_offer o LEFT JOIN bed_offer n ON n.id = o.nextOfferId
           WHERE (o.passOnAt IS NOT NULL AND o.passedOnAs IS NOT NULL)
              OR (o.passedOnAs = 'OFFERED' AND (n.id IS NULL OR n.bedId <> o.bedId OR n.offeredAt < o.offeredAt))
              OR (o.nextOfferId IS NOT NULL AND (o.passedOnAs IS NULL OR o.passedOnAs <> 'OFFERED'))`,
  },
  {
    name: 'who was let in waited no longer from then on',
    sql: `SELECT w.id FROM waitlist_entry w
           WHERE w.endKind = 'ADMITTED' AND NOT EXISTS (SELECT 1 FROM bed_stay s WHERE s.elderId = w.elderId
                                                         AND s.enteredAt = w.endedAt)`,
  },
  {
    name: 'whoever was passed over waited then, and it was for an offer, a hold or a stay',
    sql: `SELECT s.passId, s.entryId FROM waitlist_skip s JOIN waitlist_pass p ON p.id = s.passId
            JOIN waitlist_entry w ON w.id = s.entryId
           WHERE w.joinedAt > p.passedAt OR (w.endedAt IS NOT NULL AND w.endedAt < p.passedAt)
              OR (NOT EXISTS (SELECT 1 FROM bed_hold h WHERE h.id = p.id)
                  AND NOT EXISTS (SELECT 1 FROM bed_stay t WHERE t.id = p.id))`,
  },
];
