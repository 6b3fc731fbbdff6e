import { PlanRun, PlanRunStation } from '../../entities/index.js';
import type { Database } from '../../src/shared/database.js';
import { defaultWeights } from '../../src/visits/planning/weights.js';
import { noon, today } from './town.js';
import type { Side } from './walk-sides.js';

/** A plan of today that was stopped before it found anything; its number is like no other id of a test. */
export async function addPlan(
  database: Database,
  { stationId, accountId }: { stationId: number; accountId: number },
): Promise<number> {
  const id = 70_000 + stationId;
  await database.write(async (manager) => {
    await manager.insert(PlanRun, {
      id,
      state: 'STOPPED',
      fromDay: today,
      toDay: '2026-03-11',
      seed: 1,
      secondsMax: 30,
      iterationsMax: null,
      weights: JSON.stringify(defaultWeights),
      iterations: 0,
      plannedVisits: 0,
      leftOutVisits: 0,
      startedAt: noon,
      startedById: accountId,
      heardAt: noon,
      endedAt: noon,
    });
    await manager.insert(PlanRunStation, { planId: id, stationId });
  });
  return id;
}

const day = `"${today}"`;

/** How queries about plans are asked about a place. */
export const planQueries: Record<string, (side: Side) => string> = {
  plan: ({ planId }) => `(id: ${planId})`,
  planChanges: ({ planId }) => `(planId: ${planId})`,
  planningSettings: ({ facilityId }) => `(facilityId: ${facilityId})`,
  visitsAtRisk: ({ caregiverId }) =>
    `(caregiverId: ${caregiverId}, from: "2026-03-10T12:00:00+08:00", to: "2026-03-12T00:00:00+08:00")`,
};

/** How mutations about plans are asked about a place. */
export const planMutations: Record<string, (side: Side) => string> = {
  planDay: ({ facilityId }) => `(stationId: ${facilityId}, date: ${day})`,
  planWeek: ({ facilityId }) => `(stationId: ${facilityId}, date: ${day})`,
  stopPlan: ({ planId }) => `(planId: ${planId})`,
  applyPlan: ({ planId }) => `(planId: ${planId})`,
  setPlanningSetting: ({ facilityId }) =>
    `(facilityId: ${facilityId}, name: FROZEN, value: 45, fromDay: ${day})`,
  takeOver: ({ visitId, caregiverId }) =>
    `(takeOvers: [{ visitId: ${visitId}, version: 1, caregiverIds: [${caregiverId}] }])`,
};
