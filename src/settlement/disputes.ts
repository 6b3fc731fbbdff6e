import type { EntityManager } from 'typeorm';
import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { isMonth } from '../shared/month.js';
import { insertRows } from '../shared/statements.js';
import { type Acting, personTowards } from './find-person.js';
import { lastSubmission, readStatement, type Statement, type StatementKey } from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';
import { refuseState, refuseStatement, type StatementRefusal } from './settlement-refusals.js';
import { type DisputeStep, disputedIn, disputeStateOf, mayTake, noteOf } from './statement.rules.js';

interface DisputeRequest {
  acting: Acting & { accountId: number };
  /** The reason, the answer, or the reason of the decision: 1 to 200 characters. */
  words: string;
  now: Date;
}

export interface NewDispute extends DisputeRequest, StatementKey {
  /** The posting of the line. */
  lineId: number;
  /** An unused id. */
  disputeId: number;
}

/** The street doubts a line that costs a funder money. */
export async function disputeLine(
  manager: EntityManager,
  kind: SettlementKind,
  request: NewDispute,
  scope: Scope,
): Promise<Statement | StatementRefusal> {
  const { facilityId, lineId, disputeId, acting, now } = request;
  if (!isMonth(request.month)) return refuseStatement('MONTH_INVALID');
  const known = await kind.lock(manager, facilityId);
  if (!known || !(await covers(manager, scope, facilityId, dayOf(now))))
    return refuseStatement('STATEMENT_UNKNOWN');
  const statement = await readStatement(manager, kind.name, request);
  const refusal = await refusalOfStep(manager, 'DISPUTE', statement, request, 'reason');
  if (refusal) return refusal;
  const lines: { sourceId: number | string | null; disputeId: number | null }[] = await manager.query(
    `SELECT ${kind.lines.source} AS sourceId, dispute.id AS disputeId
         FROM ${kind.lines.name} line
         LEFT JOIN statement_dispute dispute ON dispute.kind = ? AND dispute.postingId = line.postingId
        WHERE line.statementId = ? AND line.postingId = ?`,
    [kind.name, statement.id, lineId],
  );
  const [line] = lines;
  if (!line || statement.id === null) return refuseStatement('LINE_UNKNOWN');
  const isDisputable = line.disputeId === null && (await kind.bornByFunders(manager, lineId)) > 0;
  if (!isDisputable) return refuseStatement('LINE_NOT_DISPUTABLE');
  await insertRows(
    manager,
    'statement_dispute',
    ['id', 'statementId', 'kind', 'postingId', 'sourceId', 'reason', 'raisedById', 'raisedAt'],
    [
      [
        disputeId,
        statement.id,
        kind.name,
        lineId,
        line.sourceId,
        noteOf(request.words),
        acting.accountId,
        now.getTime(),
      ],
    ],
  );
  return statement;
}

/** The statement is named beside the dispute, so that its facility is locked before anything is read. */
export interface ToDispute extends DisputeRequest, StatementKey {
  disputeId: number;
}

/** The facility says what there is to say for the line. */
export async function answerDispute(
  manager: EntityManager,
  kind: SettlementKind,
  request: ToDispute,
  scope: Scope,
): Promise<Statement | StatementRefusal> {
  const found = await lockDispute(manager, kind, request, scope);
  if (!found) return refuseStatement('DISPUTE_UNKNOWN');
  const refusal = await refusalOfStep(manager, 'ANSWER', found.statement, request, 'answer');
  if (refusal) return refusal;
  if (disputeStateOf(found) !== 'OPEN') return refuseStatement('OUT_OF_TURN');
  if (found.raisedById === request.acting.accountId) return refuseStatement('SAME_PERSON', ['disputeId']);
  await manager.query('UPDATE statement_dispute SET answer = ?, answeredById = ? WHERE id = ?', [
    noteOf(request.words),
    request.acting.accountId,
    request.disputeId,
  ]);
  return found.statement;
}

export interface Decision extends ToDispute {
  decision: DisputeDecision;
  /** An unused id for the posting of a dispute that is upheld. */
  postingId: number;
}

/**
 * The street decides. The lines stay as they were submitted: a dispute that is upheld is posted, so that the
 * facility bears the subsidy itself, and comes into the next month's statement as a correction.
 */
export async function decideDispute(
  manager: EntityManager,
  kind: SettlementKind,
  request: Decision,
  scope: Scope,
): Promise<Statement | StatementRefusal> {
  const { disputeId, decision, postingId, acting, now } = request;
  const found = await lockDispute(manager, kind, request, scope);
  if (!found) return refuseStatement('DISPUTE_UNKNOWN');
  const refusal = await refusalOfStep(manager, 'DECIDE', found.statement, request, 'reason');
  if (refusal) return refusal;
  if (disputeStateOf(found) !== 'ANSWERED') return refuseStatement('OUT_OF_TURN');
  const isTheirs = (await lastSubmission(manager, found.statement))?.byId === acting.accountId;
  if (isTheirs || found.answeredById === acting.accountId) {
    return refuseStatement('SAME_PERSON', ['disputeId']);
  }
  if (decision === 'UPHELD') {
    const { facilityId } = found.statement;
    const line = { disputeId, postingId: found.postingId, sourceId: found.sourceId, facilityId };
    if (!(await kind.canUphold(manager, line))) return refuseStatement('LINE_NOT_DISPUTABLE', ['decision']);
    await kind.uphold(manager, line, { postingId, now });
  }
  await manager.query(
    'UPDATE statement_dispute SET decision = ?, decisionReason = ?, decidedById = ?, decidedAt = ? WHERE id = ?',
    [decision, noteOf(request.words), acting.accountId, now.getTime(), disputeId],
  );
  return found.statement;
}

/** Why this person may not take this step on that statement now, by the name of the argument at fault. */
async function refusalOfStep(
  manager: EntityManager,
  step: DisputeStep,
  { facilityId, state }: Statement,
  { acting, words, now }: DisputeRequest,
  field: string,
): Promise<StatementRefusal | undefined> {
  const person = await personTowards(manager, acting, facilityId, dayOf(now));
  const subject = step === 'DISPUTE' ? 'canteenId' : 'disputeId';
  if (!mayTake(step, person)) return refuseStatement('NOT_ENTITLED', [subject]);
  if (state !== disputedIn) return refuseState(state);
  return noteOf(words) === undefined ? refuseStatement('NOTE_INVALID', [field]) : undefined;
}

interface FoundDispute {
  statement: Statement;
  postingId: number;
  sourceId: number | null;
  answer: string | null;
  decision: DisputeDecision | null;
  raisedById: number;
  answeredById: number | null;
}

/** The dispute, behind the lock of its facility; undefined when it lies outside the scope. */
async function lockDispute(
  manager: EntityManager,
  kind: SettlementKind,
  { disputeId, facilityId, month, now }: ToDispute,
  scope: Scope,
): Promise<FoundDispute | undefined> {
  if (!(await kind.lock(manager, facilityId))) return undefined;
  if (!(await covers(manager, scope, facilityId, dayOf(now)))) return undefined;
  const statement = await readStatement(manager, kind.name, { facilityId, month });
  const rows: (Omit<FoundDispute, 'statement'> & { postingId: number | string })[] = await manager.query(
    `SELECT postingId, sourceId, answer, decision, raisedById, answeredById
       FROM statement_dispute WHERE id = ? AND statementId = ?`,
    [disputeId, statement.id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const sourceId = row.sourceId === null ? null : Number(row.sourceId);
  return { ...row, statement, postingId: Number(row.postingId), sourceId };
}

/** By which statement a dispute is, which never changes; undefined when there is no such dispute. */
export async function keyOfDispute(
  manager: EntityManager,
  disputeId: number,
): Promise<(StatementKey & { kind: StatementKind }) | undefined> {
  const rows: (StatementKey & { kind: StatementKind })[] = await manager.query(
    `SELECT statement.kind, statement.facilityId, statement.month
       FROM statement_dispute dispute
       JOIN month_statement statement ON statement.id = dispute.statementId
      WHERE dispute.id = ?`,
    [disputeId],
  );
  return rows[0];
}
