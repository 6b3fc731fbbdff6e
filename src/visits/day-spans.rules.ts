import { addDays, type Day } from '../shared/china-time.js';

/** The days from one to another, both of them too. */
export interface DaySpan {
  from: Day;
  to: Day;
}

/**
 * The days in spans, the earliest first, so far apart that the days before and after one do not touch those of another:
 * what is read around each of a few days is little, around all from the first to the last it may be months.
 */
export function daySpansOf(days: readonly Day[]): DaySpan[] {
  const spans: DaySpan[] = [];
  for (const day of [...new Set(days)].sort()) {
    const last = spans.at(-1);
    if (last && day <= addDays(last.to, 3)) last.to = day;
    else spans.push({ from: day, to: day });
  }
  return spans;
}
