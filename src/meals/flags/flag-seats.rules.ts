import { type Finding, groupedBy, inOrder, isOrdered, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/** How many a canteen has room for. */
export interface Seats {
  /** Null where nobody counted, and then nothing can be told. */
  seats: number | null;
  /** How many times they are filled during a meal; null means once. */
  seatings: number | null;
}

/**
 * More meals eaten in than a canteen has room for during one meal. What was tapped outside of the windows was eaten
 * during none, and what was ordered was eaten at home; what a reader alone calls a delivery has no order to show for
 * it, and counts.
 */
export function beyondSeats(
  swipes: readonly SwipeFact[],
  { seats, seatings }: Seats,
  { SEATS_PERCENT: percent }: Thresholds,
): Finding[] {
  if (seats === null) return [];
  const threshold = Math.floor((seats * (seatings ?? 1) * percent) / 100);
  const eatenIn = swipes.filter(
    (swipe) => swipe.mode !== 'TAKE_AWAY' && !isOrdered(swipe) && swipe.reviewReason !== 'MEAL_NOT_SERVED',
  );
  const findings: Finding[] = [];
  for (const [meal, own] of groupedBy(eatenIn, (swipe) => swipe.meal)) {
    const [first] = own;
    if (!first || own.length <= threshold) continue;
    findings.push({
      rule: 'BEYOND_SEATS',
      subject: `canteen:${first.canteenId}:${meal}`,
      canteenId: first.canteenId,
      elderId: null,
      readerId: null,
      measured: own.length,
      threshold,
      swipeIds: inOrder(own).map(({ id }) => id),
    });
  }
  return findings;
}
