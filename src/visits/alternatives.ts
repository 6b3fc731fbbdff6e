import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { addDays, dayOf, instantOn } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import type { TimeRefusal } from './decide-booking.js';
import { findVisit } from './find-visits.js';
import { situationOfVisit } from './locked-visits.js';
import { nearestSlots, type Slot, type SlotQuestion } from './slots.rules.js';
import { priceOffered } from './station-catalog.js';
import { readTimetable, timesAway, timesOf } from './timetable.js';
import type { VisitReach } from './visit-reach.js';
import type { VisitRefusal } from './visit-refusals.js';
import { type Booker, readSituation, type Situation } from './visit-situation.js';
import { alternativesMax, firstStart, horizonEnd } from './visit-terms.rules.js';

/** How many days before and after a start are looked at for other ones. */
const daysAround = 7;

interface Reads {
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/**
 * A refusal with the nearest free slots, when the time was the trouble. They are looked for after the transaction, so
 * that nobody waits for locks meanwhile: like every slot they are an offer.
 */
export async function withAlternatives(
  { read }: Reads,
  { aroundMs, ...refusal }: TimeRefusal,
  asked: { elderId: number; serviceCode: string; caregiverId: number | null },
  booker: Booker,
): Promise<VisitRefusal> {
  if (aroundMs === undefined) return refusal;
  return read(async (manager) => {
    const situation = await readSituation(manager, asked, booker, []);
    if (isRefusal(situation)) return refusal;
    const alternatives = await slotsNear(manager, situation, booker, { aroundMs, only: asked.caregiverId });
    return { ...refusal, alternatives };
  });
}

/** The nearest slots to an instant that may be booked; of a caregiver who is asked for, its own. */
export async function slotsNear(
  manager: EntityManager,
  situation: Situation,
  { now, stays }: Booker,
  asked: { aroundMs: number; only: number | null; exceptVisitIds?: readonly number[] },
): Promise<Slot[]> {
  const { terms, isStation, service } = situation;
  const firstMs = firstStart(now, terms, isStation).getTime();
  const endMs = horizonEnd(now, terms).getTime();
  const aroundMs = Math.min(Math.max(asked.aroundMs, firstMs), endMs - 1);
  const [today, day] = [dayOf(now), dayOf(new Date(aroundMs))];
  const from = addDays(day, -daysAround) < today ? today : addDays(day, -daysAround);
  const days = Array.from({ length: 2 * daysAround + 1 }, (_, index) => addDays(from, index)).filter(
    (each) => each <= addDays(day, daysAround),
  );
  const { exceptVisitIds = [] } = asked;
  const table = await readTimetable(manager, situation, { days, now, stays, exceptVisitIds, asksWho: false });
  // Of a visit of two, whoever is asked for comes with somebody else, whoever that is.
  const isAlone = asked.only !== null && service.caregivers === 1;
  const own = table.bringers.filter(({ id }) => id === asked.only);
  const question: SlotQuestion = {
    errand: table.errand,
    bringers: isAlone && own.length > 0 ? own : table.bringers,
    within: withinDays(days, firstMs, endMs),
    rasterMinutes: terms.rasterMinutes,
    elderBusy: [...table.elderBusy, ...timesAway(table)],
    closed: timesOf(days.filter((each) => priceOffered(situation, each) === undefined)),
    slotsMax: alternativesMax,
  };
  return nearestSlots(question, aroundMs, alternativesMax);
}

function withinDays(days: readonly string[], firstMs: number, endMs: number) {
  const [from = '', to = ''] = [days[0], days.at(-1)];
  const midnight = (day: string) => instantOn(day, 0).getTime();
  return {
    fromMs: Math.max(firstMs, midnight(from)),
    toMs: Math.min(endMs, midnight(addDays(to, 1))),
  };
}

/** The same for a visit that is there already, as if it were not. */
export async function alternativesForVisit(
  { read }: Reads,
  { aroundMs, ...refusal }: TimeRefusal,
  visitId: number,
  reach: VisitReach,
  booker: Booker,
  only: number | null = null,
): Promise<VisitRefusal> {
  if (aroundMs === undefined) return refusal;
  return read(async (manager) => {
    const visit = await findVisit(manager, visitId, reach, dayOf(booker.now));
    if (!visit) return refusal;
    const elder = await manager.findOneByOrFail(Elder, { id: visit.elderId });
    const situation = await situationOfVisit(manager, { visits: [visit], elder }, booker);
    if (isRefusal(situation)) return refusal;
    const asked = { aroundMs, only, exceptVisitIds: [visitId] };
    return { ...refusal, alternatives: await slotsNear(manager, situation, booker, asked) };
  });
}
