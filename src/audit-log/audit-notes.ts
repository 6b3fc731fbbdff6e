import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { Gatherer } from '../shared/gatherer.js';
import type { IdBlocks } from '../shared/ids.js';
import { writeTogether } from '../shared/statements.js';
import { type Actor, type AuditEntry, auditInserts, auditRow } from './audit-record.js';

/** How many records may share a transaction. */
const batchSizeMax = 500;

interface Note {
  actor: Actor;
  entry: AuditEntry;
}

/**
 * Records of what wrote nothing else: refused accesses, unmasked looks. Those that come at once share a transaction,
 * and equal ones share a record that counts them, so that a flood of refused calls is a few rows and a few commits.
 */
export class AuditNotes {
  private readonly notes: Gatherer<Note, undefined>;

  /** Told of refusals that could not be recorded; the server sets it to its log. */
  onFailure: (error: unknown) => void = () => undefined;

  constructor(private readonly options: { database: Database; ids: IdBlocks; clock: Clock }) {
    this.notes = new Gatherer((notes) => this.write(notes), batchSizeMax);
  }

  /** Resolves when the record is on the disk; rejects when it could not be written. */
  async add(actor: Actor, entry: AuditEntry): Promise<void> {
    await this.notes.add({ actor, entry });
  }

  /**
   * For a refusal, which must be given whether or not it can be recorded: a database that is out of reach lets
   * nobody in either. The failure goes to the log of the server.
   */
  async tryAdd(actor: Actor, entry: AuditEntry): Promise<void> {
    try {
      await this.add(actor, entry);
    } catch (error) {
      this.onFailure(error);
    }
  }

  /** Resolves when nothing is waiting or under way. */
  settled(): Promise<void> {
    return this.notes.settled();
  }

  private async write(notes: readonly Note[]): Promise<undefined[]> {
    const { database, ids, clock } = this.options;
    const distinct = counted(notes);
    const firstId = await ids.take(distinct.length);
    const now = clock.now();
    const rows = distinct.map(({ actor, entry }, index) => auditRow(firstId + index, now, actor, entry));
    await database.write((manager) => writeTogether(manager, auditInserts(rows)));
    return notes.map(() => undefined);
  }
}

/** Equal but for the request and the details, of which the first stand for all. */
function counted(notes: readonly Note[]): Note[] {
  const byKey = new Map<string, Note>();
  for (const { actor, entry } of notes) {
    const { operation, result, facilityId, elderId, subject, times = 1 } = entry;
    const who = [actor.accountId, actor.address, operation, result];
    const key = JSON.stringify([...who, facilityId ?? null, elderId ?? null, subject ?? null]);
    const earlier = byKey.get(key);
    const total = (earlier?.entry.times ?? 0) + times;
    byKey.set(key, { actor: earlier?.actor ?? actor, entry: { ...(earlier?.entry ?? entry), times: total } });
  }
  return [...byKey.values()];
}
