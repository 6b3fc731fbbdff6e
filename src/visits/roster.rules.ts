import type { CaregiverAbsence } from '../../entities/visits/caregiver-absence.entity.js';
import type { CaregiverShift } from '../../entities/visits/caregiver-shift.entity.js';
import { type Day, instantOn, weekdayOf } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { type Span, spanOf } from './window.rules.js';

export { weekdayOf };

export type WeekHours = Pick<CaregiverShift, 'weekday' | 'fromMinute' | 'toMinute' | 'fromDay' | 'toDay'>;
export type Absence = Pick<CaregiverAbsence, 'startsAt' | 'endsAt'>;

/** When somebody works: from a day to a day, the hours of the week, and the times away that were not taken back. */
export interface Roster {
  activeFrom: Day;
  activeUntil: Day | null;
  hours: readonly WeekHours[];
  absences: readonly Absence[];
}

/**
 * When the person works on `day`: spans in order that neither overlap nor touch, none on a day off. Hours that were
 * entered twice count once.
 */
export function workingSpans(day: Day, roster: Roster): Span[] {
  if (!isWithinDays(day, roster.activeFrom, roster.activeUntil)) return [];
  const weekday = weekdayOf(day);
  const hours = roster.hours
    .filter((row) => row.weekday === weekday && isWithinDays(day, row.fromDay, row.toDay))
    .map(({ fromMinute, toMinute }) => ({
      startsAt: instantOn(day, fromMinute),
      endsAt: instantOn(day, toMinute),
    }));
  const away = roster.absences.filter((absence) => overlaps(absence, spanOf(day)));
  return away.reduce(without, joined(hours));
}

/** True when two half-open spans share an instant; touching ones do not. */
export function overlaps(one: Span, other: Span): boolean {
  return one.startsAt < other.endsAt && other.startsAt < one.endsAt;
}

/** The same instants in as few spans as possible, in order. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())) {
    const last = result.at(-1);
    if (!last || span.startsAt > last.endsAt) result.push({ ...span });
    else if (span.endsAt > last.endsAt) last.endsAt = span.endsAt;
  }
  return result;
}

function without(spans: readonly Span[], away: Span): Span[] {
  return spans.flatMap((span) => {
    if (!overlaps(span, away)) return [span];
    const parts: Span[] = [];
    if (span.startsAt < away.startsAt) parts.push({ startsAt: span.startsAt, endsAt: away.startsAt });
    if (away.endsAt < span.endsAt) parts.push({ startsAt: away.endsAt, endsAt: span.endsAt });
    return parts;
  });
}
