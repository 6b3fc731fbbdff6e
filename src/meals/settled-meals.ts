import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { SqlPart } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { firstDayOf, type Month, monthOf } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import type { StoredUses } from './rules/rule-catalog.js';
import { unsettledSql } from './statement-lines.js';

/** Whether the lines of the month are written down, or are what the ledger has for a draft. */
export type SettledFrom = 'LINES' | 'LEDGER';

/** A meal that statements of its canteen are about. */
export interface SettledMeal extends StoredUses {
  canteenId: number;
  elderId: number;
  day: Day;
  meal: Meal;
  mode: DiningMode;
  /** True when it counted by the statements of earlier months. */
  countedBefore: boolean;
  /** True when it counts by the statements up to the one in question. */
  counts: boolean;
}

/**
 * The meals that the statements of a month are about, and those of the same months that earlier statements settled.
 * A meal counts from the line on by which it was accepted, or a funder was decided to bear it, until one takes it
 * back or gives its subsidy back: an upheld dispute, or a doubt by which the canteen or the elder bears it. Two
 * statements, whatever the number of meals.
 */
export async function readSettledMeals(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  from: SettledFrom,
): Promise<SettledMeal[]> {
  const current =
    from === 'LINES' ? fixedSql(canteenIds, month, month) : await draftSql(manager, canteenIds, month);
  const earliest: { day: Day | null }[] = await manager.query(
    `SELECT MIN(line.day) AS day FROM (${current.sql}) line`,
    current.parameters,
  );
  const day = earliest[0]?.day;
  if (!day) return [];
  const { sql, parameters } = mealsSql(canteenIds, month, current, firstDayOf(monthOf(day)));
  type Row = Omit<SettledMeal, 'countedBefore' | 'counts'> &
    Record<'acceptedNow' | 'lostNow' | 'acceptedBefore' | 'lostBefore', number | string>;
  const rows: Row[] = await manager.query(sql, parameters);
  return rows.map(({ acceptedNow, lostNow, acceptedBefore, lostBefore, ...meal }) => ({
    ...meal,
    countedBefore: Number(acceptedBefore) > Number(lostBefore),
    counts: Number(acceptedNow) > Number(lostNow),
  }));
}

function mealsSql(canteenIds: readonly number[], month: Month, current: SqlPart, firstDay: Day): SqlPart {
  // A reader's clock may be minutes ahead, so that the last meals booked in a month are of the next one's first day.
  const earlier = fixedSql(
    canteenIds,
    monthOf(addDays(firstDay, -1)),
    monthOf(addDays(firstDayOf(month), -1)),
  );
  const accepted = `CASE WHEN (line.kind = 'SWIPE' AND swipe.outcome = 'ACCEPTED')
                           OR (line.kind = 'REVIEW' AND review.bornBy = 'FUNDER') THEN 1 ELSE 0 END`;
  const lost = `CASE WHEN line.kind IN ('VOID', 'DISPUTE')
                       OR (line.kind = 'REVIEW' AND review.doubtedFen IS NOT NULL
                           AND review.bornBy IN ('CANTEEN', 'ELDER')) THEN 1 ELSE 0 END`;
  const before = (sql: string) => `MAX(CASE WHEN line.isCurrent = 0 THEN ${sql} ELSE 0 END)`;
  return {
    sql: `SELECT line.facilityId AS canteenId, swipe.elderId, CAST(swipe.mealDate AS CHAR) AS day, swipe.meal,
                 swipe.mode, swipe.ruleId, swipe.subsidyFen, swipe.appliedRules,
                 MAX(${accepted}) AS acceptedNow, MAX(${lost}) AS lostNow,
                 ${before(accepted)} AS acceptedBefore, ${before(lost)} AS lostBefore
            FROM (SELECT 1 AS isCurrent, own.facilityId, own.kind, own.postingId, own.sourceId, own.day
                    FROM (${current.sql}) own
                   UNION ALL
                  SELECT 0 AS isCurrent, earlier.facilityId, earlier.kind, earlier.postingId, earlier.sourceId, earlier.day
                    FROM (${earlier.sql}) earlier) line
            JOIN swipe ON swipe.id = line.sourceId
            LEFT JOIN ledger_posting posting ON line.kind = 'REVIEW' AND posting.id = line.postingId
            LEFT JOIN swipe_review review ON review.id = posting.sourceId
           WHERE line.day >= ?
           GROUP BY line.facilityId, swipe.id, swipe.elderId, swipe.mealDate, swipe.meal, swipe.mode, swipe.ruleId,
                    swipe.subsidyFen, swipe.appliedRules
           ORDER BY line.facilityId, swipe.mealDate, swipe.id`,
    parameters: [...current.parameters, ...earlier.parameters, firstDay],
  };
}

/** The lines of these canteens' statements of some months, first and last included. */
function fixedSql(canteenIds: readonly number[], first: Month, last: Month): SqlPart {
  return {
    sql: `SELECT statement.facilityId, line.kind, line.postingId, line.sourceId, CAST(line.day AS CHAR) AS day
            FROM month_statement statement
            JOIN statement_line line ON line.statementId = statement.id
           WHERE statement.kind = 'CANTEEN' AND statement.facilityId IN (${placeholders(canteenIds) || 'NULL'})
             AND statement.month >= ? AND statement.month <= ?`,
    parameters: [...canteenIds, first, last],
  };
}

async function draftSql(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
): Promise<SqlPart> {
  const { sql, parameters } = await unsettledSql(manager, canteenIds, month);
  return {
    sql: `SELECT draft.facilityId, draft.kind, draft.postingId, draft.sourceId, draft.day FROM (${sql}) draft`,
    parameters,
  };
}
