import type { EntityManager } from 'typeorm';
import { type PlanFailure, PlanRun, type PlanState } from '../../../entities/visits/plan-run.entity.js';
import type { Day } from '../../shared/china-time.js';
import { affectedRows, insertRows, writeTogether } from '../../shared/statements.js';
import type { PlanCosts } from '../planning/plan.js';
import type { PlanningWeights } from '../planning/weights.js';
import { caregiverFingerprint, visitFingerprint } from './fingerprint.js';
import type { FoundPlan } from './found-plan.rules.js';
import type { PlanFacts } from './plan-facts.js';
import type { VisitRoles } from './visit-roles.rules.js';

/** What a plan costs, in all and evil by evil. */
export interface CostOfPlan {
  cost: number;
  costs: PlanCosts;
}

/** What is compared: the day as it was booked, and the best plan so far. */
export interface ComparedCosts {
  booked: CostOfPlan;
  best: CostOfPlan;
}

export interface NewRun {
  stationIds: readonly number[];
  fromDay: Day;
  toDay: Day;
  seed: number;
  secondsMax: number;
  iterationsMax: number | null;
  weights: PlanningWeights;
  byId: number;
  /** By the clock of the business. */
  now: Date;
  /** By the machine's clock. */
  heardAt: Date;
}

/** Writes down that a search begins, and how everything stood that it depends on. */
export async function insertRun(
  manager: EntityManager,
  run: NewRun,
  facts: PlanFacts,
  roles: VisitRoles,
): Promise<number> {
  const planId = await insertedRun(manager, run);
  await insertRows(
    manager,
    'plan_run_station',
    ['planId', 'stationId'],
    run.stationIds.map((stationId) => [planId, stationId]),
  );
  const stations = new Map(facts.stations.map((station) => [station.id, station]));
  await insertRows(
    manager,
    'plan_run_caregiver',
    ['planId', 'caregiverId', 'fingerprint'],
    facts.caregivers.map((caregiver) => [
      planId,
      caregiver.id,
      caregiverFingerprint(caregiver, stations.get(caregiver.stationId)),
    ]),
  );
  const open = new Set(roles.open.map(({ visit }) => visit.id));
  await insertRows(
    manager,
    'plan_run_visit',
    [
      'planId',
      'visitId',
      'role',
      'version',
      'fingerprint',
      'startsAt',
      'firstCaregiverId',
      'secondCaregiverId',
      'secondStartsAt',
    ],
    facts.visits.map((visit) => [
      planId,
      visit.id,
      open.has(visit.id) ? 'OPEN' : 'FIXED',
      visit.version,
      visitFingerprint(visit, facts.elders.get(visit.elderId)),
      visit.startsAt.getTime(),
      visit.parts[0]?.caregiverId ?? null,
      visit.parts[1]?.caregiverId ?? null,
      visit.parts[1]?.startsAt.getTime() ?? null,
    ]),
  );
  return planId;
}

async function insertedRun(manager: EntityManager, run: NewRun): Promise<number> {
  const { fromDay, toDay, seed, secondsMax, iterationsMax, weights, byId, now, heardAt } = run;
  const { identifiers } = await manager.insert(PlanRun, {
    state: 'RUNNING',
    fromDay,
    toDay,
    seed,
    secondsMax,
    iterationsMax,
    weights: JSON.stringify(weights),
    iterations: 0,
    plannedVisits: 0,
    leftOutVisits: 0,
    startedAt: now,
    startedById: byId,
    heardAt,
  });
  return Number(identifiers[0]?.id);
}

export interface RunProgress {
  planId: number;
  iterations: number;
  /** A better plan than what is written down; undefined where there is none. */
  found?: FoundPlan | undefined;
  booked?: CostOfPlan | undefined;
  heardAt: Date;
}

/** Writes down how far a search came. False when it is over as far as the tables know. */
export async function keepProgress(
  manager: EntityManager,
  { planId, iterations, found, booked, heardAt }: RunProgress,
): Promise<boolean> {
  const isRunning = await affectedRows(
    manager,
    "UPDATE plan_run SET iterations = ?, heardAt = ? WHERE id = ? AND state = 'RUNNING'",
    [iterations, heardAt.getTime(), planId],
  );
  if (isRunning === 0) return false;
  if (found && booked) await keepFound(manager, planId, found, booked);
  return true;
}

async function keepFound(
  manager: EntityManager,
  planId: number,
  found: FoundPlan,
  booked: CostOfPlan,
): Promise<void> {
  const { cost, costs, stops, leftOut, plannedVisits } = found;
  const compared: ComparedCosts = { booked, best: { cost, costs } };
  await manager.query('UPDATE plan_run SET plannedVisits = ?, leftOutVisits = ?, costs = ? WHERE id = ?', [
    plannedVisits,
    leftOut.length,
    JSON.stringify(compared),
    planId,
  ]);
  await manager.query('DELETE FROM plan_run_stop WHERE planId = ?', [planId]);
  await insertRows(
    manager,
    'plan_run_stop',
    ['planId', 'caregiverId', 'visitId', 'part', 'startsAt', 'endsAt', 'waySeconds', 'backSeconds'],
    stops.map((stop) => [
      planId,
      stop.caregiverId,
      stop.visitId,
      stop.part,
      stop.startsAt.getTime(),
      stop.endsAt.getTime(),
      stop.waySeconds,
      stop.backSeconds,
    ]),
  );
  await manager.query(
    'UPDATE plan_run_visit SET leftOutCode = NULL, reasonZh = NULL, reasonEn = NULL WHERE planId = ? AND leftOutCode IS NOT NULL',
    [planId],
  );
  await writeTogether(
    manager,
    leftOut.map(({ visitId, code, text }) => ({
      sql: 'UPDATE plan_run_visit SET leftOutCode = ?, reasonZh = ?, reasonEn = ? WHERE planId = ? AND visitId = ?',
      parameters: [code, text.zh.slice(0, 400), text.en.slice(0, 400), planId, visitId],
      affects: 1,
    })),
  );
}

/** Ends a search that runs; false when it was ended already. */
export async function endRun(
  manager: EntityManager,
  planId: number,
  state: Exclude<PlanState, 'RUNNING'>,
  { at, failure = null }: { at: Date; failure?: PlanFailure | null },
): Promise<boolean> {
  const ended = await affectedRows(
    manager,
    "UPDATE plan_run SET state = ?, endedAt = ?, failure = ? WHERE id = ? AND state = 'RUNNING'",
    [state, at.getTime(), failure, planId],
  );
  return ended === 1;
}
