import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import { placeholders, writeTogether } from '../shared/statements.js';
import { genesis, type Head, linkHash } from './chain.rules.js';
import { auditColumnsOf, auditRowOf, type RawAuditRow } from './read-records.js';

export interface Linked {
  /** How many records got their place; 0 when none was waiting. */
  count: number;
  head: Head;
}

/**
 * Appends records that have no place yet to the chain, at most `recordsMax` of them. One server at a time does
 * so, behind the row that holds the next place; the order is that in which records are found committed, so one
 * with a smaller id that was committed later simply comes later.
 */
export async function linkRecords(manager: EntityManager, recordsMax: number): Promise<Linked> {
  const rows: { nextId: number | string }[] = await manager.query(
    `SELECT nextId FROM id_sequence WHERE name = 'audit-link'${forUpdate(manager)}`,
  );
  const firstSeq = Number(rows[0]?.nextId);
  if (!Number.isSafeInteger(firstSeq))
    throw new Error('the row that holds the next place of the log is gone');
  const waiting: { recordId: number | string }[] = await manager.query(
    `SELECT recordId FROM audit_pending ORDER BY recordId LIMIT ${recordsMax}`,
  );
  let head = await lastHead(manager);
  if (waiting.length === 0) return { count: 0, head };
  const ids = waiting.map(({ recordId }) => Number(recordId));
  const raw: RawAuditRow[] = await manager.query(
    `SELECT ${auditColumnsOf('r')} FROM audit_record r WHERE r.id IN (${placeholders(ids)})`,
    ids,
  );
  const records = new Map(raw.map((row) => [Number(row.id), auditRowOf(row)]));
  const links = ids.map((id, index) => {
    const seq = firstSeq + index;
    head = { seq, hash: linkHash(head.hash, seq, records.get(id)) };
    return [seq, id, head.hash];
  });
  await writeTogether(manager, [
    { table: 'audit_link', columns: ['seq', 'recordId', 'hash'], rows: links },
    {
      sql: "UPDATE id_sequence SET nextId = ? WHERE name = 'audit-link'",
      parameters: [firstSeq + ids.length],
      affects: 1,
    },
    {
      sql: `DELETE FROM audit_pending WHERE recordId IN (${placeholders(ids)})`,
      parameters: ids,
      affects: ids.length,
    },
  ]);
  return { count: ids.length, head };
}

/** The last link; after a pruning of everything, the place at which the log begins. */
export async function lastHead(manager: EntityManager): Promise<Head> {
  const rows: { seq: number | string; hash: string }[] = await manager.query(
    'SELECT seq, hash FROM audit_link ORDER BY seq DESC LIMIT 1',
  );
  const [last] = rows;
  return last ? { seq: Number(last.seq), hash: last.hash } : logStart(manager);
}

/** What stands before the first link that is kept: nothing, or the last link that was pruned. */
export async function logStart(manager: EntityManager): Promise<Head> {
  const rows: { seq: number | string; hash: string }[] = await manager.query(
    'SELECT seq, hash FROM audit_start ORDER BY seq DESC LIMIT 1',
  );
  const [start] = rows;
  return start ? { seq: Number(start.seq), hash: start.hash } : { seq: 0, hash: genesis };
}
