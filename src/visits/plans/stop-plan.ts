import type { EntityManager } from 'typeorm';
import type { Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { findPlan, lockPlan, type StoredPlan } from './find-plan.js';
import { type PlanRefusal, refusePlan } from './plan-refusals.js';

/** Asks a search to end, wherever it runs; one that is over stays as it ended. */
export async function stopPlan(
  manager: EntityManager,
  { planId, now, heardNow }: { planId: number; now: Date; heardNow: Date },
  scope: Scope,
): Promise<StoredPlan | PlanRefusal> {
  await lockPlan(manager, planId);
  const plan = await findPlan(manager, planId, scope, { today: dayOf(now), heardNow });
  if (!plan) return refusePlan('PLAN_UNKNOWN', ['planId']);
  await manager.query(
    "UPDATE plan_run SET stopAskedAt = ? WHERE id = ? AND state = 'RUNNING' AND stopAskedAt IS NULL",
    [now.getTime(), planId],
  );
  return plan;
}
