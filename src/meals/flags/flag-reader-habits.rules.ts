import type { FlagRule } from '../../../entities/meals/fraud-flag.entity.js';
import { type Finding, groupedBy, inOrder, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/** Swipes at one reader while no meal was served, whether they were refused or recorded for review. */
export function outsideWindows(
  swipes: readonly SwipeFact[],
  { OUTSIDE_COUNT: threshold }: Thresholds,
): Finding[] {
  return byReader(
    swipes,
    'OUTSIDE_WINDOWS',
    threshold,
    ({ outcome, reviewReason }) => outcome === 'MEAL_NOT_SERVED' || reviewReason === 'MEAL_NOT_SERVED',
  );
}

/** Swipes of one reader that were uploaded long after the tap. */
export function longBackfill(
  swipes: readonly SwipeFact[],
  { BACKFILL_COUNT: threshold, BACKFILL_HOURS: hours }: Thresholds,
): Finding[] {
  const isLate = ({ swipedAtMs, receivedAtMs }: SwipeFact) => receivedAtMs - swipedAtMs > hours * 3_600_000;
  return byReader(swipes, 'LONG_BACKFILL', threshold, isLate);
}

function byReader(
  swipes: readonly SwipeFact[],
  rule: FlagRule,
  threshold: number,
  isMeant: (swipe: SwipeFact) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (const [readerId, own] of groupedBy(swipes.filter(isMeant), (swipe) => swipe.readerId)) {
    const [first] = own;
    if (!first || own.length < threshold) continue;
    findings.push({
      rule,
      subject: `reader:${readerId}`,
      canteenId: first.canteenId,
      elderId: null,
      readerId,
      measured: own.length,
      threshold,
      swipeIds: inOrder(own).map(({ id }) => id),
    });
  }
  return findings;
}
