import type { Day } from './china-time.js';

/** True when `day` lies in [from, to); an end of null is open. */
export function isWithinDays(day: Day, from: Day, to: Day | null): boolean {
  return from <= day && (to === null || day < to);
}
