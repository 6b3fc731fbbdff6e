import type { EntityManager } from 'typeorm';
import type { CardStatus } from '../../entities/meals/meal-card.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { Day } from '../shared/china-time.js';
import { padded, placeholders, type Statement } from '../shared/statements.js';
import type { CardFacts } from './swipe.rules.js';

/**
 * Cards with their elders and balances, by uid, for a whole batch.
 *
 * CROSS JOIN is an inner join that SQLite takes in the order written: left to itself, and without statistics,
 * it begins with all accounts of elders. The engines of MySQL find the cards first either way.
 *
 * @param lock `forUpdate(manager)` when the caller is about to write, so that nobody else moves these
 *   balances or takes these elders' meals until it has; an empty string for a look.
 */
export function cardsQuery(manager: EntityManager, uids: readonly string[], lock: string): Statement {
  const parameters = padded(manager, uids);
  const sql = `SELECT c.uid, c.id AS cardId, c.status, CAST(c.expiresOn AS CHAR) AS expiresOn, e.id AS elderId, e.name AS elderName,
            CAST(e.birthDate AS CHAR) AS birthDate, CAST(e.endedOn AS CHAR) AS elderEndedOn,
            a.id AS accountId, a.balanceFen
       FROM meal_card c
      CROSS JOIN elder e ON e.id = c.elderId
      CROSS JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId
      WHERE c.uid IN (${placeholders(parameters)})
      ORDER BY c.uid${lock}`;
  return { sql, parameters };
}

/** What `cardsQuery` found. */
export function cardsOf(rows: readonly unknown[]): Map<string, CardFacts> {
  return new Map(
    (rows as CardRow[]).map(({ uid, ...row }) => [uid, { ...row, balanceFen: Number(row.balanceFen) }]),
  );
}

interface CardRow {
  uid: string;
  cardId: number;
  status: CardStatus;
  expiresOn: Day | null;
  elderId: number;
  elderName: string;
  birthDate: Day;
  elderEndedOn: Day | null;
  accountId: number;
  balanceFen: number | string;
}

/** Which elder has had which meal of which day, for the elders and days of a batch. */
export class MealsTaken {
  private readonly taken = new Set<string>();

  static async read(
    manager: EntityManager,
    elderIds: readonly number[],
    days: readonly Day[],
  ): Promise<MealsTaken> {
    const meals = new MealsTaken();
    if (elderIds.length === 0 || days.length === 0) return meals;
    const ofElders = padded(manager, elderIds);
    const onDays = padded(manager, days);
    const rows: { elderId: number; mealDate: Day; meal: Meal }[] = await manager.query(
      `SELECT elderId, CAST(mealDate AS CHAR) AS mealDate, claimedMeal AS meal
         FROM swipe
        WHERE elderId IN (${placeholders(ofElders)}) AND mealDate IN (${placeholders(onDays)})
          AND claimedMeal IS NOT NULL`,
      [...ofElders, ...onDays],
    );
    for (const { elderId, mealDate, meal } of rows) meals.add(elderId, mealDate, meal);
    return meals;
  }

  has(elderId: number, day: Day, meal: Meal): boolean {
    return this.taken.has(`${elderId} ${day} ${meal}`);
  }

  add(elderId: number, day: Day, meal: Meal): void {
    this.taken.add(`${elderId} ${day} ${meal}`);
  }
}
