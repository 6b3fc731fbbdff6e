import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import type { Doors } from './book-visit.js';
import { type Slot, slotsOf } from './slots.rules.js';
import { priceOffered } from './station-catalog.js';
import { readTimetable, timesAway, timesOf } from './timetable.js';
import { type Booker, readSituation } from './visit-situation.js';
import { firstStart, horizonEnd } from './visit-terms.rules.js';

export interface SlotsWanted {
  elderId: number;
  serviceCode: string;
  from: Date;
  to: Date;
  slotsMax: number;
}

/**
 * When the service can be had over [from, to), as far as bookings are open, the earliest first: none for an elder whom the
 * caller may not book for. A constant number of statements, whatever the number of caregivers, visits and days.
 */
export async function visitSlots(
  { read, crew, catalog }: Pick<Doors, 'read' | 'crew' | 'catalog'>,
  wanted: SlotsWanted,
  booker: Booker,
): Promise<Slot[]> {
  return read(async (manager) => {
    const situation = await readSituation(manager, wanted, booker, [], catalog);
    if (isRefusal(situation)) return [];
    const { terms, isStation, station } = situation;
    const { now, stays } = booker;
    const fromMs = Math.max(wanted.from.getTime(), firstStart(now, terms, isStation).getTime());
    const toMs = Math.min(wanted.to.getTime(), horizonEnd(now, terms).getTime());
    const [days, closed] = parted(
      daysOver(fromMs, toMs),
      (day) => priceOffered(situation, day) !== undefined,
    );
    const [from, to] = [days[0], days.at(-1)];
    if (from === undefined || to === undefined) return [];
    const known = crew ? { crew: await crew(station.id, from, to) } : {};
    const table = await readTimetable(manager, situation, { days, now, stays, asksWho: false, ...known });
    return slotsOf({
      errand: table.errand,
      bringers: table.bringers,
      within: { fromMs, toMs },
      rasterMinutes: terms.rasterMinutes,
      elderBusy: [...table.elderBusy, ...timesAway(table)],
      closed: timesOf(closed),
      slotsMax: wanted.slotsMax,
    });
  });
}

/** Those of which it is true, and the others. */
function parted(days: readonly Day[], isTrue: (day: Day) => boolean): [Day[], Day[]] {
  return [days.filter(isTrue), days.filter((day) => !isTrue(day))];
}

function daysOver(fromMs: number, toMs: number): Day[] {
  if (toMs <= fromMs) return [];
  const last = dayOf(new Date(toMs - 1));
  const days: Day[] = [];
  for (let day = dayOf(new Date(fromMs)); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}
