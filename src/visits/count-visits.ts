import type { EntityManager } from 'typeorm';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { spanOf } from './window.rules.js';

/** Visits of a part of the network on a day. */
export interface VisitCounts {
  /** To begin on that day, whatever became of them, cancelled ones left out. */
  planned: number;
  /** Of those, how many were completed. */
  completed: number;
}

/**
 * The visits of `day` whose stations lay in the tree of that day at or beneath each root. One statement; a root
 * without visits counts 0.
 */
export async function countVisits(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
): Promise<Map<number, VisitCounts>> {
  const beneath = withBeneath(roots, day);
  const { startsAt, endsAt } = spanOf(day);
  const rows: { rootId: number; planned: number | string; completed: number | string }[] =
    await manager.query(
      `${beneath.sql}
       SELECT beneath.rootId, COUNT(visit.id) AS planned,
              SUM(CASE WHEN visit.status = 'COMPLETED' THEN 1 ELSE 0 END) AS completed
         FROM beneath
         LEFT JOIN visit ON visit.stationId = beneath.facilityId
          AND visit.startsAt >= ? AND visit.startsAt < ? AND visit.status <> 'CANCELLED'
        GROUP BY beneath.rootId`,
      [...beneath.parameters, startsAt.getTime(), endsAt.getTime()],
    );
  const counts = new Map<number, VisitCounts>(roots.map((id) => [id, { planned: 0, completed: 0 }]));
  for (const { rootId, planned, completed } of rows) {
    counts.set(rootId, { planned: Number(planned), completed: Number(completed) });
  }
  return counts;
}
