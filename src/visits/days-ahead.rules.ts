import { addDays, type Day, isDay } from '../shared/china-time.js';

/** How far ahead anything may be said, in days: what is later is a mistake. */
const daysAheadMax = 3 * 366;

/** True for a day that exists and lies in [from, from + three years). */
export function isDayAhead(day: Day, from: Day): boolean {
  return isDay(day) && day >= from && day < addDays(from, daysAheadMax);
}
