import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of grants and consents at any time. */
export const accessChecks: readonly AuditCheck[] = [
  {
    name: "every relative's grant says what the consent says that it rests on",
    sql: `SELECT g.id FROM access_grant g JOIN family_consent c ON c.id = g.consentId
            JOIN elder e ON e.id = g.elderId
           WHERE c.grantId <> g.id OR g.familyRights <> c.rights
              OR (e.erasedAt IS NULL AND (g.untilAt IS NULL OR g.untilAt <> c.untilAt))`,
  },
  {
    name: 'a notice is on its way to nobody before it was found out whom it is for, and was sent after an attempt',
    sql: `SELECT d.id, d.noticeId FROM notice_delivery d JOIN elder_notice n ON n.id = d.noticeId
           WHERE n.spreadAt IS NULL OR (d.outcome = 'SENT' AND d.attempts < 1)`,
  },
  {
    name: 'every grant rests on the last of its consents',
    sql: `SELECT g.id FROM access_grant g JOIN family_consent c ON c.grantId = g.id
           WHERE g.consentId IS NULL OR c.id > g.consentId`,
  },
  {
    name: 'nobody holds by the consent of a relative what that relative has not',
    sql: `SELECT g.id FROM access_grant g
            JOIN family_consent c ON c.id = g.consentId
            JOIN access_grant f ON f.id = c.giverGrantId
            JOIN elder e ON e.id = g.elderId AND e.erasedAt IS NULL
           WHERE c.event <> 'WITHDRAWN' AND f.id <> g.id
             AND (g.elderId <> f.elderId OR g.mayLetIn = 1
                  OR (f.untilAt IS NOT NULL AND g.untilAt > f.untilAt)
                  OR (g.familyRights LIKE '%BOOKING%' AND f.familyRights NOT LIKE '%BOOKING%')
                  OR (g.familyRights LIKE '%HEALTH%' AND f.familyRights NOT LIKE '%HEALTH%')
                  OR (g.familyRights LIKE '%MONEY%' AND f.familyRights NOT LIKE '%MONEY%'))`,
  },
];
