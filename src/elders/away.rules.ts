import { addDays, type Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import type { AwaySpan } from './institution-stays.js';

/** What a stay elsewhere does to what is still to come to an elder's home: a visit, or a meal that is brought. */
export type AwayFate = 'CALLED_OFF' | 'AT_RISK';

/**
 * It is called off when its day is one of a stay that has begun and is said to last: of whoever lives there every
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
