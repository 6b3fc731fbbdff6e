import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { BedOperation } from '../../entities/beds/bed-request.entity.js';
import { insertRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';

export interface BedRequested {
  /** As the caller sent it. */
  requestId: string;
  operation: BedOperation;
  /** What was asked beside the id; the same content is the same request. */
  content: readonly (string | number | null)[];
}

export function requestIdFault({ requestId }: { requestId: string }): BedRefusal | undefined {
  return isUuid(requestId) ? undefined : refuseBed('REQUEST_ID_MALFORMED', ['requestId']);
}

/** A row of bed_request. */
export interface AnswerRow {
  operation: string;
  contentHash: string;
  rowId: number | string;
}

/** What came of the request when it was sent before: the row, or a refusal when it asked for something else. */
export type EarlierAnswer = { rowId: number } | BedRefusal | undefined;

export async function earlierAnswer(manager: EntityManager, requested: BedRequested): Promise<EarlierAnswer> {
  const [row]: AnswerRow[] = await manager.query(
    'SELECT operation, contentHash, rowId FROM bed_request WHERE requestId = ?',
    [requested.requestId.toLowerCase()],
  );
  return row && answerOf(row, requested);
}

export function answerOf(row: AnswerRow, requested: BedRequested): { rowId: number } | BedRefusal {
  const isSame = row.operation === requested.operation && row.contentHash === hashOf(requested);
  return isSame ? { rowId: Number(row.rowId) } : refuseBed('REQUEST_ID_REUSED', ['requestId']);
}

/** What came of a request. */
export interface BedAnswered {
  requested: BedRequested;
  rowId: number;
  now: Date;
}

/** Two requests with one id at once: the second finds the key taken, runs again, and is then answered as the first. */
export function keepAnswers(manager: EntityManager, answered: readonly BedAnswered[]): Promise<void> {
  return insertRows(
    manager,
    'bed_request',
    ['requestId', 'operation', 'contentHash', 'rowId', 'answeredAt'],
    answered.map(({ requested, rowId, now }) => [
      ...[requested.requestId.toLowerCase(), requested.operation, hashOf(requested), rowId, now.getTime()],
    ]),
  );
}

export function keepAnswer(
  manager: EntityManager,
  requested: BedRequested,
  rowId: number,
  now: Date,
): Promise<void> {
  return keepAnswers(manager, [{ requested, rowId, now }]);
}

function hashOf({ content }: BedRequested): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
