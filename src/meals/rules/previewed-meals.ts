import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind, SwipeOutcome } from '../../../entities/meals/swipe.entity.js';
import { type Day, minuteOfDay } from '../../shared/china-time.js';
import { placeholders, type Statement } from '../../shared/statements.js';
import { type Entry, kindOfEntry } from '../ledger.js';
import type { StoredUses } from './rule-catalog.js';

/** A meal that was recorded, taken back or not. */
export interface RecordedMeal extends StoredUses {
  id: number;
  elderId: number;
  canteenId: number;
  day: Day;
  minute: number;
  /** When it became known, by which the caps of the meals after it were counted. */
  receivedAtMs: number;
  /** When it was taken back; null while it stands. */
  voidedAtMs: number | null;
  outcome: SwipeOutcome;
  /** Whether it holds the meal of its day: it was accepted, or a funder was decided to bear it. */
  isClaimed: boolean;
  /** As of swipes: that of what no reader recorded belongs to no count. */
  sequence: number;
  meal: Meal;
  mode: DiningMode;
  menu: MenuKind;
  grossFen: number;
}

/** The recorded meals of these elders on [first, last], each elder's in the order in which they were received. */
export async function readRecordedMeals(
  manager: EntityManager,
  elderIds: readonly number[],
  { first, last }: { first: Day; last: Day },
): Promise<Map<number, RecordedMeal[]>> {
  type Row = RecordedMeal & Record<'swipedAt' | 'receivedAt', number | string> & { claimedMeal: Meal | null };
  const rows: Row[] = await manager.query(
    `SELECT id, elderId, canteenId, CAST(mealDate AS CHAR) AS day, meal, claimedMeal, outcome, swipedAt, receivedAt,
            voidedAt AS voidedAtMs, sequence, mode, menu, grossFen, subsidyFen, ruleId, appliedRules
       FROM swipe
      WHERE elderId IN (${placeholders(elderIds)}) AND mealDate >= ? AND mealDate <= ? AND meal IS NOT NULL
      ORDER BY elderId, receivedAt, id`,
    [...elderIds, first, last],
  );
  const meals = new Map<number, RecordedMeal[]>();
  for (const row of rows) {
    // A million rows pass here, so they are changed in place.
    row.id = Number(row.id);
    row.minute = minuteOfDay(new Date(Number(row.swipedAt)));
    row.receivedAtMs = Number(row.receivedAt);
    row.voidedAtMs = row.voidedAtMs === null ? null : Number(row.voidedAtMs);
    row.isClaimed = row.claimedMeal !== null;
    row.menu ??= 'SET_MEAL';
    row.grossFen = Number(row.grossFen);
    const own = meals.get(row.elderId);
    if (own) own.push(row);
    else meals.set(row.elderId, [row]);
  }
  return meals;
}

/** What the ledger has of a meal that was not taken back. */
export interface PostedMeal {
  /** Of its own posting and of all decisions on it, what funders and the canteen's discount bear. */
  entries: Entry[];
  /** True when a review, or a dispute that was upheld, has decided who bears it. */
  isDecided: boolean;
  /** True when such a decision gave funders back what they bore. */
  isGivenBack: boolean;
}

/**
 * By the swipes' ids, for those on [fromDay, toDay); without a meal of which nobody but the elder ever bore anything. Two
 * statements, however many there are.
 */
export async function readPostedMeals(
  manager: EntityManager,
  elderIds: readonly number[],
  days: { fromDay: Day; toDay: Day },
): Promise<Map<number, PostedMeal>> {
  const meals = new Map<number, PostedMeal>();
  if (elderIds.length === 0) return meals;
  const { own, decided } = postedMealsQueries(elderIds, days);
  const rows: EntryRow[] = await manager.query(own.sql, [...own.parameters]);
  for (const { swipeRowId, accountId, fen } of rows) {
    const id = Number(swipeRowId);
    const entry = { accountId, fen: Number(fen) };
    const meal = meals.get(id);
    if (meal) meal.entries.push(entry);
    else meals.set(id, { entries: [entry], isDecided: false, isGivenBack: false });
  }
  const decisions: (EntryRow & { givesBack: number | string })[] = await manager.query(decided.sql, [
    ...decided.parameters,
  ]);
  for (const { swipeRowId, accountId, fen, givesBack } of decisions) {
    const meal = meals.get(Number(swipeRowId));
    if (!meal) throw new Error(`swipe ${swipeRowId} was decided on, and nobody but the elder bore any of it`);
    meal.entries.push({ accountId, fen: Number(fen) });
    meal.isDecided = true;
    meal.isGivenBack ||= Number(givesBack) === 1;
  }
  return meals;
}

interface EntryRow {
  swipeRowId: number | string;
  accountId: number;
  fen: number | string;
}

/**
 * A swipe's own posting has its id. CROSS JOIN is an inner join that SQLite takes in the order written: the elders' meals
 * first, by their index.
 */
export function postedMealsQueries(
  elderIds: readonly number[],
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
): { own: Statement; decided: Statement } {
  const standing = `s.elderId IN (${placeholders(elderIds)}) AND s.mealDate >= ? AND s.mealDate < ?
        AND s.subsidyFen + s.discountFen > 0 AND s.voidedAt IS NULL`;
  const ofBearer = `${kindOfEntry} IN ('FUNDER', 'CANTEEN_DISCOUNT')`;
  const parameters = [...elderIds, fromDay, toDay];
  return {
    own: {
      sql: `SELECT s.id AS swipeRowId, n.accountId, n.fen
       FROM swipe s
      CROSS JOIN ledger_entry n ON n.postingId = s.id
      WHERE ${standing} AND ${ofBearer}`,
      parameters,
    },
    decided: {
      sql: `SELECT s.id AS swipeRowId, n.accountId, n.fen,
            CASE WHEN r.doubtedFen IS NOT NULL AND r.bornBy IN ('CANTEEN', 'ELDER') THEN 1 ELSE 0 END AS givesBack
       FROM swipe s
      CROSS JOIN swipe_review r ON r.swipeRowId = s.id AND r.decidedAt IS NOT NULL
      CROSS JOIN ledger_posting p ON p.sourceId = r.id AND p.kind = 'REVIEW'
      CROSS JOIN ledger_entry n ON n.postingId = p.id
      WHERE ${standing} AND ${ofBearer}
      UNION ALL
     SELECT s.id, n.accountId, n.fen, 1
       FROM swipe s
      CROSS JOIN statement_dispute d ON d.sourceId = s.id AND d.decision = 'UPHELD'
      CROSS JOIN ledger_posting p ON p.sourceId = d.id AND p.kind = 'DISPUTE'
      CROSS JOIN ledger_entry n ON n.postingId = p.id
      WHERE ${standing} AND ${ofBearer}`,
      parameters: [...parameters, ...parameters],
    },
  };
}
