import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import { coveredAmong, type Scope } from '../../network/scope.js';
import { addDays, type Day, dayOf } from '../../shared/china-time.js';
import type { Database } from '../../shared/database.js';
import { forUpdate } from '../../shared/database.js';
import { placeholders } from '../../shared/statements.js';
import { workingSpans } from '../roster.rules.js';
import type { TravelTimes } from '../travel.js';
import type { PlanFacts } from './plan-facts.js';
import { optionsFault, type PlanOptions } from './plan-options.rules.js';
import {
  daysAheadMax,
  type PlanRefusal,
  refusePlan,
  stationsMax,
  visitsMax,
  wordsOf,
} from './plan-refusals.js';
import { type PlanRunner, type RunToStart, silentMsMax } from './plan-runner.js';
import { weightsOf } from './planning-settings.rules.js';
import { type AskedPlan, type AskedProblem, placesOf, problemOf } from './problem-of.rules.js';
import { readFacts } from './read-facts.js';
import { insertRun } from './store-plan.js';
import { missingPlace, waysOfMatrix } from './travel-matrix.rules.js';
import { waysOf } from './ways-of.js';

export interface WantedPlan {
  /** The settings of the first one count. */
  stationIds: readonly number[];
  fromDay: Day;
  /** The first day after those that are planned. */
  toDay: Day;
  options: PlanOptions;
  byId: number;
  now: Date;
}

export interface PlanServices {
  database: Database;
  travel: TravelTimes;
  stays: InstitutionStays;
}

/** A search that only has to be written down. */
export interface PreparedPlan {
  wanted: WantedPlan;
  asked: AskedPlan;
  problem: AskedProblem;
}

/**
 * Looks at what is wanted and puts it to the planner's words. Writes nothing: the ways may come over a network, and
 * nobody waits for one within a transaction.
 */
export async function preparePlan(
  { database, travel, stays }: PlanServices,
  wanted: WantedPlan,
  scope: Scope,
): Promise<PreparedPlan | PlanRefusal> {
  const { stationIds, fromDay, toDay, options, now } = wanted;
  const refused =
    (await database.read((manager) => stationsFault(manager, wanted, scope))) ??
    dayFault(fromDay, toDay, now) ??
    optionsFault(options) ??
    (await database.read((manager) => closedFault(manager, wanted)));
  if (refused) return refused;
  const facts = await database.read((manager) => readFacts(manager, { stationIds, fromDay, toDay }, stays));
  const unplannable = factsFault(facts, options);
  if (unplannable) return unplannable;
  const { matrix, fewChanges } = options;
  const ways = matrix ? waysOfMatrix(matrix) : await waysOf(travel, facts);
  const asked = { facts, ways, weights: weightsOf(facts.settings, fewChanges), now };
  const problem = problemOf(asked);
  if (problem.roles.open.length === 0) return refusePlan('NOTHING_TO_PLAN', ['date']);
  return { wanted, asked, problem };
}

async function stationsFault(
  manager: EntityManager,
  { stationIds, now }: WantedPlan,
  scope: Scope,
): Promise<PlanRefusal | undefined> {
  if (stationIds.length > stationsMax || new Set(stationIds).size !== stationIds.length) {
    return refusePlan('STATIONS_INVALID', ['options', 'withStationIds']);
  }
  const covered = await coveredAmong(manager, scope, stationIds, dayOf(now));
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM facility WHERE kind = 'HOME_CARE_STATION' AND id IN (${placeholders(stationIds)})`,
    [...stationIds],
  );
  const known = new Set(rows.map(({ id }) => id));
  const missing = stationIds.findIndex((id) => !covered.has(id) || !known.has(id));
  if (missing < 0) return undefined;
  return refusePlan('STATION_UNKNOWN', stationPath(missing));
}

const stationPath = (index: number) =>
  index === 0 ? ['stationId'] : ['options', 'withStationIds', String(index - 1)];

function dayFault(fromDay: Day, toDay: Day, now: Date): PlanRefusal | undefined {
  const today = dayOf(now);
  const isGood = fromDay >= today && toDay <= addDays(today, daysAheadMax + 1);
  return isGood ? undefined : refusePlan('DAY_OUT_OF_RANGE', ['date']);
}

async function closedFault(
  manager: EntityManager,
  { stationIds, fromDay, toDay }: WantedPlan,
): Promise<PlanRefusal | undefined> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM facility WHERE id IN (${placeholders(stationIds)})
        AND openedOn <= ? AND (closedOn IS NULL OR closedOn >= ?)`,
    [...stationIds, fromDay, toDay],
  );
  const open = new Set(rows.map(({ id }) => id));
  const closed = stationIds.findIndex((id) => !open.has(id));
  return closed < 0 ? undefined : refusePlan('STATION_CLOSED', closed === 0 ? ['date'] : stationPath(closed));
}

function factsFault(facts: PlanFacts, { matrix }: PlanOptions): PlanRefusal | undefined {
  const isAnybodyThere = facts.caregivers.some(({ roster }) =>
    facts.days.some((day) => workingSpans(day, roster).length > 0),
  );
  if (!isAnybodyThere) return refusePlan('NO_CAREGIVERS', ['date']);
  if (facts.visits.length > visitsMax) return refusePlan('TOO_MANY_VISITS', ['date']);
  const missing = matrix && missingPlace(matrix, placesOf(facts));
  if (!missing) return undefined;
  const text = wordsOf('MATRIX_INCOMPLETE', { zh: missing, en: missing });
  return refusePlan('MATRIX_INCOMPLETE', ['options', 'travelMatrix'], { text });
}

/** Writes down that the search begins, unless one of the same day and station is under way. */
export async function beginPlan(
  manager: EntityManager,
  { wanted, asked, problem }: PreparedPlan,
  runner: Pick<PlanRunner, 'isFull'>,
  heardAt: Date,
): Promise<RunToStart | PlanRefusal> {
  const { stationIds, fromDay, toDay, options, byId, now } = wanted;
  // Whoever plans one of these stations at the same time waits here.
  await manager.query(
    `SELECT id FROM facility WHERE id IN (${placeholders(stationIds)}) ORDER BY id${forUpdate(manager)}`,
    [...stationIds],
  );
  if (runner.isFull) return refusePlan('PLANNER_BUSY', null);
  await buryTheSilent(manager, heardAt);
  const running = await runningPlan(manager, wanted);
  if (running !== undefined) return refusePlan('PLAN_RUNNING', ['date'], { planId: running });
  const { seed, seconds: secondsMax, iterations: iterationsMax } = options;
  const budget = { seed, secondsMax, iterationsMax };
  const { facts, weights } = asked;
  const run = { stationIds, fromDay, toDay, ...budget, weights, byId, now, heardAt };
  const planId = await insertRun(manager, run, facts, problem.roles);
  return { planId, asked, problem, ...budget };
}

/** A server that died says nothing more of its searches, and keeps nobody from another one. */
async function buryTheSilent(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `UPDATE plan_run SET state = 'FAILED', failure = 'SERVER_LOST', endedAt = ?
      WHERE state = 'RUNNING' AND heardAt < ?`,
    [now.getTime(), now.getTime() - silentMsMax],
  );
}

async function runningPlan(
  manager: EntityManager,
  { stationIds, fromDay, toDay }: WantedPlan,
): Promise<number | undefined> {
  const rows: { id: number }[] = await manager.query(
    `SELECT run.id FROM plan_run run
      WHERE run.state = 'RUNNING' AND run.fromDay < ? AND run.toDay > ?
        AND run.id IN (SELECT planId FROM plan_run_station WHERE stationId IN (${placeholders(stationIds)}))
      ORDER BY run.id LIMIT 1`,
    [toDay, fromDay, ...stationIds],
  );
  return rows[0]?.id;
}
