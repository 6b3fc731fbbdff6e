import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';

/** An SQL condition that joins `swipe_review r` to a swipe, and looks for none of a swipe that has none. */
export function reviewOf(swipeAlias: string): string {
  return `r.id = CASE WHEN ${swipeAlias}.outcome = 'RECORDED_FOR_REVIEW' THEN ${swipeAlias}.id END`;
}

/**
 * What one side bears of a swipe, as an SQL value: what the swipe says, until a decision gave the whole price to
 * somebody. It stands behind the join of `reviewOf`, and the alias of the swipe is that of the column.
 */
export function bornFen(bearer: ReviewBearer, column: string): string {
  const grossFen = `${column.slice(0, column.indexOf('.'))}.grossFen`;
  return `CASE WHEN r.bornBy IS NULL THEN ${column} WHEN r.bornBy = '${bearer}' THEN ${grossFen} ELSE 0 END`;
}
