import type { EntityManager } from 'typeorm';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import { type Actor, type AuditRow, appendRecord, auditRow, done, type Subject } from './audit-record.js';
import { boundedDetails } from './masking.rules.js';

/** What a write is about, as it stands at one moment. The values are masked by whoever knows what they are. */
export interface AuditedState {
  about: Subject;
  values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the state that a write changes: first without a result, which locks what it reads so that nobody changes it
 * in between, and again with the result of a write that was done. Undefined when there is none.
 */
export type ReadState<Result> = (
  manager: EntityManager,
  result?: Result,
) => Promise<AuditedState | undefined>;

/** What only the work could find out. */
export interface ToldOf extends Subject {
  /** What was asked, masked by whoever knows what it is. */
  asked?: unknown;
  /** Where the caller was told less than the log is. */
  result?: string;
}

export interface RecordedWrite<Result> {
  /** An unused id for the record. */
  id: number;
  at: Date;
  actor: Actor;
  operation: string;
  /** What was asked, masked. */
  asked?: unknown;
  /** Ids that are known from the request alone. */
  about?: Subject;
  state?: ReadState<Result> | undefined;
  told?: ((result: Result) => ToldOf) | undefined;
}

/**
 * Runs a write and appends its record in the same transaction: both are committed, or neither. A refusal, which
 * writes nothing else, leaves a record too.
 */
export async function writeOnRecord<Result>(
  manager: EntityManager,
  write: RecordedWrite<Result>,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const before = await write.state?.(manager);
  const result = await work(manager);
  const after = refusalIn(result) ? undefined : await write.state?.(manager, result);
  await appendRecord(manager, recordOfResult(write, result, { before, after }));
  return result;
}

/** The record of what came of a write, for whoever writes it down together with others. */
export function recordOfResult<Result>(
  write: Omit<RecordedWrite<Result>, 'state'>,
  result: Result,
  { before, after }: { before?: AuditedState | undefined; after?: AuditedState | undefined } = {},
): AuditRow {
  const { id, at, actor, operation, about } = write;
  const refused = refusalIn(result);
  const { asked = write.asked, ...more } = write.told?.(result) ?? {};
  const entry = {
    operation,
    result: refused ? String(refused.refused) : done,
    ...about,
    ...before?.about,
    ...after?.about,
    ...more,
    details: boundedDetails({ asked, before: before?.values, after: after?.values }),
  };
  return auditRow(id, at, actor, entry);
}

function refusalIn(result: unknown): Refusal<string> | undefined {
  return typeof result === 'object' && result !== null && isRefusal(result) ? result : undefined;
}
