import type { AuditCheck } from '../shared/audit-check.js';
import { approvals, type Transition, transitions } from './statement.rules.js';

/** What must be true of the steps of statements, of whatever kind: they are a walk through the table of transitions. */
export const eventChecks: readonly AuditCheck[] = [
  {
    name: 'the last event of a statement led to the state that it is in',
    sql: `SELECT statement.id FROM month_statement statement
           WHERE NOT EXISTS (SELECT 1 FROM statement_event event
                              WHERE event.statementId = statement.id AND event.version = statement.version
                                AND event.toState = statement.state)`,
  },
  {
    name: 'every event of a statement is a step from where the one before has led, and none is missing',
    sql: `SELECT event.statementId, event.version
            FROM statement_event event
            JOIN month_statement statement ON statement.id = event.statementId
            LEFT JOIN statement_event earlier
              ON earlier.statementId = event.statementId AND earlier.version = event.version - 1
           WHERE (event.version = 1) <> (earlier.version IS NULL)
              OR event.version > statement.version
              OR NOT (${transitions.map(isTaken).join(' OR ')})`,
  },
  {
    name: 'nobody takes two steps of a statement in a row, and nobody approves what they submitted',
    sql: `SELECT event.statementId, event.version
            FROM statement_event event
            LEFT JOIN statement_event earlier
              ON earlier.statementId = event.statementId AND earlier.version = event.version - 1
            LEFT JOIN statement_event submitted
              ON submitted.statementId = event.statementId
             AND submitted.version = (SELECT MAX(last.version) FROM statement_event last
                                       WHERE last.statementId = event.statementId AND last.event = 'SUBMIT'
                                         AND last.version < event.version)
           WHERE earlier.byId = event.byId
              OR (submitted.byId = event.byId AND event.event IN (${approvals.map(quoted).join(', ')}))`,
  },
  {
    name: 'nobody answers a dispute that they raised, or decides on one that they answered',
    sql: `SELECT id FROM statement_dispute WHERE answeredById = raisedById OR decidedById = answeredById`,
  },
];

/** SQL that is true of an `event` behind its `earlier` one that is this transition. */
function isTaken({ event, from, to, note }: Transition): string {
  return `(event.event = '${event}' AND COALESCE(earlier.toState, 'DRAFT') = '${from}' AND event.toState = '${to}'
           AND event.note IS ${note === null ? 'NULL' : 'NOT NULL'})`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
