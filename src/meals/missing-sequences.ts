import type { EntityManager } from 'typeorm';
import { placeholders } from '../shared/statements.js';

/** Numbers of a reader's counter that no kept swipe has: from and to, both included. */
export interface SequenceRange {
  from: number;
  to: number;
}

/** How far back from a reader's newest number is looked: about a month of a busy canteen. */
export const sequencesLookedAt = 10_000;

/**
 * The gaps in the numbers of each of these readers, the oldest first. A gap is a swipe that was lost, one that is
 * still to be uploaded, or one that was refused without being kept. One statement.
 */
export async function missingSequences(
  manager: EntityManager,
  readerIds: readonly number[],
): Promise<Map<number, SequenceRange[]>> {
  const missing = new Map<number, SequenceRange[]>(readerIds.map((id) => [id, []]));
  if (readerIds.length === 0) return missing;
  const rows: { readerId: number; sequence: number; lastBefore: number }[] = await manager.query(
    `SELECT numbered.readerId AS readerId, numbered.sequence AS sequence, numbered.previous AS lastBefore
       FROM (SELECT s.readerId, s.sequence,
                    LAG(s.sequence) OVER (PARTITION BY s.readerId ORDER BY s.sequence) AS previous
               FROM (SELECT readerId, MAX(sequence) AS newest FROM swipe
                      WHERE readerId IN (${placeholders(readerIds)}) GROUP BY readerId) top
               JOIN swipe s ON s.readerId = top.readerId AND s.sequence > top.newest - ?) numbered
      WHERE numbered.sequence > numbered.previous + 1
      ORDER BY numbered.readerId, numbered.sequence`,
    [...readerIds, sequencesLookedAt],
  );
  for (const { readerId, sequence, lastBefore } of rows) {
    missing.get(readerId)?.push({ from: lastBefore + 1, to: sequence - 1 });
  }
  return missing;
}
