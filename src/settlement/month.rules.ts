import { instantOn } from '../shared/china-time.js';
import { firstDayOf, type Month, nextMonth } from '../shared/month.js';

/** How long after its last midnight a month is still open, for what was under way at that midnight. */
export const graceMinutes = 10;

/** From ten past midnight of the first day after it on. */
export function isOver(month: Month, now: Date): boolean {
  return now >= instantOn(firstDayOf(nextMonth(month)), graceMinutes);
}
