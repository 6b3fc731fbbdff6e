import type { AuditCheck } from '../shared/audit-check.js';
import { kindOfEntry } from './ledger.js';

/** The entries of postings that touch funders, as SQL behind the joins of these. */
const funderEntries = `JOIN ledger_entry n ON n.postingId = p.id AND ${kindOfEntry} = 'FUNDER'`;

/** The same for a sum: a LEFT JOIN reads the postings first, whatever MariaDB believes of how many entries there are. */
const summedEntries = `LEFT JOIN ledger_entry n ON n.postingId = p.id AND ${kindOfEntry} = 'FUNDER'`;

/** What the swipe `s` and all decisions on it left with funders. */
const leftWithFunders = `
  COALESCE((SELECT SUM(n.fen) FROM ledger_posting p ${summedEntries}
             WHERE p.sourceId = s.id AND p.kind IN ('SWIPE', 'REVIEW')), 0)
  + COALESCE((SELECT SUM(n.fen) FROM swipe_review later
                JOIN ledger_posting p ON p.sourceId = later.id AND p.kind = 'REVIEW' ${summedEntries}
               WHERE later.swipeRowId = s.id AND later.number > 1), 0)`;

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
    name: 'a review is the first of its swipe, or doubts what the one before it decided',
    sql: `SELECT r.id
            FROM swipe_review r
            LEFT JOIN swipe_review earlier ON earlier.swipeRowId = r.swipeRowId AND earlier.number = r.number - 1
            LEFT JOIN ledger_posting p ON p.id = r.id AND p.kind = 'REVIEW'
           WHERE CASE WHEN r.number = 1 THEN r.id = r.swipeRowId
                      ELSE p.sourceId = earlier.id AND r.doubtedFen IS NOT NULL END IS NOT TRUE`,
  },
  {
    name: 'no funder bears a meal after the end of the file without a review',
    // The sum is asked for of the meals of ended files alone: CASE keeps it from every other swipe.
    sql: `SELECT s.id
            FROM elder e
            JOIN swipe s ON s.elderId = e.id AND s.mealDate >= e.endedOn AND s.claimedMeal IS NOT NULL
           WHERE e.endedOn IS NOT NULL AND CASE WHEN e.endedOn IS NULL THEN 0 ELSE ${leftWithFunders} END <> 0
             AND NOT EXISTS (SELECT 1 FROM swipe_review r
                              WHERE r.swipeRowId = s.id
                                AND (r.openCanteenId IS NOT NULL
                                     OR (r.reason = 'END_ENTERED_LATE' AND s.mealDate = e.endedOn)))
             AND NOT EXISTS (SELECT 1 FROM statement_dispute d
                              WHERE d.sourceId = s.id AND d.decision = 'UPHELD')`,
  },
  {
    name: 'a review is open until it is decided or withdrawn, or its swipe is voided',
    sql: `SELECT r.id FROM swipe_review r JOIN swipe s ON s.id = r.swipeRowId
           WHERE CASE WHEN r.decidedAt IS NULL AND r.withdrawn = 0 AND s.voidedAt IS NULL
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
    name: 'a doubt is about what its shares say',
    sql: `SELECT r.id
            FROM swipe_review r
            LEFT JOIN swipe_review_share share ON share.reviewId = r.id
           GROUP BY r.id, r.doubtedFen
          HAVING COALESCE(SUM(share.fen), 0) <> COALESCE(r.doubtedFen, 0) OR r.doubtedFen <= 0`,
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
    name: 'every funder gets back its own share of a doubt that somebody else bears, and no other',
    sql: `SELECT given.reviewId, given.accountId
            FROM (SELECT share.reviewId, share.accountId, share.fen
                    FROM swipe_review_share share
                    JOIN swipe_review r ON r.id = share.reviewId AND r.bornBy IN ('CANTEEN', 'ELDER')
                  UNION ALL
                  SELECT r.id, n.accountId, -n.fen
                    FROM swipe_review r
                    JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
            ${funderEntries}
                   WHERE r.doubtedFen IS NOT NULL AND r.bornBy IN ('CANTEEN', 'ELDER')) given
           GROUP BY given.reviewId, given.accountId
          HAVING SUM(given.fen) <> 0`,
  },
  {
    name: 'no funder gets back more of a meal than it bore',
    sql: `SELECT borne.swipeRowId, borne.accountId, SUM(borne.fen) AS fen
            FROM (SELECT r.swipeRowId, n.accountId, n.fen
                    FROM swipe_review r
                    JOIN ledger_posting p ON p.sourceId = r.swipeRowId AND p.kind = 'SWIPE'
            ${funderEntries}
                   WHERE r.number = 1
                  UNION ALL
                  SELECT r.swipeRowId, n.accountId, n.fen
                    FROM swipe_review r
                    JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
            ${funderEntries}) borne
           GROUP BY borne.swipeRowId, borne.accountId
          HAVING SUM(borne.fen) > 0`,
  },
];
