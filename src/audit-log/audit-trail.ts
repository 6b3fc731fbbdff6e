import type { EntityManager } from 'typeorm';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import type { IdBlocks } from '../shared/ids.js';
import type { Prepared } from '../shared/prepared.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import type { AuditNotes } from './audit-notes.js';
import type { Actor, AuditEntry, Subject } from './audit-record.js';
import { boundedDetails, maskedInput } from './masking.rules.js';
import { type ReadState, type RecordedWrite, type ToldOf, writeOnRecord } from './write-on-record.js';

export interface AuditTrailServices {
  database: Database;
  ids: IdBlocks;
  notes: AuditNotes;
  /** The machine's own clock: nobody who may set the clock of the business dates the log with it. */
  clock: Clock;
}

/** What a record says of a write beyond who asked for what. */
export interface Audited<Result> {
  /** Ids that are known from the request alone. */
  about?: Subject;
  /** What the write changes, read before and after. */
  state?: ReadState<Result>;
  /** What only the work found out. */
  told?: (result: Result) => ToldOf;
}

/**
 * What one request leaves in the audit log. The guard tells it which mutation begins; root fields of a mutation
 * run one after another, so one at a time is under way.
 */
export class AuditTrail {
  private operation = '';
  private asked: unknown;
  /** True once the mutation under way has its record. */
  recorded = false;

  constructor(
    private readonly services: AuditTrailServices,
    private readonly actor: Actor,
  ) {}

  begin(operation: string, asked: unknown): void {
    this.operation = operation;
    this.asked = asked;
    this.recorded = false;
  }

  /**
   * The write of the mutation under way: `work` runs in one transaction together with its record, so that both are
   * committed or neither. `work` may run several times, as in `Database.write`.
   */
  async write<Result>(
    work: (manager: EntityManager) => Promise<Result>,
    audited: Audited<Result> = {},
  ): Promise<Result> {
    const { database } = this.services;
    return this.writeBy((write) => database.write((manager) => writeOnRecord(manager, write, work)), audited);
  }

  /**
   * Like `write`, where `run` has the transaction, such as one that several requests share: it has to append the record
   * in it.
   */
  async writeBy<Result>(
    run: (write: RecordedWrite<Result>) => Promise<Result>,
    { about, state, told }: Audited<Result> = {},
  ): Promise<Result> {
    const { ids, clock } = this.services;
    const { actor, operation } = this;
    // Taken before the transaction: reserving ids is a transaction of its own.
    const id = await ids.take(1);
    const asked = maskedInput(this.asked);
    const write = { id, at: clock.now(), actor, operation, asked, ...(about ? { about } : {}), state, told };
    const result = await run(write);
    this.recorded = true;
    return result;
  }

  /**
   * Like `write`, for what was prepared before it. What was refused while it was prepared writes nothing, so its record
   * shares a transaction with others: a flood of wrong passwords must not become one of commits.
   */
  async writePrepared<Result, Refused extends Refusal<string>>(
    prepared: Prepared<Result, Refused>,
    audited: Audited<Result | Refused> = {},
  ): Promise<Result | Refused> {
    if (!isRefusal(prepared)) return this.write(prepared, audited);
    const { asked = maskedInput(this.asked), ...more } = audited.told?.(prepared) ?? {};
    const details = boundedDetails({ asked });
    await this.note({ operation: this.operation, result: String(prepared.refused), ...more, details });
    this.recorded = true;
    return prepared;
  }

  /**
   * The record of something that writes nothing else, such as an unmasked look. It is on the disk when the promise
   * resolves, so wait for it before the answer is given.
   */
  note(entry: AuditEntry): Promise<void> {
    return this.services.notes.add(this.actor, entry);
  }

  /** The record of a refusal or a failure. It is given even when it cannot be recorded. */
  async refused(operation: string, result: string, asked?: unknown, about: Subject = {}): Promise<void> {
    const details = boundedDetails({ asked: asked === undefined ? undefined : maskedInput(asked) });
    await this.services.notes.tryAdd(this.actor, { operation, result, ...about, details });
    this.recorded = true;
  }
}
