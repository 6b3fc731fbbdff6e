import type { Database } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';

/** Positions that are taken out in one transaction. */
const rowsPerBatch = 500;

/**
 * Takes the positions out of taps that are older than `days`: they say where somebody who works stood, and what they
 * showed, the distance, stays. How many were taken out.
 */
export async function dropOldPositions(
  database: Database,
  { now, days }: { now: Date; days: number },
): Promise<number> {
  const before = now.getTime() - days * 86_400_000;
  for (let dropped = 0; ; ) {
    const count = await database.write(async (manager) => {
      const rows: { id: number }[] = await manager.query(
        `SELECT id FROM visit_check WHERE receivedAt < ? AND positionSealed IS NOT NULL
          ORDER BY receivedAt LIMIT ${rowsPerBatch}`,
        [before],
      );
      if (rows.length === 0) return 0;
      const ids = rows.map(({ id }) => id);
      await manager.query(
        `UPDATE visit_check SET positionSealed = NULL WHERE id IN (${placeholders(ids)})`,
        ids,
      );
      return ids.length;
    });
    dropped += count;
    if (count < rowsPerBatch) return dropped;
  }
}
