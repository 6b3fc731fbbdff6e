import type { EntityManager } from 'typeorm';
import { awayFate } from '../../elders/away.rules.js';
import { lockElder } from '../../elders/find-elder.js';
import { type AfterStay, type AwaySpans, spansOfAll } from '../../elders/institution-stays.js';
import { addDays, type Day, dayOf } from '../../shared/china-time.js';
import type { Clock } from '../../shared/clock.js';
import type { Database } from '../../shared/database.js';
import { placeholders } from '../../shared/statements.js';
import { callOffMeals, isWaiting } from './call-off-meals.js';

/** What deliveries do when elders are found to live elsewhere; their rows are locked. */
export function callOffMealsAfterStay(clock: Clock, spansOf: AwaySpans): AfterStay {
  return (manager, days) => {
    const elderIds = days.map(({ elderId }) => elderId);
    return callOffAwayMeals(manager, elderIds, spansOf, clock.now());
  };
}

/**
 * Calls off the meals of today and later of elders who are not at home, as awayFate says. The elders are locked. Again is as once;
 * the number of statements does not depend on how many they are.
 */
export async function callOffAwayMeals(
  manager: EntityManager,
  elderIds: readonly number[],
  spansOf: AwaySpans,
  now: Date,
): Promise<number> {
  if (elderIds.length === 0) return 0;
  const today = dayOf(now);
  const meals: WaitingMeal[] = await manager.query(
    `SELECT id, elderId, CAST(day AS CHAR) AS day FROM delivery_order
      WHERE elderId IN (${placeholders(elderIds)}) AND day >= ? AND ${isWaiting}`,
    [...elderIds, today],
  );
  const due = await amongAway(manager, meals, spansOf, today);
  return callOffMeals(
    manager,
    due.map(({ id }) => Number(id)),
    now,
  );
}

interface WaitingMeal {
  id: number | string;
  elderId: number;
  day: Day;
}

/** Those of some meals that are surely to come to an empty home. */
async function amongAway(
  manager: EntityManager,
  meals: readonly WaitingMeal[],
  spansOf: AwaySpans,
  today: Day,
): Promise<WaitingMeal[]> {
  const elderIds = meals.map(({ elderId }) => elderId);
  const spans = await spansOfAll(manager, elderIds, spansOf, today);
  return meals.filter(({ elderId, day }) => awayFate(day, spans.get(elderId) ?? [], today) === 'CALLED_OFF');
}

/**
 * Looks once through the meals of today and tomorrow: a patient who did not come back, a stay that was entered ahead and
 * has begun. An elder at a time, each in a transaction of its own. How many were called off.
 */
export async function callOffAllAwayMeals(
  database: Database,
  spansOf: AwaySpans,
  now: Date,
  { isStopped = () => false, onFailure }: { isStopped?(): boolean; onFailure?(error: unknown): void } = {},
): Promise<number> {
  let calledOff = 0;
  for (const elderId of await database.read((manager) => awayWithMeals(manager, spansOf, dayOf(now)))) {
    if (isStopped()) break;
    try {
      calledOff += await database.write(async (manager) => {
        await lockElder(manager, elderId, 'everywhere', dayOf(now));
        return callOffAwayMeals(manager, [elderId], spansOf, now);
      });
    } catch (error) {
      if (!onFailure) throw error;
      onFailure(error);
    }
  }
  return calledOff;
}

async function awayWithMeals(manager: EntityManager, spansOf: AwaySpans, today: Day): Promise<number[]> {
  // Only what came back has a reason, and by reason and day a day's meals are found without those of years.
  const meals: WaitingMeal[] = await manager.query(
    `SELECT id, elderId, CAST(day AS CHAR) AS day FROM delivery_order
      WHERE reason IS NULL AND day >= ? AND day < ? AND ${isWaiting} ORDER BY elderId`,
    [today, addDays(today, 2)],
  );
  const due = await amongAway(manager, meals, spansOf, today);
  return [...new Set(due.map(({ elderId }) => elderId))];
}
