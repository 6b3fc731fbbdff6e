import type { AuditCheck } from '../../shared/audit-check.js';

/** What was once kept of a flag at most. One that was found then holds no more until it grows. */
const keptMaxBefore = 50;

/** What must be true of signs of fraud. */
export const flagChecks: readonly AuditCheck[] = [
  {
    name: 'a flag is in the state that its last step led to',
    sql: `SELECT f.id, f.state
            FROM fraud_flag f
            LEFT JOIN fraud_flag_event v
              ON v.flagId = f.id AND v.number = (SELECT MAX(n.number) FROM fraud_flag_event n WHERE n.flagId = f.id)
           WHERE COALESCE(v.toState, '') <> f.state`,
  },
  {
    name: 'no swipe is missing from what a flag shows, but for those beyond what is kept',
    sql: `SELECT f.id, f.swipes, COUNT(x.swipeId) AS kept
            FROM fraud_flag f LEFT JOIN fraud_flag_swipe x ON x.flagId = f.id
           GROUP BY f.id, f.swipes
          HAVING COUNT(x.swipeId) < f.swipes AND COUNT(x.swipeId) <> ${keptMaxBefore}`,
  },
];
