import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { lockPlan } from './find-plan.js';

/** A plan as the audit log shows it before and after; it stays locked from the first look on. */
export async function planStateForLog(
  manager: EntityManager,
  planId: number,
): Promise<AuditedState | undefined> {
  await lockPlan(manager, planId);
  const rows: { state: string; appliedVisits: number | null; stationId: number; isAsked: number | string }[] =
    await manager.query(
      `SELECT run.state, run.appliedVisits, station.stationId,
              CASE WHEN run.stopAskedAt IS NULL THEN 0 ELSE 1 END AS isAsked
         FROM plan_run run JOIN plan_run_station station ON station.planId = run.id
        WHERE run.id = ? ORDER BY station.stationId LIMIT 1`,
      [planId],
    );
  const [row] = rows;
  if (!row) return undefined;
  const { state, appliedVisits, stationId, isAsked } = row;
  return {
    about: { facilityId: stationId, subject: `plan:${planId}` },
    values: { state, appliedVisits, stopAsked: Number(isAsked) === 1 },
  };
}
