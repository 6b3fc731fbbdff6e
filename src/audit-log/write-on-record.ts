import type { EntityManager } from 'typeorm';
import { isRefusal } from '../shared/refusal.js';
import { type Actor, type AuditRow, appendRecords, auditRow, done, type Subject } from './audit-record.js';
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
  const { state } = write;
  const before = await state?.(manager);
  const result = await work(manager);
  const after = refusedAs(result) ? undefined : await state?.(manager, result);
  await appendRecords(manager, [recordOf(write, result, before, after)]);
  return result;
}

/** A write that shares its transaction with others, and what came of it. */
export interface DoneOnRecord<Result> {
  write: Omit<RecordedWrite<Result>, 'state'>;
  result: Result;
}

/** Appends the records of writes that shared a transaction, in it. Two statements, however many. */
export async function putOnRecord<Result>(
  manager: EntityManager,
  writes: readonly DoneOnRecord<Result>[],
): Promise<void> {
  await appendRecords(
    manager,
    writes.map(({ write, result }) => recordOf(write, result)),
  );
}

/** The record of what came of a write, for whoever writes it down together with more. */
export function recordOf<Result>(
  { id, at, actor, operation, about, told, ...write }: Omit<RecordedWrite<Result>, 'state'>,
  result: Result,
  before?: AuditedState,
  after?: AuditedState,
): AuditRow {
  const { asked = write.asked, ...more } = told?.(result) ?? {};
  return auditRow(id, at, actor, {
    operation,
    result: refusedAs(result) ?? done,
    ...about,
    ...before?.about,
    ...after?.about,
    ...more,
    details: boundedDetails({ asked, before: before?.values, after: after?.values }),
  });
}

function refusedAs(result: unknown): string | undefined {
  const isRefused = typeof result === 'object' && result !== null && isRefusal(result);
  return isRefused ? String(result.refused) : undefined;
}
