import { sumCheck } from '../settlement/audit-sums.js';
import type { AuditCheck } from '../shared/audit-check.js';
import { brokenOperatorShares } from './audit-operators.js';

/** What must be true of statements and the ledger, to the fen. */
export const statementChecks: readonly AuditCheck[] = [
  {
    name: 'every line of a statement names the kind, the meal, the elder and the month of its posting',
    sql: `SELECT line.statementId, line.postingId
            FROM statement_line line
            JOIN month_statement statement ON statement.id = line.statementId
            JOIN ledger_posting posting ON posting.id = line.postingId
            LEFT JOIN statement_dispute dispute ON posting.kind = 'DISPUTE' AND dispute.id = posting.sourceId
            LEFT JOIN swipe ON swipe.id = COALESCE(dispute.sourceId, posting.sourceId)
           WHERE statement.kind <> 'CANTEEN' OR line.kind <> posting.kind
              OR line.units <> CASE posting.kind WHEN 'SWIPE' THEN 1 WHEN 'VOID' THEN -1 ELSE 0 END
              OR COALESCE(line.sourceId, 0) <> COALESCE(swipe.id, 0)
              OR COALESCE(line.elderId, 0) <> COALESCE(swipe.elderId, 0)
              OR line.day <> COALESCE(swipe.mealDate, posting.bookedOn)
              OR COALESCE(line.correctsMonth, statement.month)
                   <> CASE WHEN SUBSTR(CAST(line.day AS CHAR), 1, 7) < statement.month
                           THEN SUBSTR(CAST(line.day AS CHAR), 1, 7) ELSE statement.month END`,
  },
  {
    name: 'every line of a statement says what its posting says of its canteen',
    // The LEFT JOINs keep the order of the lines, so that their groups need not be sorted.
    sql: `SELECT line.statementId, line.postingId
            FROM statement_line line
            LEFT JOIN month_statement statement ON statement.id = line.statementId
            LEFT JOIN ledger_entry entry ON entry.postingId = line.postingId
            LEFT JOIN ledger_account account ON account.id = entry.accountId
            LEFT JOIN funder ON account.kind = 'FUNDER' AND funder.id = account.ownerId
           GROUP BY line.statementId, line.postingId
          HAVING SUM(CASE WHEN account.kind = 'CANTEEN_RECEIVABLE' AND account.ownerId = statement.facilityId
                          THEN entry.fen ELSE 0 END) <> MIN(line.grossFen)
              OR SUM(CASE WHEN account.kind = 'FUNDER' AND COALESCE(funder.level, '') <> 'DONOR'
                          THEN -entry.fen ELSE 0 END) <> MIN(line.subsidyFen)
              OR SUM(CASE WHEN funder.level = 'DONOR'
                            OR (account.kind = 'CANTEEN_DISCOUNT' AND account.ownerId = statement.facilityId)
                          THEN -entry.fen ELSE 0 END) <> MIN(line.discountFen)
              OR SUM(CASE WHEN account.kind = 'ELDER' THEN -entry.fen ELSE 0 END) <> MIN(line.selfPaidFen)`,
  },
  sumCheck('CANTEEN', 'statement_line'),
  {
    name: "a canteen's funders together owe its subsidies and what its operator gets",
    sql: `SELECT statement.id
            FROM month_statement statement
            LEFT JOIN statement_share share ON share.statementId = statement.id
           WHERE statement.kind = 'CANTEEN'
           GROUP BY statement.id, statement.subsidyFen, statement.operatorFen
          HAVING COALESCE(SUM(CASE WHEN share.part = 'SUBSIDY' THEN share.fen END), 0) <> statement.subsidyFen
              OR COALESCE(SUM(CASE WHEN share.part NOT IN ('SUBSIDY', 'DONATION') THEN share.fen END), 0) <> statement.operatorFen`,
  },
  {
    name: 'what a funder owes by a statement is what its account says of the lines',
    sql: `SELECT owed.statementId, owed.funderId, SUM(owed.fen) AS fen, SUM(owed.units) AS units
            FROM (SELECT share.statementId, share.funderId, share.fen, -share.units AS units
                    FROM statement_share share
                    JOIN month_statement statement ON statement.id = share.statementId
                   WHERE share.part IN ('SUBSIDY', 'DONATION') AND statement.kind = 'CANTEEN'
                  UNION ALL
                  SELECT line.statementId, account.ownerId, entry.fen, line.units
                    FROM statement_line line
                    JOIN ledger_entry entry ON entry.postingId = line.postingId
                    JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER') owed
           GROUP BY owed.statementId, owed.funderId
          HAVING SUM(owed.fen) <> 0 OR SUM(owed.units) <> 0`,
  },
  {
    name: 'what donors bear is a donation, and what others bear is none',
    sql: `SELECT share.statementId, share.part, share.funderId
            FROM statement_share share
            JOIN funder ON funder.id = share.funderId
           WHERE share.part IN ('SUBSIDY', 'DONATION')
             AND (share.part = 'DONATION') <> (COALESCE(funder.level, '') = 'DONOR')`,
  },
  {
    // What came after its month was submitted, or was under way at that, is settled by the next: a posting waits
    // rightly until a later month was submitted.
    name: 'no posting of a submitted month is left out by the statement of a later one',
    // What is in no statement is found first, once for all months: DISTINCT keeps engines from merging it.
    sql: `SELECT waiting.id, later.id AS statementId
            FROM (SELECT DISTINCT own.ownerId AS facilityId, posting.id, posting.postedAt,
                         SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) AS month
                    FROM ledger_account own
                    JOIN ledger_entry touch ON touch.accountId = own.id
                    LEFT JOIN statement_line line ON line.postingId = touch.postingId
                    JOIN ledger_posting posting ON posting.id = touch.postingId
                   WHERE own.kind IN ('CANTEEN_RECEIVABLE', 'CANTEEN_DISCOUNT')
                     AND line.postingId IS NULL) waiting
            JOIN month_statement statement ON statement.kind = 'CANTEEN' AND statement.facilityId = waiting.facilityId
             AND statement.month = waiting.month AND statement.state <> 'DRAFT'
            JOIN month_statement later ON later.kind = 'CANTEEN' AND later.facilityId = waiting.facilityId
             AND later.month > waiting.month AND later.state <> 'DRAFT'
            JOIN statement_event submitted ON submitted.statementId = later.id AND submitted.event = 'SUBMIT'
             AND submitted.version = (SELECT MAX(last.version) FROM statement_event last
                                       WHERE last.statementId = later.id AND last.event = 'SUBMIT')
           WHERE submitted.at > waiting.postedAt`,
  },
  {
    name: 'no posting is settled before it was booked, and none by two statements',
    sql: `SELECT line.postingId, COUNT(*) AS statements
            FROM statement_line line
            JOIN month_statement statement ON statement.id = line.statementId
            JOIN ledger_posting posting ON posting.id = line.postingId
           GROUP BY line.postingId
          HAVING COUNT(*) > 1
              OR MAX(CASE WHEN SUBSTR(CAST(posting.bookedOn AS CHAR), 1, 7) > statement.month
                          THEN 1 ELSE 0 END) = 1`,
  },
  {
    name: 'every dispute about a meal that was upheld, and no other, is posted once',
    sql: `SELECT dispute.id, COUNT(posting.id) AS postings
            FROM statement_dispute dispute
            LEFT JOIN ledger_posting posting ON posting.kind = 'DISPUTE' AND posting.sourceId = dispute.id
           WHERE dispute.kind = 'CANTEEN'
           GROUP BY dispute.id, dispute.decision
          HAVING COUNT(posting.id) <> CASE WHEN dispute.decision = 'UPHELD' THEN 1 ELSE 0 END`,
  },
  {
    name: 'an upheld dispute gives its funders back what they bore, and charges the canteen with it',
    sql: `SELECT owed.id, owed.accountId, SUM(owed.fen) AS fen
            FROM (SELECT posting.sourceId AS id, entry.accountId, entry.fen
                    FROM ledger_posting posting
                    JOIN ledger_entry entry ON entry.postingId = posting.id
                   WHERE posting.kind = 'DISPUTE'
                  UNION ALL
                  SELECT dispute.id, entry.accountId, entry.fen
                    FROM statement_dispute dispute
                    JOIN ledger_entry entry ON entry.postingId = dispute.postingId
                    JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
                   WHERE dispute.kind = 'CANTEEN' AND dispute.decision = 'UPHELD'
                  UNION ALL
                  SELECT dispute.id, own.id, -entry.fen
                    FROM statement_dispute dispute
                    JOIN month_statement statement ON statement.id = dispute.statementId
                    JOIN ledger_account own ON own.kind = 'CANTEEN_DISCOUNT' AND own.ownerId = statement.facilityId
                    JOIN ledger_entry entry ON entry.postingId = dispute.postingId
                    JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
                   WHERE dispute.kind = 'CANTEEN' AND dispute.decision = 'UPHELD') owed
           GROUP BY owed.id, owed.accountId
          HAVING SUM(owed.fen) <> 0`,
  },
  {
    name: 'every posting of a dispute belongs to one',
    sql: `SELECT posting.id FROM ledger_posting posting
           WHERE posting.kind = 'DISPUTE'
             AND NOT EXISTS (SELECT 1 FROM statement_dispute dispute WHERE dispute.id = posting.sourceId)`,
  },
  {
    name: 'what operators get is owed by its funders once the statement is signed, and not before',
    sql: `SELECT owed.statementId, owed.funderId, SUM(owed.fen) AS fen
            FROM (SELECT share.statementId, share.funderId, share.fen
                    FROM statement_share share
                    JOIN month_statement statement ON statement.id = share.statementId
                   WHERE share.part NOT IN ('SUBSIDY', 'DONATION')
                     AND statement.state IN ('SIGNED', 'PAID', 'FROZEN')
                  UNION ALL
                  SELECT posting.sourceId, account.ownerId, entry.fen
                    FROM ledger_posting posting
                    JOIN ledger_entry entry ON entry.postingId = posting.id
                    JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
                   WHERE posting.kind = 'OPERATOR') owed
           GROUP BY owed.statementId, owed.funderId
          HAVING SUM(owed.fen) <> 0`,
  },
  {
    name: 'what funders owe an operator is owed to the canteen of the statement, and nothing else is',
    sql: `SELECT entry.postingId, account.ownerId
            FROM ledger_account account
            JOIN ledger_entry entry ON entry.accountId = account.id
            JOIN ledger_posting posting ON posting.id = entry.postingId
            LEFT JOIN month_statement statement ON statement.id = posting.sourceId AND posting.kind = 'OPERATOR'
           WHERE account.kind = 'CANTEEN_OPERATOR'
           GROUP BY entry.postingId, account.ownerId, statement.id, statement.facilityId, statement.operatorFen
          HAVING statement.id IS NULL OR statement.facilityId <> account.ownerId
              OR statement.operatorFen <> SUM(entry.fen)`,
  },
  {
    name: 'what operators get is what their meals and the rules say',
    offending: brokenOperatorShares,
  },
];
