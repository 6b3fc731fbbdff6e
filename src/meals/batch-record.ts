import { createHash } from 'node:crypto';
import { type AuditRow, auditRow, done } from '../audit-log/audit-record.js';
import type { Recording, SwipeRequest } from './record-swipes.js';
import type { SwipeAnswer } from './swipe-receipt.js';

export interface AnsweredBatch {
  requests: readonly SwipeRequest[];
  answers: readonly SwipeAnswer[];
  recording: Recording;
}

/** A batch of many readers stays a line of this length; the hash covers all of them. */
const sendersLengthMax = 20_000;

/** A batch that only repeated earlier answers wrote nothing and refused nobody. */
export function leavesRecord(answers: readonly SwipeAnswer[]): boolean {
  return answers.some(({ replayed }) => !replayed);
}

/**
 * The one record of a batch in the audit log: how many swipes, with which outcomes, from which readers at which
 * addresses, the ids of the rows, and a hash over all that was written. Who doubts a swipe finds its rows by the
 * ids, and the hash again from their columns.
 */
export function batchRecord(
  { requests, answers, recording }: AnsweredBatch,
  rows: readonly unknown[][],
): AuditRow {
  const { firstId, recordedAt } = recording;
  const outcomes: Record<string, number> = {};
  for (const { outcome, replayed } of answers) {
    const name = replayed ? 'REPLAYED' : outcome;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  const readerId = onlyOne(requests.map((request) => request.readerId));
  const canteenId = onlyOne(requests.map((request) => request.canteenId));
  const address = onlyOne(requests.map((request) => request.address ?? null));
  const names = Object.keys(outcomes);
  const refused = names.every((name) => name === 'READER_NOT_ACTIVE') ? names[0] : undefined;
  const kept = rows.length === 0 ? {} : { ids: [rows[0]?.[0], rows.at(-1)?.[0]], sha256: hashOf(rows) };
  const details = { swipes: answers.length, outcomes, readers: sendersOf(requests), ...kept };
  return auditRow(
    firstId + requests.length,
    recordedAt,
    { accountId: readerId, roles: ['READER'], address, requestId: null, facilityId: canteenId },
    {
      operation: 'recordSwipes',
      result: refused ?? done,
      times: answers.length,
      details: JSON.stringify(details),
    },
  );
}

/** SHA-256 over the rows as they were inserted, in the order of their ids. */
function hashOf(rows: readonly unknown[][]): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** Each reader once, with the address it called from. */
function sendersOf(requests: readonly SwipeRequest[]): string {
  const senders = new Set<string>();
  for (const { readerId, address } of requests)
    senders.add(address ? `${readerId}@${address}` : `${readerId}`);
  const text = [...senders].join(' ');
  return text.length <= sendersLengthMax ? text : `${text.slice(0, sendersLengthMax)} …`;
}

/** The value that all share; null when they differ. */
function onlyOne<Value>(values: readonly Value[]): Value | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}
