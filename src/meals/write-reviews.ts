import type { EntityManager } from 'typeorm';
import { insertRows, placeholders } from '../shared/statements.js';
import { reviewColumns } from './decided-swipe.js';
import type { FunderShares } from './doubted-subsidy.rules.js';
import type { ReviewToOpen } from './next-review.rules.js';

/** Writes reviews that are opened, or opened again, with what they are about. Their swipes are locked. */
export async function writeReviews(manager: EntityManager, reviews: readonly ReviewToOpen[]): Promise<void> {
  if (reviews.length === 0) return;
  const again = reviews.filter(({ isNew }) => !isNew);
  for (const { id, reason, swipe } of again) {
    await manager.query(
      `UPDATE swipe_review SET openCanteenId = canteenId, reason = ?, doubtedFen = ?, withdrawn = ?
        WHERE id = ? AND decidedAt IS NULL`,
      [reason, sumOf(swipe.borne), false, id],
    );
  }
  await insertRows(
    manager,
    'swipe_review',
    reviewColumns,
    reviews
      .filter(({ isNew }) => isNew)
      .map(({ id, number, reason, swipe: { id: swipeRowId, canteenId, mealDate, borne } }) => [
        ...[id, swipeRowId, number, canteenId, canteenId, mealDate, reason, sumOf(borne), false],
      ]),
  );
  if (again.length > 0) {
    await manager.query(
      `DELETE FROM swipe_review_share WHERE reviewId IN (${placeholders(again)})`,
      again.map(({ id }) => id),
    );
  }
  await insertRows(
    manager,
    'swipe_review_share',
    ['reviewId', 'accountId', 'fen'],
    reviews.flatMap(({ id, swipe }) => [...swipe.borne].map(([accountId, fen]) => [id, accountId, fen])),
  );
}

function sumOf(shares: FunderShares): number {
  return [...shares.values()].reduce((sum, fen) => sum + fen, 0);
}
