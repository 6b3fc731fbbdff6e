import type { AuditCheck } from '../shared/audit-check.js';
import { brokenCaps } from './audit-caps.js';
import { ledgerChecks } from './audit-ledger.js';
import { payoutChecks } from './audit-payouts.js';
import { reviewChecks } from './audit-reviews.js';
import { deliveryChecks } from './deliveries/audit-deliveries.js';
import { flagChecks } from './flags/audit-flags.js';
import { reviewOf } from './review-sums.js';

/**
 * What must be true of cards, swipes and the ledger at any time. Every balance is recomputed.
 *
 * What is looked at row by row is grouped by the table's own key alone, in whose order it is read: by more columns,
 * MariaDB would put millions of groups into a table of its own and sort them first.
 */
export const mealsChecks: readonly AuditCheck[] = [
  {
    name: 'every posting sums to zero',
    sql: `SELECT postingId, SUM(fen) AS fen FROM ledger_entry GROUP BY postingId HAVING SUM(fen) <> 0`,
  },
  {
    name: 'every posting has at least two entries',
    sql: `SELECT p.id FROM ledger_posting p LEFT JOIN ledger_entry n ON n.postingId = p.id
           GROUP BY p.id HAVING COUNT(n.line) < 2`,
  },
  {
    name: "every elder's balance is the sum of the account's entries",
    sql: `SELECT a.id, a.ownerId AS elderId, a.balanceFen, COALESCE(SUM(n.fen), 0) AS entriesFen
            FROM ledger_account a LEFT JOIN ledger_entry n ON n.accountId = a.id
           WHERE a.kind = 'ELDER'
           GROUP BY a.id, a.ownerId, a.balanceFen
          HAVING a.balanceFen <> COALESCE(SUM(n.fen), 0)`,
  },
  {
    name: 'every elder with a card has an account',
    sql: `SELECT DISTINCT c.elderId FROM meal_card c
           WHERE NOT EXISTS (SELECT 1 FROM ledger_account a
                              WHERE a.kind = 'ELDER' AND a.ownerId = c.elderId)`,
  },
  {
    name: 'a card says since when it no longer pays, unless it is active',
    sql: `SELECT id, status, stoppedAt FROM meal_card WHERE (status = 'ACTIVE') <> (stoppedAt IS NULL)`,
  },
  {
    name: 'every canteen has its accounts',
    sql: `SELECT c.facilityId FROM canteen c
           WHERE 2 <> (SELECT COUNT(*) FROM ledger_account a
                        WHERE a.ownerId = c.facilityId
                          AND a.kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT'))`,
  },
  {
    name: 'a recorded swipe is split without a remainder',
    sql: `SELECT id FROM swipe
           WHERE meal IS NOT NULL AND subsidyFen + discountFen + selfPaidFen <> grossFen`,
  },
  {
    name: 'every recorded swipe, and no other, is posted once',
    sql: `SELECT s.id, COUNT(p.id) AS postings
            FROM swipe s LEFT JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
           GROUP BY s.id
          HAVING COUNT(p.id) <> MAX(CASE WHEN s.meal IS NULL THEN 0 ELSE 1 END)`,
  },
  {
    name: 'every voided swipe, and no other, has an opposite posting',
    sql: `SELECT s.id, COUNT(p.id) AS postings
            FROM swipe s LEFT JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'VOID'
           GROUP BY s.id
          HAVING COUNT(p.id) <> MAX(CASE WHEN s.voidedAt IS NULL THEN 0 ELSE 1 END)`,
  },
  {
    name: 'every posting of a meal belongs to a swipe, every top-up posting to a top-up',
    sql: `SELECT p.id, p.kind, p.sourceId FROM ledger_posting p
           WHERE (p.kind IN ('SWIPE', 'VOID') AND NOT EXISTS (SELECT 1 FROM swipe s WHERE s.id = p.sourceId))
              OR (p.kind = 'REVIEW' AND NOT EXISTS (SELECT 1 FROM swipe_review r WHERE r.id = p.sourceId))
              OR (p.kind = 'TOP_UP' AND NOT EXISTS (SELECT 1 FROM top_up t WHERE t.id = p.sourceId))`,
  },
  {
    name: "a swipe's posting says what the swipe says",
    sql: `SELECT s.id
            FROM swipe s
            JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
            JOIN ledger_entry n ON n.postingId = p.id
            JOIN ledger_account a ON a.id = n.accountId
            LEFT JOIN funder f ON a.kind = 'FUNDER' AND f.id = a.ownerId
           GROUP BY s.id
          HAVING SUM(CASE WHEN a.kind = 'CANTEEN_RECEIVABLE' AND a.ownerId = s.canteenId THEN n.fen ELSE 0 END)
                   <> MIN(s.grossFen)
              OR SUM(CASE WHEN a.kind = 'FUNDER' AND COALESCE(f.level, '') <> 'DONOR' THEN -n.fen ELSE 0 END)
                   <> MIN(s.subsidyFen)
              OR SUM(CASE WHEN f.level = 'DONOR' OR (a.kind = 'CANTEEN_DISCOUNT' AND a.ownerId = s.canteenId)
                       THEN -n.fen ELSE 0 END)
                   <> MIN(s.discountFen)
              OR SUM(CASE WHEN a.kind = 'ELDER' AND a.ownerId = s.elderId THEN -n.fen ELSE 0 END)
                   <> MIN(s.selfPaidFen)`,
  },
  {
    name: 'a voided swipe and its opposite posting cancel out on every account',
    sql: `SELECT booked.swipeRowId, booked.accountId
            FROM (SELECT s.id AS swipeRowId, n.accountId, n.fen
                    FROM swipe s
                    JOIN ledger_posting p ON p.sourceId = s.id AND p.kind IN ('SWIPE', 'VOID', 'REVIEW')
                    JOIN ledger_entry n ON n.postingId = p.id
                   WHERE s.voidedAt IS NOT NULL
                  UNION ALL
                  SELECT s.id, n.accountId, n.fen
                    FROM swipe_review r
                    JOIN swipe s ON s.id = r.swipeRowId AND s.voidedAt IS NOT NULL
                    JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
                    JOIN ledger_entry n ON n.postingId = p.id
                   WHERE r.number > 1) booked
           GROUP BY booked.swipeRowId, booked.accountId
          HAVING SUM(booked.fen) <> 0`,
  },
  {
    name: 'every top-up is posted once, with its amount to its elder',
    sql: `SELECT t.id
            FROM top_up t
            JOIN meal_card c ON c.id = t.cardId
            LEFT JOIN ledger_posting p ON p.sourceId = t.id AND p.kind = 'TOP_UP'
            LEFT JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId
            LEFT JOIN ledger_entry n ON n.postingId = p.id AND n.accountId = a.id
           WHERE n.fen IS NULL OR n.fen <> t.fen`,
  },
  {
    name: 'no elder has had a meal of a day twice',
    sql: `SELECT elderId, mealDate, claimedMeal, COUNT(*) AS meals FROM swipe
           WHERE claimedMeal IS NOT NULL
           GROUP BY elderId, mealDate, claimedMeal HAVING COUNT(*) > 1`,
  },
  {
    name: 'every accepted swipe and review of a funder that is not voided holds its meal, and no other does',
    sql: `SELECT s.id FROM swipe s LEFT JOIN swipe_review r ON ${reviewOf('s')} AND r.bornBy = 'FUNDER'
           WHERE CASE WHEN (s.outcome = 'ACCEPTED' OR r.id IS NOT NULL) AND s.voidedAt IS NULL
                      THEN s.meal ELSE '' END
                 <> COALESCE(s.claimedMeal, '')`,
  },
  {
    name: 'no elder has two active cards',
    sql: `SELECT elderId, COUNT(*) AS cards FROM meal_card WHERE status = 'ACTIVE'
           GROUP BY elderId HAVING COUNT(*) > 1`,
  },
  {
    name: 'the cards of an erased elder have no number and are closed',
    sql: `SELECT c.id FROM meal_card c JOIN elder e ON e.id = c.elderId
           WHERE e.erasedAt IS NOT NULL AND (c.uid NOT LIKE 'ERASED-%' OR c.status = 'ACTIVE')`,
  },
  ...ledgerChecks,
  ...reviewChecks,
  ...payoutChecks,
  ...deliveryChecks,
  ...flagChecks,
  {
    name: 'what rules gave is what the bearers of meals paid, and no more than any cap allows',
    offending: (manager) => brokenCaps(manager),
  },
  {
    name: 'no version of subsidy rules was approved by who proposed it',
    sql: `SELECT id, code, version FROM subsidy_rule WHERE status = 'APPROVED' AND decidedById = proposedById`,
  },
  {
    name: 'all entries together sum to zero',
    sql: `SELECT SUM(fen) AS fen FROM ledger_entry HAVING SUM(fen) <> 0`,
  },
];
