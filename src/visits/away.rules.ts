import type { AwaySpan } from '../elders/institution-stays.js';
import { addDays, type Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';

/** What a stay elsewhere does to a visit at home that is still to come. */
export type AwayFate = 'CALLED_OFF' | 'AT_RISK';

/**
 * A visit is called off when its day is one of a stay that has begun and is said to last: of whoever lives there every
 * day, of a patient those before the return that is expected. Whatever else may fall into a stay is at risk: days after
 * that return as long as nobody is back, days of a stay that is to begin, and those after a leave at home. Of a patient
 * who is still away, today and tomorrow are called off whatever was expected, so that nobody sets out in vain.
 */
export function awayFate(day: Day, spans: readonly AwaySpan[], today: Day): AwayFate | undefined {
  const covering = spans.filter(({ fromDay, toDay }) => isWithinDays(day, fromDay, toDay));
  if (covering.length === 0) return undefined;
  const isOff = covering.some(({ fromDay, saidUntil, isExpected }) => {
    const isSaid = saidUntil === null || day < saidUntil || day <= addDays(today, 1);
    return !isExpected && fromDay <= today && isSaid;
  });
  return isOff ? 'CALLED_OFF' : 'AT_RISK';
}

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
