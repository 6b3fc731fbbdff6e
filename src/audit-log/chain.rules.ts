import { createHash } from 'node:crypto';
import { type AuditRow, auditColumns } from './audit-record.js';

/** What stands before the first link. */
export const genesis = '0'.repeat(64);

/** The end of the chain, or a place within it that was written down elsewhere. */
export interface Head {
  seq: number;
  hash: string;
}

/**
 * The hash of a link: SHA-256 over the hash before it, its place, and every column of its record in a fixed
 * order. A record that was deleted before it got its place leaves a link over nothing, so that its absence shows.
 */
export function linkHash(previous: string, seq: number, record: AuditRow | undefined): string {
  const content = record ? JSON.stringify(auditColumns.map((name) => record[name])) : 'missing';
  return createHash('sha256').update(`${previous}\n${seq}\n${content}`).digest('hex');
}
