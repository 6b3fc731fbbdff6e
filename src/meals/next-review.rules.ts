import type { LateReason } from '../../entities/meals/swipe-review.entity.js';
import type { Day } from '../shared/china-time.js';
import type { ChargedSwipe } from './charged-swipes.js';

/** A review that is to be opened, or opened again. */
export interface ReviewToOpen {
  id: number;
  number: number;
  /** False for one that is there and was never decided. */
  isNew: boolean;
  reason: LateReason;
  swipe: ChargedSwipe;
}

/**
 * How a swipe is looked at for what became known late; undefined when it is being looked at, or was for that reason.
 * The next review is about the decision of the last one. One that ended undecided is opened again instead, and an open
 * one of a stay becomes one of the end of the file, which puts more in doubt and leaves less to decide.
 */
export function nextReview(
  swipe: ChargedSwipe,
  { reason, fromDay }: { reason: LateReason; fromDay: Day },
): ReviewToOpen | undefined {
  const last = swipe.reviews.at(-1);
  if (!last) return { id: swipe.id, number: 1, isNew: true, reason, swipe };
  const { id, number, postingId } = last;
  const again = { id, number, isNew: false, reason, swipe };
  if (last.state === 'ENDED') return again;
  if (last.state === 'OPEN') {
    return reason === 'END_ENTERED_LATE' && last.reason === 'STAY_ENTERED_LATE' ? again : undefined;
  }
  // On the day of a death itself a meal may have come first; what was decided then says nothing of the days after.
  const stands = reason === 'STAY_ENTERED_LATE' || swipe.mealDate <= fromDay;
  if (stands && swipe.reviews.some((review) => review.reason === reason)) return undefined;
  if (postingId === null) throw new Error(`the decision on review ${id} has no posting`);
  return { id: postingId, number: number + 1, isNew: true, reason, swipe };
}
