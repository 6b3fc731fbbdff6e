import type { EntityManager } from 'typeorm';
import type { SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import type { Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { type ExceededCap, exceededCaps, type GivenMeal } from './rules/kept-caps.rules.js';
import { givingRules, type RuleCatalog, readRuleCatalog, type StoredUses } from './rules/rule-catalog.js';

/** A meal of which the rules did not give what its bearers paid. */
export interface UnexplainedSubsidy {
  swipeRowId: number;
  borneFen: number;
  givenFen: number;
}

/** More was given to an elder than a cap allows. */
export interface BrokenCap extends ExceededCap {
  elderId: number;
}

/**
 * Counts anew what rules gave towards the meals that elders hold, against all caps of these rules: SQL cannot read the
 * rules. What counts is what counts when a swipe is decided: every meal that is accepted and not voided, whoever came to
 * bear its subsidy after a review or a dispute. A meal that a funder was told to bear has no rule, and counts for none.
 *
 * All meals of an elder are read by one statement, so that what is recorded or voided meanwhile is in it or not; the
 * rules are read after them, so that none is missing that a meal names.
 *
 * @param mealsAtOnce how many are looked at together, and those of one elder more
 */
export async function* brokenCaps(
  manager: EntityManager,
  mealsAtOnce = 20_000,
): AsyncGenerator<UnexplainedSubsidy | BrokenCap> {
  for (let afterId = 0; ; ) {
    const lastId = await lastOfPage(manager, afterId, mealsAtOnce);
    const meals = await readMeals(manager, afterId, lastId);
    if (meals.length > 0) yield* faultsOf(meals, await readRuleCatalog(manager));
    if (lastId === undefined) return;
    afterId = lastId;
  }
}

/** The last elder of the next page; undefined when it has all that are left. */
async function lastOfPage(
  manager: EntityManager,
  afterId: number,
  mealsAtOnce: number,
): Promise<number | undefined> {
  const rows: { elderId: number }[] = await manager.query(
    `SELECT elderId FROM swipe WHERE elderId > ? ORDER BY elderId LIMIT 1 OFFSET ${mealsAtOnce}`,
    [afterId],
  );
  return rows[0]?.elderId;
}

interface HeldMeal extends StoredUses {
  id: number | string;
  elderId: number;
  day: Day;
  outcome: SwipeOutcome;
  discountFen: number | string;
}

function readMeals(manager: EntityManager, afterId: number, lastId: number | undefined): Promise<HeldMeal[]> {
  return manager.query(
    `SELECT id, elderId, CAST(mealDate AS CHAR) AS day, outcome, ruleId, subsidyFen, discountFen, appliedRules
       FROM swipe
      WHERE elderId > ? ${lastId === undefined ? '' : 'AND elderId <= ?'} AND claimedMeal IS NOT NULL
      ORDER BY elderId`,
    lastId === undefined ? [afterId] : [afterId, lastId],
  );
}

function* faultsOf(
  meals: readonly HeldMeal[],
  { versions }: RuleCatalog,
): Generator<UnexplainedSubsidy | BrokenCap> {
  let own: GivenMeal[] = [];
  for (const [index, meal] of meals.entries()) {
    const { id, elderId, day } = meal;
    const given = givingRules(meal, versions).filter(({ set: { ruleSetId } }) => {
      const version = versions.get(ruleSetId);
      return version && isWithinDays(day, version.fromDay, version.toDay);
    });
    own.push({ day, given });
    const givenFen = given.reduce((sum, { fen }) => sum + fen, 0);
    const borneFen = meal.outcome === 'ACCEPTED' ? Number(meal.subsidyFen) + Number(meal.discountFen) : 0;
    if (givenFen !== borneFen) yield { swipeRowId: Number(id), borneFen, givenFen };
    if (meals[index + 1]?.elderId === elderId) continue;
    for (const cap of exceededCaps(own)) yield { elderId, ...cap };
    own = [];
  }
}
