import type { AfterEnding } from '../elders/end-elder.js';
import type { Clock } from '../shared/clock.js';
import { changeVisit, lockTimes } from './change-visit.js';
import { visitsById } from './find-visits.js';
import { giveBackHours } from './hours-book.js';

/**
 * Calls off what was still to come when an elder's file ends, so that nobody rings at that door and the caregivers are
 * free again. The elder is locked.
 */
export function cancelVisitsAfterEnd(clock: Clock): AfterEnding {
  return async (manager, { elderId }) => {
    const now = clock.now();
    const rows: { id: number; caregiverId: number | null }[] = await manager.query(
      `SELECT visit.id, part.caregiverId
         FROM visit LEFT JOIN visit_caregiver part ON part.visitId = visit.id
        WHERE visit.elderId = ? AND visit.startsAt > ? AND visit.status IN ('REQUESTED', 'ASSIGNED')`,
      [elderId, now.getTime()],
    );
    if (rows.length === 0) return;
    const caregiverIds = new Set(rows.flatMap(({ caregiverId }) => caregiverId ?? []));
    await lockTimes(manager, { elderIds: [], caregiverIds: [...caregiverIds] });
    const ids = [...new Set(rows.map(({ id }) => id))];
    for (const visit of await visitsById(manager, ids)) {
      const own = rows.filter(({ id }) => id === visit.id).flatMap(({ caregiverId }) => caregiverId ?? []);
      const step = { kind: 'CANCEL', status: 'CANCELLED', at: now, byId: null } as const;
      await changeVisit(manager, { visit, caregiverIds: own, ...step });
    }
    await giveBackHours(manager, ids, now);
  };
}
