import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { rangesWithout, type SequenceRange } from './sequence-ranges.rules.js';

/** How far back from a reader's newest number the list of readers looks: about a month of a busy canteen. */
export const sequencesLookedAt = 10_000;

/**
 * The gaps in the numbers of each of these readers that nobody explained, the oldest first. A meal that was handed
 * over as ordered has the number -1, which is of no reader's count. A gap is a swipe that was
 * lost, one that is still to be uploaded, or one that was refused without being kept. Two statements.
 */
export async function missingSequences(
  manager: EntityManager,
  readerIds: readonly number[],
): Promise<Map<number, SequenceRange[]>> {
  const missing = new Map<number, SequenceRange[]>(readerIds.map((id) => [id, []]));
  if (readerIds.length === 0) return missing;
  const looked = `SELECT readerId, MAX(sequence) - ${sequencesLookedAt - 1} AS firstSequence,
                         MAX(sequence) AS lastSequence
                    FROM swipe WHERE readerId IN (${placeholders(readerIds)}) AND sequence >= 0 GROUP BY readerId`;
  const found = await unexplainedGaps(manager, looked, readerIds);
  for (const [readerId, ranges] of found) missing.set(readerId, ranges);
  return missing;
}

/** All gaps of one reader that nobody explained, from its first number to its last. Two statements. */
export async function missingEver(manager: EntityManager, readerId: number): Promise<SequenceRange[]> {
  const looked = `SELECT readerId, MIN(sequence) AS firstSequence, MAX(sequence) AS lastSequence
                    FROM swipe WHERE readerId = ? AND sequence >= 0 GROUP BY readerId`;
  return (await unexplainedGaps(manager, looked, [readerId])).get(readerId) ?? [];
}

/**
 * The gaps of a canteen's day that nobody explained, of each reader. The day of a reader begins behind the last
 * number that came before it, so that what was lost between yesterday's last swipe and today's first is found too. A
 * number that was used on another day, as for a meal of yesterday that was uploaded late, is not missing.
 */
export async function missingOnDay(
  manager: EntityManager,
  canteenId: number,
  date: Day,
): Promise<Map<number, SequenceRange[]>> {
  const looked = `SELECT d.readerId, d.lastSequence,
                         COALESCE((SELECT MAX(b.sequence) FROM swipe b
                                    WHERE b.readerId = d.readerId AND b.sequence >= 0 AND b.sequence < d.firstSequence),
                                  d.firstSequence) AS firstSequence
                    FROM (SELECT readerId, MIN(sequence) AS firstSequence, MAX(sequence) AS lastSequence
                            FROM swipe WHERE canteenId = ? AND mealDate = ? AND sequence >= 0 GROUP BY readerId) d`;
  return unexplainedGaps(manager, looked, [canteenId, date]);
}

/** `looked` selects readerId, firstSequence and lastSequence: where gaps are looked for, both ends included. */
async function unexplainedGaps(
  manager: EntityManager,
  looked: string,
  parameters: readonly unknown[],
): Promise<Map<number, SequenceRange[]>> {
  const rows: { readerId: number; sequence: number; lastBefore: number }[] = await manager.query(
    `SELECT numbered.readerId AS readerId, numbered.sequence AS sequence, numbered.previous AS lastBefore
       FROM (SELECT s.readerId, s.sequence,
                    LAG(s.sequence) OVER (PARTITION BY s.readerId ORDER BY s.sequence) AS previous
               FROM (${looked}) looked
               JOIN swipe s ON s.readerId = looked.readerId
                AND s.sequence >= 0 AND s.sequence BETWEEN looked.firstSequence AND looked.lastSequence) numbered
      WHERE numbered.sequence > numbered.previous + 1
      ORDER BY numbered.readerId, numbered.sequence`,
    [...parameters],
  );
  const gaps = new Map<number, SequenceRange[]>();
  for (const { readerId, sequence, lastBefore } of rows) {
    const gap = { from: lastBefore + 1, to: sequence - 1 };
    const own = gaps.get(readerId);
    if (own) own.push(gap);
    else gaps.set(readerId, [gap]);
  }
  if (gaps.size === 0) return gaps;
  const explained = await explainedRanges(manager, [...gaps.keys()]);
  for (const [readerId, ranges] of gaps) {
    gaps.set(readerId, rangesWithout(ranges, explained.get(readerId) ?? []));
  }
  return gaps;
}

/** What was explained of each of these readers, in the order of the numbers. */
async function explainedRanges(
  manager: EntityManager,
  readerIds: readonly number[],
): Promise<Map<number, SequenceRange[]>> {
  const rows: { readerId: number; fromSequence: number; toSequence: number }[] = await manager.query(
    `SELECT readerId, fromSequence, toSequence FROM sequence_explanation
      WHERE readerId IN (${placeholders(readerIds)}) ORDER BY readerId, fromSequence`,
    [...readerIds],
  );
  const explained = new Map<number, SequenceRange[]>();
  for (const { readerId, fromSequence: from, toSequence: to } of rows) {
    const own = explained.get(readerId);
    if (own) own.push({ from, to });
    else explained.set(readerId, [{ from, to }]);
  }
  return explained;
}
