import type { AuditCheck } from '../shared/audit-check.js';

const sharesDays = (one: string, other: string) => `${one}.fromDay < COALESCE(${other}.toDay, '9999-12-31')
              AND ${other}.fromDay < COALESCE(${one}.toDay, '9999-12-31')`;
const holdsDays = (alias: string) => `(${alias}.toDay IS NULL OR ${alias}.toDay > ${alias}.fromDay)`;

/** What must be true of beds at any time, beside what the tables themselves hold. */
export const bedChecks: readonly AuditCheck[] = [
  {
    name: 'no two stays of a bed share a day',
    sql: `SELECT s.id, t.id AS otherId, s.bedId FROM bed_stay s JOIN bed_stay t ON t.bedId = s.bedId AND t.id > s.id
           WHERE s.cancelledAt IS NULL AND t.cancelledAt IS NULL AND ${sharesDays('s', 't')}`,
  },
  {
    name: 'no elder has two beds on a day',
    sql: `SELECT s.id, t.id AS otherId, s.elderId FROM bed_stay s JOIN bed_stay t ON t.elderId = s.elderId AND t.id > s.id
           WHERE s.cancelledAt IS NULL AND t.cancelledAt IS NULL AND ${sharesDays('s', 't')}`,
  },
  {
    name: 'nobody stays in a bed that is closed or out of service',
    sql: `SELECT s.id, s.bedId FROM bed_stay s JOIN bed b ON b.id = s.bedId
           WHERE s.cancelledAt IS NULL
             AND (s.fromDay < b.inServiceFrom
                  OR COALESCE(s.toDay, '9999-12-31') > COALESCE(b.closedOn, '9999-12-31')
                  OR EXISTS (SELECT 1 FROM bed_out_of_service o WHERE o.bedId = s.bedId AND ${holdsDays('o')}
                              AND ${sharesDays('s', 'o')}))`,
  },
  {
    name: 'no bed is out of service twice on a day',
    sql: `SELECT o.id, p.id AS otherId, o.bedId FROM bed_out_of_service o
            JOIN bed_out_of_service p ON p.bedId = o.bedId AND p.id > o.id
           WHERE ${holdsDays('o')} AND ${holdsDays('p')} AND ${sharesDays('o', 'p')}`,
  },
  {
    name: 'no bed was held by two at one time, and none by whoever has another bed then',
    sql: `SELECT h.id, k.id AS otherId, h.bedId FROM bed_hold h JOIN bed_hold k ON k.bedId = h.bedId AND k.id > h.id
           WHERE h.heldAt < CASE WHEN k.endedAt IS NULL THEN k.expiresAt ELSE k.endedAt END
             AND k.heldAt < CASE WHEN h.endedAt IS NULL THEN h.expiresAt ELSE h.endedAt END
          UNION ALL
          SELECT h.id, k.id AS otherId, h.bedId FROM bed_hold h
            JOIN bed_hold k ON k.elderId = h.elderId AND k.id > h.id
           WHERE h.heldAt < CASE WHEN k.endedAt IS NULL THEN k.expiresAt ELSE k.endedAt END
             AND k.heldAt < CASE WHEN h.endedAt IS NULL THEN h.expiresAt ELSE h.endedAt END`,
  },
  {
    name: 'every leave lies within its stay',
    sql: `SELECT l.id, l.stayId FROM stay_leave l JOIN bed_stay s ON s.id = l.stayId
           WHERE ${holdsDays('l')}
             AND (l.fromDay < s.fromDay
                  OR COALESCE(l.toDay, '9999-12-31') > COALESCE(s.toDay, '9999-12-31'))`,
  },
  {
    name: 'no two leaves of a stay share a day',
    sql: `SELECT l.id, m.id AS otherId, l.stayId FROM stay_leave l JOIN stay_leave m ON m.stayId = l.stayId AND m.id > l.id
           WHERE ${holdsDays('l')} AND ${holdsDays('m')} AND ${sharesDays('l', 'm')}`,
  },
  {
    name: 'beds, stays, holds, leaves and closures are counted where the bed stands',
    sql: `SELECT 'bed' AS kind, b.id FROM bed b JOIN room r ON r.id = b.roomId WHERE b.facilityId <> r.facilityId
          UNION ALL SELECT 'stay', s.id FROM bed_stay s JOIN bed b ON b.id = s.bedId WHERE s.facilityId <> b.facilityId
          UNION ALL SELECT 'hold', h.id FROM bed_hold h JOIN bed b ON b.id = h.bedId WHERE h.facilityId <> b.facilityId
          UNION ALL SELECT 'closure', o.id FROM bed_out_of_service o JOIN bed b ON b.id = o.bedId
                     WHERE o.facilityId <> b.facilityId
          UNION ALL SELECT 'leave', l.id FROM stay_leave l JOIN bed_stay s ON s.id = l.stayId
                     WHERE l.facilityId <> s.facilityId`,
  },
  {
    name: 'what is marked as open is open, of that bed, elder and stay',
    sql: `SELECT 'stay' AS kind, id FROM bed_stay WHERE openBedId <> bedId OR openElderId <> elderId
          UNION ALL SELECT 'closure', id FROM bed_out_of_service WHERE openBedId <> bedId
          UNION ALL SELECT 'leave', id FROM stay_leave WHERE openStayId <> stayId
          UNION ALL SELECT 'transfer', id FROM stay_transfer WHERE openStayId <> stayId`,
  },
  {
    name: 'a stay goes on as another of the same elder, on the day on which it ended, since the same admission',
    sql: `SELECT t.id, t.previousStayId FROM bed_stay t LEFT JOIN bed_stay s ON s.id = t.previousStayId
           WHERE t.previousStayId IS NOT NULL AND t.cancelledAt IS NULL
             AND (s.id IS NULL OR s.elderId <> t.elderId OR s.toDay <> t.fromDay OR s.endReason <> 'TRANSFER'
                  OR s.admittedOn <> t.admittedOn)
          UNION ALL
          SELECT t.id, t.previousStayId FROM bed_stay t
           WHERE t.previousStayId IS NULL AND t.admittedOn <> t.fromDay`,
  },
  {
    name: 'nobody whose file has ended has a bed afterwards, but for days on a bill',
    sql: `SELECT s.id, s.elderId FROM bed_stay s JOIN elder e ON e.id = s.elderId
           WHERE e.endedOn IS NOT NULL AND s.cancelledAt IS NULL AND s.fromDay >= e.endedOn
             AND NOT EXISTS (SELECT 1 FROM stay_charge c WHERE c.stayId = s.id)
          UNION ALL
          SELECT s.id, s.elderId FROM bed_stay s JOIN elder e ON e.id = s.elderId
           WHERE e.endedOn IS NOT NULL AND s.toDay IS NULL`,
  },
  {
    name: 'no day of a stay is on two bills, and none that is no day of it',
    sql: `SELECT c.stayId, c.month FROM stay_charge c JOIN bed_stay s ON s.id = c.stayId
           WHERE c.untilDay > COALESCE(s.toDay, '9999-12-31') OR c.untilDay <= s.fromDay
              OR SUBSTR(CAST(s.fromDay AS CHAR), 1, 7) > c.month`,
  },
  {
    name: 'every answer that is kept is the row that came of it',
    sql: `SELECT q.requestId, q.operation FROM bed_request q
           WHERE (q.operation = 'HOLD' AND NOT EXISTS (SELECT 1 FROM bed_hold h WHERE h.id = q.rowId))
              OR (q.operation IN ('ADMIT', 'TRANSFER', 'ACCEPT_TRANSFER')
                  AND NOT EXISTS (SELECT 1 FROM bed_stay s WHERE s.id = q.rowId))
              OR (q.operation = 'ASK_TRANSFER' AND NOT EXISTS (SELECT 1 FROM stay_transfer t WHERE t.id = q.rowId))`,
  },
];
