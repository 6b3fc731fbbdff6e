import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { holidaysAmong } from './holidays.js';
import { type HoursOffer, type HoursQuestion, offerHours } from './hours-book.js';
import { type Misfit, type Placed, placeVisits } from './place-visits.rules.js';
import { occurrencesOf } from './recurrence.rules.js';
import { priceOffered } from './station-catalog.js';
import { readTimetable, type Timetable } from './timetable.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import { type Booker, readSituation, type Situation } from './visit-situation.js';
import { firstStart, flexMinutesMax, horizonEnd, isKeepable, isWholeMinute } from './visit-terms.rules.js';

/** What somebody wants to have booked. */
export interface BookingWanted {
  /** A UUID. */
  requestId: string;
  elderId: number;
  serviceCode: string;
  startsAt: Date;
  /** Somebody asked for by name; 0 for a name that nobody has. */
  caregiverId: number | null;
  recurrence: string | null;
  skipHolidays: boolean;
  flexMinutes: number;
  note: string | null;
}

/** One visit of a booking, with who comes. */
export interface PlacedVisit extends Placed {
  /** The place within the series, from 0. */
  occurrence: number;
  day: Day;
  priceFen: number;
}

/** And with who pays. */
export interface VisitToBook extends PlacedVisit, HoursOffer {}

/** Refused for a reason of time: the start that cannot be. */
export interface TimeRefusal extends VisitRefusal {
  aroundMs?: number;
}

/** What can be said of a booking without looking at anything: undefined when it may go on. */
export function faultOfBooking({ startsAt, note, flexMinutes }: BookingWanted): VisitRefusal | undefined {
  if (note !== null && !isKeepable(note)) return refuseVisit('NOTE_INVALID', ['input', 'note']);
  const isFlexible = Number.isInteger(flexMinutes) && flexMinutes >= 0 && flexMinutes <= flexMinutesMax;
  if (!isFlexible) return refuseVisit('NOTE_INVALID', ['input', 'flexMinutes']);
  return isWholeMinute(startsAt) ? undefined : refuseVisit('START_INVALID', ['input', 'startsAt']);
}

/** Days on which visits are left out that are not to be on public holidays. One statement at most, for all bookings. */
export async function holidaysOf(
  manager: EntityManager,
  bookings: readonly BookingWanted[],
): Promise<ReadonlySet<Day>> {
  const days = bookings.flatMap(({ recurrence, skipHolidays, startsAt }) =>
    recurrence !== null && skipHolidays ? (occurrencesOf(recurrence, startsAt) ?? []) : [],
  );
  return holidaysAmong(manager, [...new Set(days.map((start) => dayOf(start)))]);
}

/** The starts of all visits of a booking, or undefined when the rule of recurrence is none. */
export function startsOf(
  { startsAt, recurrence, skipHolidays }: BookingWanted,
  holidays: ReadonlySet<Day>,
): Date[] | undefined {
  if (recurrence === null) return [startsAt];
  const starts = occurrencesOf(recurrence, startsAt)?.filter(
    (start) => !skipHolidays || !holidays.has(dayOf(start)),
  );
  return starts?.length === 0 ? undefined : starts;
}

/** Decides a booking of an elder whom the caller may book for, as it would be now. It locks and writes nothing. */
export async function lookAtBooking(
  manager: EntityManager,
  wanted: BookingWanted,
  booker: Booker,
): Promise<readonly VisitToBook[] | TimeRefusal> {
  const starts = startsOf(wanted, await holidaysOf(manager, [wanted]));
  if (!starts) return refuseVisit('RECURRENCE_INVALID', ['input', 'recurrence']);
  const situation = await readSituation(manager, wanted, booker, ['input']);
  if (isRefusal(situation)) return situation;
  const priced = pricedStarts(situation, starts, wanted, booker.now);
  if (isRefusal(priced)) return priced;
  const { now, stays } = booker;
  const table = await readTimetable(manager, situation, { days: priced.days, now, stays });
  const placed = placeBooking(table, priced, wanted);
  if (isRefusal(placed)) return placed;
  const offers = await offerHours(
    manager,
    placed.map((visit) => hoursQuestion(situation, visit)),
  );
  return placed.map((visit, index) => ({ ...visit, ...(offers[index] as HoursOffer) }));
}

/** The starts of a booking with their days and prices, in order. */
export interface PricedStarts {
  startsMs: readonly number[];
  days: readonly Day[];
  prices: readonly number[];
}

/** What is to be said of the starts of a booking whoever is free: what each costs, or why one of them cannot be. */
export function pricedStarts(
  situation: Situation,
  starts: readonly Date[],
  wanted: BookingWanted,
  now: Date,
): PricedStarts | TimeRefusal {
  const { terms, isStation } = situation;
  const days = starts.map((start) => dayOf(start));
  const prices = days.map((day) => priceOffered(situation, day));
  const startsMs = starts.map((start) => start.getTime());
  const [firstMs, endMs] = [firstStart(now, terms, isStation).getTime(), horizonEnd(now, terms).getTime()];
  const outside = startsMs.findIndex((ms) => ms < firstMs || ms >= endMs);
  // What was, or will be, offered on a day that nobody can book is no matter.
  if (outside < 0 && prices.includes(undefined)) {
    return refuseVisit('SERVICE_NOT_OFFERED', ['input', 'serviceCode']);
  }
  if (priceOffered(situation, dayOf(now)) === undefined && prices.every((price) => price === undefined)) {
    return refuseVisit('SERVICE_NOT_OFFERED', ['input', 'serviceCode']);
  }
  if (outside >= 0) return refuseTime({ trouble: 'TIME_OUT_OF_RANGE', index: outside }, wanted, startsMs);
  return { startsMs, days, prices: prices as number[] };
}

/** Who would come when, whoever pays: true as long as the elder and the caregivers of the table are locked. */
export function placeBooking(
  table: Timetable,
  { startsMs, days, prices }: PricedStarts,
  wanted: BookingWanted,
): PlacedVisit[] | TimeRefusal {
  const placed = placeVisits(table, { startsMs, wishedId: wanted.caregiverId });
  if ('trouble' in placed) return refuseTime(placed, wanted, startsMs);
  return placed.map((visit, index) => ({
    ...visit,
    occurrence: index,
    day: days[index] as Day,
    priceFen: prices[index] as number,
  }));
}

export function hoursQuestion(
  { elder, service, station }: Situation,
  { day, priceFen }: Pick<VisitToBook, 'day' | 'priceFen'>,
): HoursQuestion {
  const { minutes } = service;
  return { elderId: elder.id, serviceId: service.id, stationId: station.id, day, minutes, priceFen };
}

/** The first start is at fault by itself, a later one by the rule that leads to it; the message names its day. */
function refuseTime(
  { trouble, index }: Misfit,
  { caregiverId, recurrence }: BookingWanted,
  startsMs: readonly number[],
): TimeRefusal {
  const isNamed = trouble === 'NO_CAREGIVER_FREE' && caregiverId !== null;
  const isLater = recurrence !== null && index > 0;
  const field = isNamed ? 'caregiverId' : isLater ? 'recurrence' : 'startsAt';
  const refusal = refuseVisit(trouble, ['input', field]);
  const aroundMs = startsMs[index] as number;
  if (!isLater) return { ...refusal, aroundMs };
  const day = dayOf(new Date(aroundMs));
  const message = { zh: `${day}：${refusal.message.zh}`, en: `${day}: ${refusal.message.en}` };
  return { ...refusal, message, aroundMs };
}
