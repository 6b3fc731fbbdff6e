import { type Finding, groupedBy, inOrder, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/**
 * Meals that one account ordered and then handed over itself, at one canteen: nobody else saw whether they came, and a
 * photo is all that says so.
 */
export function ownDeliveries(
  swipes: readonly SwipeFact[],
  { OWN_DELIVERIES_COUNT: threshold }: Thresholds,
): Finding[] {
  const findings: Finding[] = [];
  for (const [accountId, own] of groupedBy(swipes, (swipe) => swipe.ownHandId)) {
    const [first] = own;
    if (!first || own.length < threshold) continue;
    const { canteenId } = first;
    findings.push({
      rule: 'OWN_DELIVERIES',
      subject: `account:${accountId}:canteen:${canteenId}`,
      canteenId,
      elderId: null,
      // Whose hands they were stands where otherwise the reader does, as it does with the swipes.
      readerId: accountId,
      measured: own.length,
      threshold,
      swipeIds: inOrder(own).map(({ id }) => id),
    });
  }
  return findings;
}
