import type { AuditCheck } from '../shared/audit-check.js';

/** What must be true of money that was paid out, and of accounts that were closed. */
export const payoutChecks: readonly AuditCheck[] = [
  {
    name: 'every payout is posted once, with its amount from its elder',
    sql: `SELECT o.id
            FROM balance_payout o
            LEFT JOIN ledger_posting p ON p.sourceId = o.id AND p.kind = o.kind
            LEFT JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = o.elderId
            LEFT JOIN ledger_entry n ON n.postingId = p.id AND n.accountId = a.id
           GROUP BY o.id, o.fen
          HAVING COALESCE(SUM(n.fen), 0) <> -o.fen OR COUNT(p.id) <> CASE o.fen WHEN 0 THEN 0 ELSE 1 END`,
  },
  {
    name: 'every posting of a payout belongs to one',
    sql: `SELECT p.id, p.kind, p.sourceId FROM ledger_posting p
           WHERE p.kind IN ('REFUND', 'CLOSING')
             AND NOT EXISTS (SELECT 1 FROM balance_payout o WHERE o.id = p.sourceId AND o.kind = p.kind)`,
  },
  {
    name: 'a closed account has no card that is not closed or replaced',
    sql: `SELECT c.id, c.status FROM balance_payout o JOIN meal_card c ON c.elderId = o.closedElderId
           WHERE c.status NOT IN ('CLOSED', 'REPLACED')`,
  },
  {
    name: 'a closed account is the one that the closing was for',
    sql: `SELECT id FROM balance_payout WHERE closedElderId <> elderId`,
  },
];
