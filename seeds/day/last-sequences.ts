import type { EntityManager } from 'typeorm';
import { hashToken } from '../../src/access/tokens.js';
import { placeholders } from '../../src/shared/statements.js';

/**
 * The readers with the last number that each has used, 0 before its first swipe: whoever swiped by hand went
 * on from there, and a reader that skipped numbers would report swipes missing.
 */
export async function withLastSequences<Reader extends { token: string }>(
  manager: EntityManager,
  readers: readonly Reader[],
): Promise<(Reader & { lastSequence: number })[]> {
  const hashes = readers.map(({ token }) => hashToken(token));
  const rows: { hash: string; last: number | string }[] = await manager.query(
    `SELECT t.hash, MAX(s.sequence) AS last
       FROM access_token t JOIN swipe s ON s.readerId = t.accountId
      WHERE t.hash IN (${placeholders(hashes)})
      GROUP BY t.hash`,
    hashes,
  );
  const last = new Map(rows.map((row) => [row.hash, Number(row.last)]));
  return readers.map((reader, index) => ({ ...reader, lastSequence: last.get(hashes[index] ?? '') ?? 0 }));
}
