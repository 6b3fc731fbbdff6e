import type { Day } from '../shared/china-time.js';
import { addDays } from '../shared/china-time.js';
import type { Measure } from './bed-spans.js';

/** Beds of a part of the network on a day, by what became of them. open = occupied + onLeave + held + free. */
export interface BedCounts {
  total: number;
  open: number;
  occupied: number;
  onLeave: number;
  held: number;
  free: number;
  nursing: number;
}

export interface DayCounts extends BedCounts {
  date: Day;
}

type Running = Record<Measure, number>;

const nothing = (): Running => ({
  REGISTERED: 0,
  NURSING: 0,
  IN_SERVICE: 0,
  OUT: 0,
  STAY: 0,
  LEAVE: 0,
  HELD: 0,
});

/** What the measures of a day say of its beds. */
export function countsOf({ REGISTERED, NURSING, IN_SERVICE, OUT, STAY, LEAVE, HELD }: Running): BedCounts {
  const open = IN_SERVICE - OUT;
  return {
    total: REGISTERED,
    open,
    occupied: STAY - LEAVE,
    onLeave: LEAVE,
    held: HELD,
    free: open - STAY - HELD,
    nursing: NURSING,
  };
}

/** The counts of one day, added up from what each part of it is. */
export function countsOfChanges(changes: readonly { what: Measure; delta: number }[]): BedCounts {
  const running = nothing();
  for (const { what, delta } of changes) running[what] += delta;
  return countsOf(running);
}

/** The counts of each day of [from, to), added up from the changes. */
export function countsByDay(
  changes: readonly { day: Day; what: Measure; delta: number }[],
  from: Day,
  to: Day,
): DayCounts[] {
  const byDay = new Map<Day, Partial<Running>>();
  for (const { day, what, delta } of changes) {
    const sums = byDay.get(day) ?? {};
    sums[what] = (sums[what] ?? 0) + delta;
    byDay.set(day, sums);
  }
  const running = nothing();
  const days: DayCounts[] = [];
  for (let date = from; date < to; date = addDays(date, 1)) {
    for (const [what, delta] of Object.entries(byDay.get(date) ?? {})) running[what as Measure] += delta;
    days.push({ date, ...countsOf(running) });
  }
  return days;
}

export function plus(one: BedCounts, other: BedCounts): BedCounts {
  return {
    total: one.total + other.total,
    open: one.open + other.open,
    occupied: one.occupied + other.occupied,
    onLeave: one.onLeave + other.onLeave,
    held: one.held + other.held,
    free: one.free + other.free,
    nursing: one.nursing + other.nursing,
  };
}

/** Occupied beds of all there are, 0 to 1; 0 where there are none. */
export function rateOf(occupied: number, beds: number): number {
  return beds === 0 ? 0 : occupied / beds;
}
