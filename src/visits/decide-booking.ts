import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import type { CaregiverClaims } from './caregiver-claims.js';
import type { Crew } from './free-caregivers.js';
import { holidaysAmong } from './holidays.js';
import { type HoursOffer, type HoursPlan, type HoursQuestion, planHours } from './hours-book.js';
import { type Misfit, type Placed, placeVisits, type TimesToPlace } from './place-visits.rules.js';
import { occurrencesOf } from './recurrence.rules.js';
import { type CatalogReader, priceOffered } from './station-catalog.js';
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

/** One visit of a booking, with who comes and who pays. */
export interface VisitToBook extends Placed, HoursOffer {
  /** The place within the series, from 0. */
  occurrence: number;
  day: Day;
  priceFen: number;
}

export interface BookingPlan {
  situation: Situation;
  visits: readonly [VisitToBook, ...VisitToBook[]];
  /** What the visits' hours are reserved by. */
  hours: HoursPlan;
}

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

/** The starts of all visits of a booking, or undefined when the rule of recurrence is none. */
export async function startsOf(
  manager: EntityManager,
  { startsAt, recurrence, skipHolidays }: BookingWanted,
): Promise<{ occurrence: number; startsAt: Date }[] | undefined> {
  if (recurrence === null) return [{ occurrence: 0, startsAt }];
  const all = occurrencesOf(recurrence, startsAt);
  if (!all) return undefined;
  const days = all.map((start) => dayOf(start));
  const skipped = skipHolidays ? await holidaysAmong(manager, days) : new Set<Day>();
  const starts = all.filter((start) => !skipped.has(dayOf(start)));
  return starts.length === 0
    ? undefined
    : starts.map((start, occurrence) => ({ occurrence, startsAt: start }));
}

/** Who may come: only these, or all of the station; and what was read of the station lately. */
export interface Candidates {
  caregiverIds?: readonly number[];
  crew?: Crew;
}

/** How a booking learns what it does not lock. */
export interface Sources {
  candidatesOf(situation: Situation, days: readonly Day[]): Promise<Candidates>;
  catalogOf?: CatalogReader | undefined;
  /** Whom other bookings under way have in view: for guesses alone, never for what is decided under lock. */
  claims?: CaregiverClaims | undefined;
}

/**
 * Decides a booking of an elder whom the caller may book for; true as long as the elder and the candidates are locked,
 * else an offer. It writes nothing.
 */
export async function decideBooking(
  manager: EntityManager,
  wanted: BookingWanted,
  booker: Booker,
  sources: Sources,
): Promise<BookingPlan | TimeRefusal> {
  const plan = await placeBooking(manager, wanted, booker, sources);
  if (isRefusal(plan)) return plan;
  const { situation, visits } = plan;
  const hours = await planHours(
    manager,
    visits.map((visit) => hoursQuestion(situation, visit)),
  );
  const priced = visits.map((visit, index) => ({ ...visit, ...(hours.offers[index] as HoursOffer) }));
  return { situation, visits: priced as [VisitToBook, ...VisitToBook[]], hours };
}

/** Who would come when, whoever pays. */
export interface PlacedBooking {
  situation: Situation;
  visits: readonly Omit<VisitToBook, keyof HoursOffer>[];
  /** Ends the claim of those who would come, where there are claims. */
  release?: ReturnType<CaregiverClaims['claim']> | undefined;
}

/** The same without asking who pays. */
export async function placeBooking(
  manager: EntityManager,
  wanted: BookingWanted,
  booker: Booker,
  { candidatesOf, catalogOf, claims }: Sources,
): Promise<PlacedBooking | TimeRefusal> {
  const starts = await startsOf(manager, wanted);
  if (!starts) return refuseVisit('RECURRENCE_INVALID', ['input', 'recurrence']);
  const situation = await readSituation(manager, wanted, booker, ['input'], catalogOf);
  if (isRefusal(situation)) return situation;
  const { terms, isStation } = situation;
  const days = starts.map(({ startsAt }) => dayOf(startsAt));
  const prices = days.map((day) => priceOffered(situation, day));
  const startsMs = starts.map(({ startsAt }) => startsAt.getTime());
  const [firstMs, endMs] = [firstStart(booker.now, terms, isStation), horizonEnd(booker.now, terms)].map(
    (instant) => instant.getTime(),
  ) as [number, number];
  const outside = startsMs.findIndex((ms) => ms < firstMs || ms >= endMs);
  // What was, or will be, offered on a day that nobody can book is no matter.
  if (outside < 0 && prices.includes(undefined)) {
    return refuseVisit('SERVICE_NOT_OFFERED', ['input', 'serviceCode']);
  }
  if (
    priceOffered(situation, dayOf(booker.now)) === undefined &&
    prices.every((price) => price === undefined)
  ) {
    return refuseVisit('SERVICE_NOT_OFFERED', ['input', 'serviceCode']);
  }
  if (outside >= 0) return refuseTime({ trouble: 'TIME_OUT_OF_RANGE', index: outside }, wanted, startsMs);
  const uniqueDays = [...new Set(days)];
  const candidates = await candidatesOf(situation, uniqueDays);
  const { now, stays } = booker;
  const table = await readTimetable(manager, situation, { days: uniqueDays, now, stays, ...candidates });
  const placed = placeApart(table, { startsMs, wishedId: wanted.caregiverId }, claims);
  if ('trouble' in placed) return refuseTime(placed, wanted, startsMs);
  const chosen = placed.flatMap(({ caregivers }) => caregivers);
  const release = claims?.claim(chosen, table.errand);
  const visits = placed.map((visit, index) => ({
    ...visit,
    occurrence: index,
    day: days[index] as Day,
    priceFen: prices[index] as number,
  }));
  return { situation, visits, release };
}

/** By caregivers whom nobody else has in view, where that can be. It and the claim that follows are one step. */
function placeApart(
  table: Timetable,
  times: TimesToPlace,
  claims: CaregiverClaims | undefined,
): Placed[] | Misfit {
  const apart = claims && placeVisits({ ...table, bringers: claims.without(table.bringers) }, times);
  return apart && !('trouble' in apart) ? apart : placeVisits(table, times);
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
