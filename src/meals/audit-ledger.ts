import type { AuditCheck } from '../shared/audit-check.js';

/** `of` divided by a number and rounded down; `/` alone rounds on one engine and not on the other. */
const divided = (of: string, by: number) => `((${of}) - (${of}) % ${by}) / ${by}`;

/** Days since 1970 of a day as its text YYYY-MM-DD, in arithmetic that both engines have; years begin in March. */
function dayNumber(day: string): string {
  const part = (from: number, length: number) => `CAST(SUBSTR(${day}, ${from}, ${length}) AS SIGNED)`;
  const isEarly = `CASE WHEN ${part(6, 2)} < 3 THEN 1 ELSE 0 END`;
  const year = `(${part(1, 4)} - ${isEarly})`;
  const month = `(${part(6, 2)} - 3 + 12 * ${isEarly})`;
  const leapDays = `${divided(year, 4)} - ${divided(year, 100)} + ${divided(year, 400)}`;
  return `365 * ${year} + ${leapDays} + ${divided(`153 * ${month} + 2`, 5)} + ${part(9, 2)} - 719469`;
}

/** What must be true of postings, of whatever kind. */
export const ledgerChecks: readonly AuditCheck[] = [
  {
    name: 'every posting is booked on the day in China on which it was written',
    // The days are few and the postings many: a day's first and last one tell for all of it.
    sql: `SELECT booked.day, booked.firstAt, booked.lastAt
            FROM (SELECT CAST(bookedOn AS CHAR) AS day, MIN(postedAt) AS firstAt, MAX(postedAt) AS lastAt
                    FROM ledger_posting GROUP BY bookedOn) booked
           WHERE ${divided('booked.firstAt + 28800000', 86_400_000)} <> ${dayNumber('booked.day')}
              OR ${divided('booked.lastAt + 28800000', 86_400_000)} <> ${dayNumber('booked.day')}`,
  },
  {
    name: 'every posting touches the accounts of its kind alone, of one canteen and one elder at most',
    // The LEFT JOINs make MariaDB begin with the entries, which are in the order of their postings, and not with accounts.
    sql: `SELECT entry.postingId AS id, MIN(posting.kind) AS kind
            FROM ledger_entry entry
            LEFT JOIN ledger_posting posting ON posting.id = entry.postingId
            LEFT JOIN ledger_account account ON account.id = entry.accountId
           GROUP BY entry.postingId
          HAVING MIN(CASE WHEN account.kind LIKE 'CANTEEN%' THEN account.ownerId END)
                   <> MAX(CASE WHEN account.kind LIKE 'CANTEEN%' THEN account.ownerId END)
              OR MIN(CASE WHEN account.kind = 'ELDER' THEN account.ownerId END)
                   <> MAX(CASE WHEN account.kind = 'ELDER' THEN account.ownerId END)
              OR SUM(CASE WHEN CASE posting.kind
                                 WHEN 'OPERATOR' THEN account.kind IN ('FUNDER', 'CANTEEN_OPERATOR')
                                 WHEN 'DISPUTE' THEN account.kind IN ('FUNDER', 'CANTEEN_DISCOUNT')
                                 WHEN 'TOP_UP' THEN account.kind IN ('ELDER', 'CASH')
                                 WHEN 'REFUND' THEN account.kind IN ('ELDER', 'CASH')
                                 WHEN 'CLOSING' THEN account.kind IN ('ELDER', 'CASH')
                                 ELSE account.kind NOT IN ('CASH', 'CANTEEN_OPERATOR') END
                          THEN 0 ELSE 1 END) > 0`,
  },
];
