import type { EntityManager } from 'typeorm';

/** The highest number that a reader's recorded swipes have; null before the first. */
export async function lastSequenceOf(manager: EntityManager, readerId: number): Promise<number | null> {
  const rows: { last: number | string | null }[] = await manager.query(
    'SELECT MAX(sequence) AS last FROM swipe WHERE readerId = ? AND sequence >= 0',
    [readerId],
  );
  const last = rows[0]?.last ?? null;
  return last === null ? null : Number(last);
}
