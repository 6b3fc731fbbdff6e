import type { AwaySpan } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';

/**
 * Since when an elder was away on a day on which somebody says to have visited at home; undefined when not. On the day
 * on which a stay begins an elder may have been at home before, unless it was entered later.
 */
export function awaySince(day: Day, spans: readonly AwaySpan[], today: Day): Day | undefined {
  const covering = spans.find(
    ({ fromDay, toDay, isExpected }) =>
      !isExpected && isWithinDays(day, fromDay, toDay) && (fromDay < today || day > fromDay),
  );
  return day <= today ? covering?.fromDay : undefined;
}
