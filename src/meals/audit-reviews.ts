import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of meals that were recorded for review. */
export const reviewChecks: readonly AuditCheck[] = [
  {
    name: 'every swipe for review, and no other, has its review',
    sql: `SELECT s.id FROM swipe s LEFT JOIN swipe_review r ON r.id = s.id
           WHERE (s.outcome = 'RECORDED_FOR_REVIEW') <> (r.id IS NOT NULL AND r.doubtedFen IS NULL)
              OR (r.doubtedFen IS NOT NULL AND s.outcome <> 'ACCEPTED')
              OR r.canteenId <> s.canteenId OR r.mealDate <> s.mealDate OR r.reason <> s.reviewReason`,
  },
  {
    name: 'no funder is charged for a meal after the end of the file without a review',
    sql: `SELECT s.id
            FROM elder e
            JOIN swipe s ON s.elderId = e.id AND s.mealDate >= e.endedOn AND s.claimedMeal IS NOT NULL
            LEFT JOIN swipe_review r ON r.id = s.id
           WHERE e.endedOn IS NOT NULL AND s.outcome = 'ACCEPTED' AND r.id IS NULL
             AND EXISTS (SELECT 1 FROM ledger_posting p
                           JOIN ledger_entry n ON n.postingId = p.id
                           JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
                          WHERE p.kind = 'SWIPE' AND p.sourceId = s.id)
             AND NOT EXISTS (SELECT 1 FROM statement_dispute d
                              WHERE d.sourceId = s.id AND d.decision = 'UPHELD')`,
  },
  {
    name: 'a review is open until it is decided or its swipe is voided',
    sql: `SELECT r.id FROM swipe_review r JOIN swipe s ON s.id = r.id
           WHERE CASE WHEN r.decidedAt IS NULL AND s.voidedAt IS NULL
                       AND NOT EXISTS (SELECT 1 FROM statement_dispute d
                                        WHERE d.sourceId = s.id AND d.decision = 'UPHELD')
                      THEN r.canteenId ELSE 0 END
                 <> COALESCE(r.openCanteenId, 0)`,
  },
  {
    name: 'every decided review, and no other, is posted once',
    sql: `SELECT r.id, COUNT(p.id) AS postings
            FROM swipe_review r LEFT JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
           GROUP BY r.id, r.decidedAt
          HAVING COUNT(p.id) <> CASE WHEN r.decidedAt IS NULL THEN 0 ELSE 1 END`,
  },
  {
    name: 'a decided review takes the price from the canteen and gives it to who bears it',
    sql: `SELECT r.id
            FROM swipe_review r
            JOIN swipe s ON s.id = r.id
            LEFT JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
            LEFT JOIN ledger_entry n ON n.postingId = p.id
            LEFT JOIN ledger_account a ON a.id = n.accountId
           WHERE r.decidedAt IS NOT NULL AND r.doubtedFen IS NULL
           GROUP BY r.id, s.grossFen
          HAVING SUM(CASE WHEN a.kind = 'CANTEEN_DISCOUNT' AND a.ownerId = s.canteenId AND n.fen = s.grossFen
                          THEN 1 ELSE 0 END) <> 1
              OR SUM(CASE WHEN n.fen = -s.grossFen
                           AND ((r.bornBy = 'CANTEEN' AND a.kind = 'CANTEEN_DISCOUNT' AND a.ownerId = s.canteenId)
                             OR (r.bornBy = 'FUNDER' AND a.kind = 'FUNDER' AND a.ownerId = r.funderId)
                             OR (r.bornBy = 'ELDER' AND a.kind = 'ELDER' AND a.ownerId = s.elderId))
                          THEN 1 ELSE 0 END) <> 1
              OR COUNT(*) <> 2`,
  },
  {
    name: 'a doubted subsidy is what the swipe charged funders',
    sql: `SELECT r.id
            FROM swipe_review r
            LEFT JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'SWIPE'
            LEFT JOIN ledger_entry n ON n.postingId = p.id
            LEFT JOIN ledger_account a ON a.id = n.accountId
           WHERE r.doubtedFen IS NOT NULL
           GROUP BY r.id, r.doubtedFen
          HAVING SUM(CASE WHEN a.kind = 'FUNDER' THEN -n.fen ELSE 0 END) <> r.doubtedFen OR r.doubtedFen <= 0`,
  },
  {
    name: 'a decided doubt takes the subsidy from its funders and gives it to who bears it',
    sql: `SELECT r.id
            FROM swipe_review r
            JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
            JOIN ledger_entry n ON n.postingId = p.id
            JOIN ledger_account a ON a.id = n.accountId
           WHERE r.doubtedFen IS NOT NULL
           GROUP BY r.id, r.doubtedFen, r.bornBy
          HAVING SUM(CASE WHEN a.kind = 'FUNDER' THEN n.fen ELSE 0 END)
                   <> CASE WHEN r.bornBy = 'AS_PAID' THEN 0 ELSE r.doubtedFen END
              OR SUM(CASE WHEN a.kind = 'CANTEEN_DISCOUNT' THEN -n.fen ELSE 0 END)
                   <> CASE WHEN r.bornBy = 'CANTEEN' THEN r.doubtedFen ELSE 0 END
              OR SUM(CASE WHEN a.kind = 'ELDER' THEN -n.fen ELSE 0 END)
                   <> CASE WHEN r.bornBy = 'ELDER' THEN r.doubtedFen ELSE 0 END`,
  },
  {
    name: 'no funder keeps a part of a doubted subsidy that somebody else bears',
    sql: `SELECT r.id, n.accountId
            FROM swipe_review r
            JOIN ledger_posting p ON p.sourceId = r.id AND p.kind IN ('SWIPE', 'REVIEW')
            JOIN ledger_entry n ON n.postingId = p.id
            JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
           WHERE r.doubtedFen IS NOT NULL AND r.bornBy IN ('CANTEEN', 'ELDER')
           GROUP BY r.id, n.accountId
          HAVING SUM(n.fen) <> 0`,
  },
];
