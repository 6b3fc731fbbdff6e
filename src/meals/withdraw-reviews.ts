import type { EntityManager } from 'typeorm';
import { type ElderDays, type InstitutionStays, stayKey } from '../elders/institution-stays.js';
import type { AfterReopening } from '../elders/reopen-elder.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { announceCanteenDay } from './canteen-news.js';
import { lockSwipes } from './charged-swipes.js';

/**
 * Ends what was opened for a stay and waits for its decision, where the elder lived at home on the day of the meal after
 * all, and answers how many. Nothing was posted about it yet, and nothing is; the review says that it was withdrawn.
 * The elder's row is locked.
 */
export async function withdrawReviews(
  manager: EntityManager,
  days: ElderDays,
  stays: InstitutionStays,
): Promise<number> {
  const swipes = await lockSwipes(manager, days);
  if (swipes.length === 0) return 0;
  const open: { id: number | string; canteenId: number; mealDate: Day }[] = await manager.query(
    `SELECT id, canteenId, CAST(mealDate AS CHAR) AS mealDate FROM swipe_review
      WHERE swipeRowId IN (${placeholders(swipes)}) AND openCanteenId IS NOT NULL
        AND reason = 'STAY_ENTERED_LATE'`,
    swipes.map(({ id }) => id),
  );
  const { elderId } = days;
  const living = await stays.on(manager, [elderId], [...new Set(open.map(({ mealDate }) => mealDate))]);
  return withdraw(
    manager,
    open.filter(({ mealDate }) => !living.has(stayKey(elderId, mealDate))),
  );
}

/** What meals do about an end that is taken back: doubts that came of it and wait for their decision end too. */
export const withdrawReviewsOfEnd: AfterReopening = async (manager, { elderId, hadEndedOn }) => {
  const swipes = await lockSwipes(manager, { elderId, fromDay: hadEndedOn, toDay: null });
  if (swipes.length === 0) return 0;
  const open: OpenReview[] = await manager.query(
    `SELECT id, canteenId FROM swipe_review
      WHERE swipeRowId IN (${placeholders(swipes)}) AND openCanteenId IS NOT NULL
        AND reason = 'END_ENTERED_LATE'`,
    swipes.map(({ id }) => id),
  );
  return withdraw(manager, open);
};

interface OpenReview {
  id: number | string;
  canteenId: number;
}

async function withdraw(manager: EntityManager, groundless: readonly OpenReview[]): Promise<number> {
  if (groundless.length === 0) return 0;
  await manager.query(
    `UPDATE swipe_review SET openCanteenId = NULL, withdrawn = ? WHERE id IN (${placeholders(groundless)})`,
    [true, ...groundless.map(({ id }) => id)],
  );
  for (const canteenId of new Set(groundless.map((review) => review.canteenId))) {
    announceCanteenDay(manager, canteenId);
  }
  return groundless.length;
}
