import type { AuditCheck } from '../shared/audit-check.js';

const sumOf = (account: string, unit: 'minutes' | 'fen') =>
  `COALESCE(SUM(CASE WHEN e.account = '${account}' THEN e.${unit} ELSE 0 END), 0)`;

/** What must be true of the government's hours at any time, recomputed from the ledger's entries. */
export const hoursChecks: readonly AuditCheck[] = [
  {
    name: 'every posting of hours sums to zero, in minutes and in fen',
    sql: `SELECT e.postingId, SUM(e.minutes) AS minutes, SUM(e.fen) AS fen FROM hours_entry e
           GROUP BY e.postingId HAVING SUM(e.minutes) <> 0 OR SUM(e.fen) <> 0`,
  },
  {
    name: 'what is kept of a grant of hours is what the ledger comes to',
    sql: `SELECT g.id, g.grantedMinutes, g.leftMinutes, ${sumOf('LEFT', 'minutes')} AS ledgerLeft,
                 -${sumOf('PROGRAMME', 'minutes')} AS ledgerGranted
            FROM hours_grant g LEFT JOIN hours_entry e ON e.grantId = g.id
           GROUP BY g.id, g.grantedMinutes, g.leftMinutes
          HAVING g.leftMinutes <> ${sumOf('LEFT', 'minutes')}
              OR g.grantedMinutes <> -${sumOf('PROGRAMME', 'minutes')}`,
  },
  {
    name: 'no minutes of a grant fall below zero, whatever became of them',
    sql: `SELECT e.account, e.ownerId, SUM(e.minutes) AS minutes FROM hours_entry e
           WHERE e.account IN ('LEFT', 'RESERVED', 'USED', 'FORFEITED', 'EXPIRED')
           GROUP BY e.account, e.ownerId HAVING SUM(e.minutes) < 0`,
  },
  {
    name: 'the minutes of a grant stand in its own accounts, and money of hours in those of its visit',
    sql: `SELECT e.postingId, e.line, e.account, e.ownerId, e.grantId
            FROM hours_entry e JOIN hours_posting p ON p.id = e.postingId
           WHERE (e.account IN ('LEFT', 'RESERVED', 'USED', 'FORFEITED', 'EXPIRED')
                  AND (e.grantId IS NULL OR e.grantId <> e.ownerId))
              OR (e.account IN ('PROMISED_TO', 'STATION_RECEIVABLE') AND e.ownerId <> p.stationId)
              OR (e.account = 'FAMILY' AND e.ownerId <> p.elderId)
              OR (e.account IN ('PROMISED_BY', 'FUNDER') AND e.ownerId <> 0
                  AND NOT EXISTS (SELECT 1 FROM funder f WHERE f.id = e.ownerId))`,
  },
  {
    name: 'hours pay visits of the elder to whom they were granted',
    sql: `SELECT p.id, p.visitId, p.elderId, e.grantId
            FROM hours_entry e JOIN hours_posting p ON p.id = e.postingId
            JOIN hours_grant g ON g.id = e.grantId
            LEFT JOIN visit v ON v.id = p.visitId
           WHERE g.elderId <> p.elderId OR v.elderId <> p.elderId OR v.stationId <> p.stationId`,
  },
  {
    name: 'what closes or corrects the hours of a visit follows what opened them',
    sql: `SELECT p.id, p.visitId, p.kind, p.step FROM hours_posting p
           WHERE (p.kind IN ('GIVE_BACK', 'FORFEIT')
                  AND NOT EXISTS (SELECT 1 FROM hours_posting b WHERE b.visitId = p.visitId AND b.step = p.step - 1))
              OR (p.kind = 'CORRECT'
                  AND NOT EXISTS (SELECT 1 FROM hours_posting b
                                   WHERE b.visitId = p.visitId AND b.step = p.step - 1
                                     AND b.kind IN ('USE', 'FORFEIT')))`,
  },
  {
    // One that was taken for missed and then went on has its hours again when it ends.
    name: 'a visit to come has the hours reserved that were agreed, and one that will not be has none',
    sql: `SELECT v.id, v.status, b.hoursMinutes, v.subsidyFen, ${sumOf('RESERVED', 'minutes')} AS reservedMinutes,
                 ${sumOf('PROMISED_TO', 'fen')} AS promisedFen
            FROM visit v
            JOIN visit_booking b ON b.visitId = v.id
            LEFT JOIN hours_posting p ON p.visitId = v.id
            LEFT JOIN hours_entry e ON e.postingId = p.id
           GROUP BY v.id, v.status, b.hoursMinutes, v.subsidyFen
          HAVING ((v.status IN ('REQUESTED', 'ASSIGNED')
                   OR (v.status = 'IN_PROGRESS'
                       AND NOT EXISTS (SELECT 1 FROM visit_event m WHERE m.visitId = v.id AND m.kind = 'MISS')))
                  AND (b.hoursMinutes <> ${sumOf('RESERVED', 'minutes')}
                       OR (b.hoursMinutes > 0 AND v.subsidyFen <> ${sumOf('PROMISED_TO', 'fen')})))
              OR (v.status IN ('CANCELLED', 'NO_SHOW') AND ${sumOf('RESERVED', 'minutes')} <> 0)`,
  },
  {
    name: 'what is owed for a visit that was brought is its price, from whoever owes it',
    sql: `SELECT v.id, v.subsidyFen, v.selfPaidFen, ${sumOf('STATION_RECEIVABLE', 'fen')} AS owedFen,
                 -${sumOf('FAMILY', 'fen')} AS familyFen
            FROM visit v
            JOIN hours_posting u ON u.visitId = v.id AND u.kind = 'USE'
             AND u.step = (SELECT MAX(l.step) FROM hours_posting l WHERE l.visitId = v.id)
            JOIN hours_posting p ON p.visitId = v.id
            LEFT JOIN hours_entry e ON e.postingId = p.id
           GROUP BY v.id, v.subsidyFen, v.selfPaidFen
          HAVING ${sumOf('STATION_RECEIVABLE', 'fen')} <> v.subsidyFen + v.selfPaidFen
              OR -${sumOf('FAMILY', 'fen')} <> v.selfPaidFen`,
  },
  {
    name: 'every payment of a family moves its sum from what it owes to what its station is owed',
    sql: `SELECT payment.id FROM family_payment payment
            LEFT JOIN family_payment_entry entry ON entry.paymentId = payment.id
           GROUP BY payment.id, payment.fen, payment.elderId, payment.stationId
          HAVING COUNT(entry.line) <> 2 OR SUM(entry.fen) <> 0
              OR SUM(CASE WHEN entry.account = 'FAMILY' AND entry.ownerId = payment.elderId
                          THEN entry.fen ELSE 0 END) <> payment.fen
              OR SUM(CASE WHEN entry.account = 'STATION_RECEIVABLE' AND entry.ownerId = payment.stationId
                          THEN entry.fen ELSE 0 END) <> -payment.fen`,
  },
  {
    name: 'a payment of a family is of the elder and the station of its visit, and what takes it back is its opposite',
    sql: `SELECT payment.id FROM family_payment payment
            JOIN visit ON visit.id = payment.visitId
            LEFT JOIN family_payment taken ON taken.id = payment.reversesId
           WHERE visit.elderId <> payment.elderId OR visit.stationId <> payment.stationId
              OR taken.fen <> -payment.fen OR taken.visitId <> payment.visitId OR taken.reversesId IS NOT NULL`,
  },
  {
    name: 'no family has paid more for a visit than was agreed, unless what it owes changed since',
    sql: `SELECT visit.id, SUM(payment.fen) AS paidFen FROM visit
            JOIN family_payment payment ON payment.visitId = visit.id
           GROUP BY visit.id, visit.subsidyFen, visit.selfPaidFen
          HAVING SUM(payment.fen) < 0 OR SUM(payment.fen) > visit.subsidyFen + visit.selfPaidFen`,
  },
];
