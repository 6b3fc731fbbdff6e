import type { EntityManager } from 'typeorm';
import type { PlanFailure, PlanState } from '../../../entities/visits/plan-run.entity.js';
import { coveredAmong, nowhere, type Scope } from '../../network/scope.js';
import type { Day } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import type { PlanningWeights } from '../planning/weights.js';
import { silentMsMax } from './plan-runner.js';
import type { ComparedCosts } from './store-plan.js';

/** A plan as it is shown; its differences are asked for apart. */
export interface StoredPlan {
  id: number;
  stationIds: readonly number[];
  state: PlanState;
  fromDay: Day;
  toDay: Day;
  seed: number;
  secondsMax: number;
  iterationsMax: number | null;
  weights: PlanningWeights;
  /** Null before the first plan was found. */
  costs: ComparedCosts | null;
  iterations: number;
  plannedVisits: number;
  leftOutVisits: number;
  startedAt: Date;
  endedAt: Date | null;
  failure: PlanFailure | null;
  appliedAt: Date | null;
  appliedVisits: number | null;
}

/**
 * The plan with this id, when the scope covers all of its stations; one out of scope is as unknown, and costs as much.
 * Three statements.
 *
 * @param heardNow by the machine's clock: a search that was not heard of for a while is over
 */
export async function findPlan(
  manager: EntityManager,
  id: number,
  scope: Scope,
  { today, heardNow }: { today: Day; heardNow: Date },
): Promise<StoredPlan | undefined> {
  const rows: PlanRow[] = await manager.query(
    `SELECT id, state, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay, seed, secondsMax,
            iterationsMax, weights, costs, iterations, plannedVisits, leftOutVisits, startedAt, heardAt, endedAt,
            failure, appliedAt, appliedVisits
       FROM plan_run WHERE id = ?`,
    [id],
  );
  const stations: { stationId: number }[] = await manager.query(
    'SELECT stationId FROM plan_run_station WHERE planId = ? ORDER BY stationId',
    [id],
  );
  const stationIds = stations.map(({ stationId }) => stationId);
  const wanted = stationIds.length === 0 ? [nowhere] : stationIds;
  const covered = await coveredAmong(manager, scope, wanted, today);
  const [row] = rows;
  if (!row || !stationIds.every((stationId) => covered.has(stationId))) return undefined;
  return planOf(row, stationIds, heardNow);
}

/** Keeps a plan from being applied or stopped by others until the transaction ends. */
export async function lockPlan(manager: EntityManager, id: number): Promise<void> {
  await manager.query(`SELECT id FROM plan_run WHERE id = ?${forUpdate(manager)}`, [id]);
}

function planOf(row: PlanRow, stationIds: readonly number[], heardNow: Date): StoredPlan {
  const isSilent = row.state === 'RUNNING' && Number(row.heardAt) < heardNow.getTime() - silentMsMax;
  const at = (value: number | string | null) => (value === null ? null : new Date(Number(value)));
  return {
    id: row.id,
    stationIds,
    state: isSilent ? 'FAILED' : row.state,
    fromDay: row.fromDay,
    toDay: row.toDay,
    seed: Number(row.seed),
    secondsMax: row.secondsMax,
    iterationsMax: row.iterationsMax === null ? null : Number(row.iterationsMax),
    weights: JSON.parse(row.weights),
    costs: row.costs === null ? null : JSON.parse(row.costs),
    iterations: Number(row.iterations),
    plannedVisits: row.plannedVisits,
    leftOutVisits: row.leftOutVisits,
    startedAt: new Date(Number(row.startedAt)),
    endedAt: at(row.endedAt),
    failure: isSilent ? 'SERVER_LOST' : row.failure,
    appliedAt: at(row.appliedAt),
    appliedVisits: row.appliedVisits,
  };
}

interface PlanRow {
  id: number;
  state: PlanState;
  fromDay: Day;
  toDay: Day;
  seed: number | string;
  secondsMax: number;
  iterationsMax: number | string | null;
  weights: string;
  costs: string | null;
  iterations: number | string;
  plannedVisits: number;
  leftOutVisits: number;
  startedAt: number | string;
  heardAt: number | string;
  endedAt: number | string | null;
  failure: PlanFailure | null;
  appliedAt: number | string | null;
  appliedVisits: number | null;
}
