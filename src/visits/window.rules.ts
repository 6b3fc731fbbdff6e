import { addDays, type Day, instantOn } from '../shared/china-time.js';

/** A time, the end itself no longer part of it. */
export interface Span {
  startsAt: Date;
  endsAt: Date;
}

/**
 * Whoever brings a visit that overlaps this span sees its elder on `today`: from the day before the visit, to get
 * ready and to ring up, to the day after it, to write down what was done. Days of China Standard Time.
 */
export function openSpan(today: Day): Span {
  return { startsAt: instantOn(addDays(today, -1), 0), endsAt: instantOn(addDays(today, 2), 0) };
}

/** The instants of one day. */
export function spanOf(day: Day): Span {
  return { startsAt: instantOn(day, 0), endsAt: instantOn(addDays(day, 1), 0) };
}

/** No visit is longer, as the tables check: whatever overlaps a span began less than this before it. */
export const visitMsMax = 86_400_000;
