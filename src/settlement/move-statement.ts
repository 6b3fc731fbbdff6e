import type { EntityManager } from 'typeorm';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { isMonth } from '../shared/month.js';
import { isRefusal } from '../shared/refusal.js';
import { affectedRows, insertRows } from '../shared/statements.js';
import { type Acting, personTowards } from './find-person.js';
import { fixLines, noSums, releaseLines } from './fix-lines.js';
import { isOver } from './month.rules.js';
import {
  lastStepBy,
  lastSubmission,
  readStatement,
  type Statement,
  type StatementKey,
} from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';
import { refuseEarlier, refuseFault, refuseStatement, type StatementRefusal } from './settlement-refusals.js';
import { faultOf, noteOf, type StatementEventName, transitionOf } from './statement.rules.js';

export interface StepRequest extends StatementKey {
  event: StatementEventName;
  acting: Acting;
  note?: string | null | undefined;
  version?: number | undefined;
  now: Date;
  /** An unused id for the posting of what the operator gets; a signature needs it. */
  postingId?: number | undefined;
}

/**
 * Takes one step in the life of a statement, or says why not. Steps of one facility pass one at a time, so of
 * two that race the second finds the state that the first has left.
 */
export async function moveStatement(
  manager: EntityManager,
  kind: SettlementKind,
  request: StepRequest,
  scope: Scope,
): Promise<Statement | StatementRefusal> {
  const { facilityId, month, event, now } = request;
  if (!isMonth(month)) return refuseStatement('MONTH_INVALID');
  const today = dayOf(now);
  const known = await kind.lock(manager, facilityId);
  if (!known || !(await covers(manager, scope, facilityId, today)))
    return refuseStatement('STATEMENT_UNKNOWN');
  const statement = await readStatement(manager, kind.name, request);
  const person = await personTowards(manager, request.acting, facilityId, today);
  const lastById = await lastStepBy(manager, statement);
  const submittedById = (await lastSubmission(manager, statement))?.byId;
  const { note, version } = request;
  const fault = faultOf({ ...statement, lastById, submittedById }, { event, person, note, version });
  if (fault) return refuseFault(fault, statement.state);
  const stored = await storedStatement(manager, kind, statement, request);
  if (isRefusal(stored)) return stored;
  const linesDigest = await applyEvent(manager, kind, stored, request);
  return record(manager, stored, request, linesDigest);
}

/** The statement with its row; a first submission makes one. */
async function storedStatement(
  manager: EntityManager,
  kind: SettlementKind,
  statement: Statement,
  { event, now }: StepRequest,
): Promise<(Statement & { id: number }) | StatementRefusal> {
  const { facilityId, month, id } = statement;
  if (event === 'SUBMIT') {
    if (!isOver(month, now)) return refuseStatement('MONTH_NOT_OVER');
    const earlier = await kind.earlierOpenMonth(manager, facilityId, month);
    if (earlier !== undefined) return refuseEarlier(earlier);
  }
  if (event === 'REVIEW' && (await hasOpenDisputes(manager, id))) return refuseStatement('DISPUTES_OPEN');
  if (id !== null) return { ...statement, id };
  const columns = ['kind', 'facilityId', 'month', 'state', 'version', ...Object.keys(noSums)];
  await insertRows(manager, 'month_statement', columns, [
    [kind.name, facilityId, month, 'DRAFT', 0, ...Object.values(noSums)],
  ]);
  const inserted = await readStatement(manager, kind.name, statement);
  if (inserted.id === null) throw new Error(`the statement of ${facilityId} in ${month} was not inserted`);
  return { ...inserted, id: inserted.id };
}

async function hasOpenDisputes(manager: EntityManager, id: number | null): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM statement_dispute WHERE statementId = ? AND decision IS NULL LIMIT 1',
    [id],
  );
  return rows.length > 0;
}

/** Answers the digest of what was written down, where the step does that. */
async function applyEvent(
  manager: EntityManager,
  kind: SettlementKind,
  statement: Statement & { id: number },
  request: StepRequest,
): Promise<string | null> {
  const { event } = request;
  if (event === 'SUBMIT') return fixLines(manager, kind, statement);
  if (event === 'RETURN') await releaseLines(manager, kind, statement.id);
  if (event === 'SIGN') await oweOperator(manager, kind, statement, request);
  return null;
}

/** A signed statement never goes back, so what the operator gets is owed from then on. */
async function oweOperator(
  manager: EntityManager,
  kind: SettlementKind,
  { id: statementId, facilityId }: Statement & { id: number },
  { postingId, now }: StepRequest,
): Promise<void> {
  const rows: { funderId: number; fen: number | string }[] = await manager.query(
    `SELECT funderId, SUM(fen) AS fen FROM statement_share
      WHERE statementId = ? AND part NOT IN ('SUBSIDY', 'DONATION')
      GROUP BY funderId HAVING SUM(fen) <> 0 ORDER BY funderId`,
    [statementId],
  );
  if (rows.length === 0) return;
  if (postingId === undefined) throw new Error(`statement ${statementId} is signed without a posting's id`);
  const shares = rows.map(({ funderId, fen }) => ({ funderId, fen: Number(fen) }));
  await kind.owe(manager, { statementId, facilityId, shares }, { postingId, now });
}

async function record(
  manager: EntityManager,
  statement: Statement & { id: number },
  { event, acting, note, now }: StepRequest,
  linesDigest: string | null,
): Promise<Statement> {
  const { id, state: from } = statement;
  const { to, note: wanted } = transitionOf(event);
  const version = statement.version + 1;
  const moved = await affectedRows(
    manager,
    'UPDATE month_statement SET state = ?, version = ? WHERE id = ? AND state = ? AND version = ?',
    [to, version, id, from, statement.version],
  );
  if (moved !== 1) throw new Error(`statement ${id} was moved by two at once: its lock did not hold`);
  await insertRows(
    manager,
    'statement_event',
    ['statementId', 'version', 'event', 'toState', 'byId', 'at', 'note', 'linesDigest'],
    [
      [
        ...[id, version, event, to, acting.accountId, now.getTime()],
        ...[wanted === null ? null : noteOf(note), linesDigest],
      ],
    ],
  );
  return { ...statement, state: to, version };
}
