import type { EntityManager } from 'typeorm';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { bornFen, joinedReview } from './review-sums.js';

/** What was eaten on a day, and who paid how much of it in fen. */
export interface MealTotals {
  meals: number;
  subsidyFen: number;
  selfPaidFen: number;
}

/**
 * The meals of `day` recorded at canteens that lay in the tree of that day at or beneath each root: accepted
 * ones and those recorded for review, voided ones left out. One statement; a root without meals has zeros.
 */
export async function mealTotals(
  manager: EntityManager,
  roots: readonly number[],
  day: Day,
): Promise<Map<number, MealTotals>> {
  const beneath = withBeneath(roots, day);
  const rows: ({ rootId: number } & Record<keyof MealTotals, number | string | null>)[] = await manager.query(
    `${beneath.sql}
     SELECT beneath.rootId, COUNT(swipe.id) AS meals,
            SUM(${bornFen('swipe', 'subsidyFen')}) AS subsidyFen,
            SUM(${bornFen('swipe', 'selfPaidFen')}) AS selfPaidFen
       FROM beneath
       LEFT JOIN swipe ON swipe.canteenId = beneath.facilityId AND swipe.mealDate = ?
        AND swipe.outcome IN ('ACCEPTED', 'RECORDED_FOR_REVIEW') AND swipe.voidedAt IS NULL
       ${joinedReview('swipe')}
      GROUP BY beneath.rootId`,
    [...beneath.parameters, day],
  );
  const totals = new Map<number, MealTotals>(
    roots.map((id) => [id, { meals: 0, subsidyFen: 0, selfPaidFen: 0 }]),
  );
  for (const { rootId, meals, subsidyFen, selfPaidFen } of rows) {
    totals.set(rootId, {
      meals: Number(meals),
      // A sum of no rows is null, which is no money.
      subsidyFen: Number(subsidyFen),
      selfPaidFen: Number(selfPaidFen),
    });
  }
  return totals;
}
