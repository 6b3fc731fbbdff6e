import type { CaregiverRefusalCode } from './caregiver-refusals.js';

/** Hours of one weekday, half-open, in minutes since midnight. */
export interface WeekSpan {
  /** 1 for Monday to 7 for Sunday. */
  weekday: number;
  fromMinute: number;
  toMinute: number;
}

/** More spans than a week of shifts has. */
export const weekSpansMax = 28;

/** What is wrong with the hours of a week, and of which of them; undefined when nothing is. */
export function weekFault(
  spans: readonly WeekSpan[],
): { code: Extract<CaregiverRefusalCode, 'HOURS_INVALID' | 'HOURS_OVERLAP'>; index: number } | undefined {
  if (spans.length > weekSpansMax) return { code: 'HOURS_INVALID', index: weekSpansMax };
  const invalid = spans.findIndex(
    ({ weekday, fromMinute, toMinute }) =>
      weekday < 1 || weekday > 7 || fromMinute < 0 || fromMinute >= toMinute || toMinute > 1440,
  );
  if (invalid >= 0) return { code: 'HOURS_INVALID', index: invalid };
  const overlapping = spans.findIndex((span, index) =>
    spans
      .slice(0, index)
      .some(
        (other) =>
          other.weekday === span.weekday &&
          other.fromMinute < span.toMinute &&
          span.fromMinute < other.toMinute,
      ),
  );
  return overlapping < 0 ? undefined : { code: 'HOURS_OVERLAP', index: overlapping };
}
