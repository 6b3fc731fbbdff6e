import type { EntityManager } from 'typeorm';
import type { Database } from '../shared/database.js';
import { affectedRows, insertRows, placeholders } from '../shared/statements.js';
import type { Head } from './chain.rules.js';
import { logStart } from './link-records.js';

export interface Pruning {
  /** Records older than this go, as far as none that is kept stands before them in the chain. */
  before: Date;
  now: Date;
  /** Told the new start before anything is deleted, so that it can be written outside first. */
  onStart(head: Head): Promise<void>;
  onPruned?(count: number): void;
}

/** Records of one transaction. */
const pageSize = 500;

/**
 * Takes the oldest records and their links away, and leaves the last link that is gone as the start from which
 * the rest is verified. What is interrupted is right as it stands, and goes on when it is asked for again.
 */
export async function pruneLog(database: Database, pruning: Pruning): Promise<number> {
  let pruned = 0;
  for (;;) {
    const page = await database.read((manager) => oldestLinks(manager, pruning.before));
    const last = page.at(-1);
    if (!last) return pruned;
    await pruning.onStart(last);
    await database.write((manager) => deleteLinks(manager, page, pruning.now));
    pruned += page.length;
    pruning.onPruned?.(pruned);
  }
}

interface OldLink extends Head {
  recordId: number;
}

/** The first links of the log up to the first whose record is to be kept. */
async function oldestLinks(manager: EntityManager, before: Date): Promise<OldLink[]> {
  const start = await logStart(manager);
  const rows: {
    seq: number | string;
    recordId: number | string;
    hash: string;
    at: number | string | null;
  }[] = await manager.query(
    `SELECT l.seq AS seq, l.recordId AS recordId, l.hash AS hash, r.at AS at
         FROM audit_link l LEFT JOIN audit_record r ON r.id = l.recordId
        WHERE l.seq > ? ORDER BY l.seq LIMIT ${pageSize}`,
    [start.seq],
  );
  const kept = rows.findIndex(({ at }) => at === null || Number(at) >= before.getTime());
  const old = kept === -1 ? rows : rows.slice(0, kept);
  return old.map(({ seq, recordId, hash }) => ({ seq: Number(seq), recordId: Number(recordId), hash }));
}

async function deleteLinks(manager: EntityManager, page: readonly OldLink[], now: Date): Promise<void> {
  const last = page.at(-1);
  if (!last) return;
  await insertRows(
    manager,
    'audit_start',
    ['seq', 'hash', 'prunedAt'],
    [[last.seq, last.hash, now.getTime()]],
  );
  const seqs = page.map(({ seq }) => seq);
  const gone = await affectedRows(
    manager,
    `DELETE FROM audit_link WHERE seq IN (${placeholders(seqs)})`,
    seqs,
  );
  if (gone !== page.length) throw new Error('the log was pruned by somebody else meanwhile');
  const ids = page.map(({ recordId }) => recordId);
  await manager.query(`DELETE FROM audit_record WHERE id IN (${placeholders(ids)})`, ids);
}
