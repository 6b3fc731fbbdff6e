import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { Day } from '../shared/china-time.js';
import { padded, placeholders } from '../shared/statements.js';
import { daysCounted, type PastMeal, type RuleUse } from './rules/rule-caps.rules.js';
import { type RuleCatalog, readUses, type StoredUses } from './rules/rule-catalog.js';
import type { RuleNeeds } from './rules/rule-needs.rules.js';

/**
 * Which elder has had which meal of which day, for the elders and days of a batch; and what rules gave towards
 * their meals, as far back as rules in force count. One statement either way.
 *
 * The caller has locked the elders' cards before it reads, so nobody else takes a meal of theirs until it is
 * done, in whichever canteen: no meal is had twice and no cap is passed.
 */
export class MealsTaken {
  private readonly taken = new Set<string>();
  private readonly rows = new Map<number, MealRow[]>();
  /** Whether anything but which meals were taken was read. */
  private counts = false;
  private readonly pasts = new Map<number, PastMeal[]>();

  static async read(
    manager: EntityManager,
    elderIds: readonly number[],
    days: readonly Day[],
    past: RuleNeeds['past'] = 'NOTHING',
  ): Promise<MealsTaken> {
    const meals = new MealsTaken();
    if (elderIds.length === 0 || days.length === 0) return meals;
    const ofElders = padded(manager, elderIds);
    const elders = `elderId IN (${placeholders(ofElders)})`;
    if (past === 'NOTHING') {
      const onDays = padded(manager, days);
      const rows: MealRow[] = await manager.query(
        `SELECT elderId, CAST(mealDate AS CHAR) AS mealDate, claimedMeal AS meal
           FROM swipe
          WHERE ${elders} AND mealDate IN (${placeholders(onDays)}) AND claimedMeal IS NOT NULL`,
        [...ofElders, ...onDays],
      );
      for (const { elderId, mealDate, meal } of rows) meals.taken.add(`${elderId} ${mealDate} ${meal}`);
      return meals;
    }
    meals.counts = true;
    const periods = days.map((day) => daysCounted(past, day));
    const first = periods.map((period) => period.first).sort()[0];
    const last = periods
      .map((period) => period.last)
      .sort()
      .at(-1);
    const rows: MealRow[] = await manager.query(
      `SELECT elderId, CAST(mealDate AS CHAR) AS mealDate, claimedMeal AS meal, ruleId, subsidyFen, appliedRules
         FROM swipe
        WHERE ${elders} AND mealDate >= ? AND mealDate <= ? AND claimedMeal IS NOT NULL`,
      [...ofElders, first, last],
    );
    for (const row of rows) {
      meals.taken.add(`${row.elderId} ${row.mealDate} ${row.meal}`);
      const own = meals.rows.get(row.elderId);
      if (own) own.push(row);
      else meals.rows.set(row.elderId, [row]);
    }
    return meals;
  }

  has(elderId: number, day: Day, meal: Meal): boolean {
    return this.taken.has(`${elderId} ${day} ${meal}`);
  }

  /** What the elder had in the days that were read, those of this batch among it. */
  past(elderId: number, versions: RuleCatalog['versions']): readonly PastMeal[] {
    if (!this.counts) return nothing;
    const known = this.pasts.get(elderId);
    if (known) return known;
    const read = (this.rows.get(elderId) ?? []).map((row) => ({
      day: row.mealDate,
      meal: row.meal,
      uses: readUses(row, versions),
    }));
    this.pasts.set(elderId, read);
    return read;
  }

  /** After `past` was asked for the elder, or where no rule asks for it. */
  add(elderId: number, day: Day, meal: Meal, uses: readonly RuleUse[]): void {
    this.taken.add(`${elderId} ${day} ${meal}`);
    this.pasts.get(elderId)?.push({ day, meal, uses });
  }
}

const nothing: readonly PastMeal[] = [];

interface MealRow extends StoredUses {
  elderId: number;
  mealDate: Day;
  meal: Meal;
}
