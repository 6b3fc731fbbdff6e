import { type Finding, groupedBy, inOrder, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/**
 * Many cards within seconds on one reader: one person with a pile of them. Meals that were ordered and brought came
 * from no reader, and so are in no pile.
 */
export function manyCards(swipes: readonly SwipeFact[], thresholds: Thresholds): Finding[] {
  const { MANY_CARDS_COUNT: threshold, MANY_CARDS_SECONDS: seconds } = thresholds;
  const findings: Finding[] = [];
  for (const [readerId, own] of groupedBy(swipes, (swipe) => swipe.readerId)) {
    const { most, shown } = piles(inOrder(own), threshold, seconds * 1000);
    if (most < threshold) continue;
    const { canteenId } = own[0] as SwipeFact;
    findings.push({
      rule: 'MANY_CARDS',
      subject: `reader:${readerId}`,
      canteenId,
      elderId: null,
      readerId,
      measured: most,
      threshold,
      swipeIds: shown.map(({ id }) => id),
    });
  }
  return findings;
}

/** The most cards in any span of that length, and the swipes of all spans with at least `threshold` of them. */
function piles(
  ordered: readonly SwipeFact[],
  threshold: number,
  spanMs: number,
): { most: number; shown: SwipeFact[] } {
  const inSpan = new Map<string, number>();
  const shown = new Set<SwipeFact>();
  let most = 0;
  let first = 0;
  for (const [last, swipe] of ordered.entries()) {
    inSpan.set(swipe.cardUid, (inSpan.get(swipe.cardUid) ?? 0) + 1);
    for (let oldest = ordered[first] as SwipeFact; swipe.swipedAtMs - oldest.swipedAtMs > spanMs; ) {
      const left = (inSpan.get(oldest.cardUid) ?? 0) - 1;
      if (left === 0) inSpan.delete(oldest.cardUid);
      else inSpan.set(oldest.cardUid, left);
      first += 1;
      oldest = ordered[first] as SwipeFact;
    }
    most = Math.max(most, inSpan.size);
    // What an earlier span has shown already is not walked through again.
    for (let at = last; inSpan.size >= threshold && at >= first; at -= 1) {
      const each = ordered[at] as SwipeFact;
      if (at < last && shown.has(each)) break;
      shown.add(each);
    }
  }
  return { most, shown: ordered.filter((swipe) => shown.has(swipe)) };
}
