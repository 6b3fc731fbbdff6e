import { addDays, type Day } from '../shared/china-time.js';

/** The same day of the next month, or its last where it is shorter. */
export function oneMonthAfter(day: Day): Day {
  const next = addDays(`${day.slice(0, 7)}-01`, 31).slice(0, 7);
  const last = addDays(`${addDays(`${next}-01`, 31).slice(0, 7)}-01`, -1);
  const same = `${next}-${day.slice(8)}`;
  return same < last ? same : last;
}
