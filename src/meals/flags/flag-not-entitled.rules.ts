import type { FlagRule } from '../../../entities/meals/fraud-flag.entity.js';
import type { Day } from '../../shared/china-time.js';
import { type Finding, groupedBy, inOrder, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/**
 * Swipes of somebody who lives in an institution on that day; a leave to the hospital is a part of the stay. Refused
 * swipes count too: it is the card in use that is the sign.
 */
export function duringStay(
  swipes: readonly SwipeFact[],
  livesInInstitution: (elderId: number) => boolean,
  { STAY_SWIPES: threshold }: Thresholds,
): Finding[] {
  return byElder(swipes, 'DURING_STAY', threshold, ([{ elderId }]) => livesInInstitution(elderId ?? 0));
}

/** Swipes after the day on which the file ended. On that day itself a meal may have come first. */
export function afterEnd(
  swipes: readonly SwipeFact[],
  day: Day,
  { ENDED_SWIPES: threshold }: Thresholds,
): Finding[] {
  return byElder(
    swipes,
    'AFTER_END',
    threshold,
    ([{ elderEndedOn }]) => elderEndedOn !== null && elderEndedOn < day,
  );
}

function byElder(
  swipes: readonly SwipeFact[],
  rule: FlagRule,
  threshold: number,
  isMeant: (own: [SwipeFact, ...SwipeFact[]]) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (const [elderId, own] of groupedBy(swipes, (swipe) => swipe.elderId)) {
    const [first] = own;
    if (!first || own.length < threshold || !isMeant([first, ...own.slice(1)])) continue;
    const { canteenId, readerId } = first;
    findings.push({
      rule,
      subject: `elder:${elderId}:canteen:${canteenId}`,
      canteenId,
      elderId,
      readerId,
      measured: own.length,
      threshold,
      swipeIds: inOrder(own).map(({ id }) => id),
    });
  }
  return findings;
}
