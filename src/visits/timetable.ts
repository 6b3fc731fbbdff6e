import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { stayKey } from '../elders/institution-stays.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { placeholders, type Reading, readAtOnce, type Statement } from '../shared/statements.js';
import { type DaySpan, daySpansOf } from './day-spans.rules.js';
import { errandFor } from './errands.js';
import { type Crew, caregiversOfStations, crewOf, crewQueries, touchingAny } from './free-caregivers.js';
import type { Bringer, Errand, Times } from './free-times.rules.js';
import { type Placed, withVisit } from './place-visits.rules.js';
import type { Situation } from './visit-situation.js';

/** What the time of a visit has to fit: the elder, and those who could come. */
export interface Timetable {
  elderId: number;
  errand: Errand;
  bringers: readonly Bringer[];
  /** The elder's other visits, in order. */
  elderBusy: readonly Times[];
  /** Days on which the elder lives in an institution, hospital leave of it too. */
  daysAway: ReadonlySet<Day>;
  /** How often each caregiver visited the elder in the last months. */
  visitsBefore: ReadonlyMap<number, number>;
}

export interface TimetableQuestion {
  /** The days on which visits begin, in order. */
  days: readonly Day[];
  now: Date;
  stays: InstitutionStays;
  /** Only these caregivers; all of the station without it. */
  caregiverIds?: readonly number[];
  /** As if these visits were not there. */
  exceptVisitIds?: readonly number[];
  /** What was read of the station lately; it is read anew without it. */
  crew?: Crew;
  /** False where nobody is to be preferred to anybody, so that it is no matter who came before. */
  asksWho?: boolean;
}

/** How long somebody counts as the usual caregiver. */
const usualDays = 180;

/** Reads what decides over times of those days: six statements at most, four of them sent together. */
export async function readTimetable(
  manager: EntityManager,
  situation: Situation,
  question: TimetableQuestion,
): Promise<Timetable> {
  const { visited, service, station } = situation;
  const { asksWho = true } = question;
  const caregiverIds = question.caregiverIds ?? (await caregiversOfStations(manager, [station.id]));
  const asked = {
    ...question,
    caregiverIds,
    elderIds: [visited.id],
    stationIds: [station.id],
    asksWho: asksWho && caregiverIds.length > service.caregivers,
  };
  return timetableOf(await readWhereabouts(manager, asked), situation, question.days);
}

/** Whose time is asked about: of the elders of some stations. */
export interface WhereaboutsQuestion extends TimetableQuestion {
  elderIds: readonly number[];
  stationIds: readonly number[];
  caregiverIds: readonly number[];
}

/** Who is where over some days: elders, and the caregivers of stations. */
export interface Whereabouts {
  crew: Crew;
  /** Each elder's visits, in order. */
  elderBusy: ReadonlyMap<number, readonly Times[]>;
  /** Who lives in an institution when, as `stayKey`. */
  away: ReadonlySet<string>;
  /** How often each elder was visited by each caregiver in the last months. */
  visitsBefore: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** Five statements, however many elders and stations, four of them sent together. */
async function readWhereabouts(manager: EntityManager, question: WhereaboutsQuestion): Promise<Whereabouts> {
  const [known] = await readAtOnce(manager, whereaboutsOf(manager, question));
  const { elderIds, stays } = question;
  return { ...known, away: await stays.on(manager, elderIds, daysTouched(question.days)) };
}

/** Four of the statements: who lives in an institution is asked apart. */
export function whereaboutsOf(
  manager: EntityManager,
  question: Omit<WhereaboutsQuestion, 'stays'>,
): Reading<Omit<Whereabouts, 'away'>> {
  const { elderIds, stationIds, now, caregiverIds, exceptVisitIds = [], asksWho = true } = question;
  const during = daySpansOf(question.days.length > 0 ? question.days : [dayOf(now)]);
  const asked = { stationIds, during, exceptVisitIds, caregiverIds };
  return {
    statements: [
      elderTimesQuery(elderIds, { during, exceptVisitIds }),
      ...(asksWho ? [visitsBeforeQuery(elderIds, now)] : []),
      ...(question.crew ? [] : crewQueries(asked)),
    ],
    of([busy, ...more]) {
      const [before, crewRows] = asksWho ? [more[0], more.slice(1)] : [[], more];
      const elderBusy = new Map<number, Times[]>(elderIds.map((id) => [id, []]));
      for (const { elderId, startsAt, endsAt } of busy as unknown as ElderTimeRow[]) {
        elderBusy.get(elderId)?.push({ fromMs: Number(startsAt), toMs: Number(endsAt) });
      }
      const visitsBefore = new Map<number, Map<number, number>>(elderIds.map((id) => [id, new Map()]));
      for (const { elderId, caregiverId, visits } of before as unknown as VisitsBeforeRow[]) {
        visitsBefore.get(elderId)?.set(caregiverId, Number(visits));
      }
      return { crew: question.crew ?? crewOf(manager, asked, crewRows), elderBusy, visitsBefore };
    },
  };
}

interface ElderTimeRow {
  elderId: number;
  startsAt: number | string;
  endsAt: number | string;
}

interface VisitsBeforeRow {
  elderId: number;
  caregiverId: number;
  visits: number | string;
}

/** What of it decides over a visit to one elder on some days. */
export function timetableOf(
  { crew, elderBusy, away, visitsBefore }: Whereabouts,
  { visited, service, station }: Situation,
  days: readonly Day[],
): Timetable {
  return {
    elderId: visited.id,
    errand: errandFor(service, visited, crew, station.id),
    bringers: crew.members.filter(({ stationId }) => stationId === station.id),
    elderBusy: elderBusy.get(visited.id) ?? [],
    // Hardly anybody is away, and days are texts that take their time.
    daysAway: new Set(
      away.size === 0 ? [] : daysTouched(days).filter((day) => away.has(stayKey(visited.id, day))),
    ),
    visitsBefore: visitsBefore.get(visited.id) ?? new Map(),
  };
}

/** A visit may reach into the next day. */
export function daysTouched(days: readonly Day[]): Day[] {
  return [...new Set(days.flatMap((day) => [day, addDays(day, 1)]))];
}

/** The same whereabouts once these visits are booked. */
export function withVisits(
  whereabouts: Whereabouts,
  { visited, service }: Situation,
  visits: readonly Placed[],
): Whereabouts {
  const { crew, elderBusy } = whereabouts;
  const { preparationMinutes, bufferMinutes } = service;
  const errand = { preparationMinutes, bufferMinutes, elderPlace: visited.place };
  let { members } = crew;
  for (const { caregivers } of visits) members = withVisit(members, errand, caregivers);
  const times = visits.map(({ fromMs, toMs }) => ({ fromMs, toMs }));
  const own = [...(elderBusy.get(visited.id) ?? []), ...times];
  return {
    ...whereabouts,
    crew: { ...crew, members },
    elderBusy: new Map(elderBusy).set(
      visited.id,
      own.sort((one, other) => one.fromMs - other.fromMs),
    ),
  };
}

/** The days away as times, for whoever looks at times alone. */
export function timesAway({ daysAway }: Timetable): Times[] {
  return timesOf([...daysAway]);
}

export function timesOf(days: readonly Day[]): Times[] {
  return days.map((day) => ({
    fromMs: instantOn(day, 0).getTime(),
    toMs: instantOn(addDays(day, 1), 0).getTime(),
  }));
}

function elderTimesQuery(
  elderIds: readonly number[],
  { during, exceptVisitIds }: { during: readonly DaySpan[]; exceptVisitIds: readonly number[] },
): Statement {
  const except = exceptVisitIds.length === 0 ? '' : `AND id NOT IN (${placeholders(exceptVisitIds)})`;
  const times = touchingAny(
    'visit',
    during.map(({ from, to }) => [instantOn(from, 0).getTime(), instantOn(addDays(to, 2), 0).getTime()]),
  );
  return {
    sql: `SELECT elderId, startsAt, endsAt FROM visit
           WHERE elderId IN (${placeholders(elderIds)}) AND ${times.sql} AND status <> 'CANCELLED' ${except}
           ORDER BY startsAt`,
    parameters: [...elderIds, ...times.parameters, ...exceptVisitIds],
  };
}

function visitsBeforeQuery(elderIds: readonly number[], now: Date): Statement {
  return {
    sql: `SELECT visit.elderId, part.caregiverId, COUNT(*) AS visits
            FROM visit JOIN visit_caregiver part ON part.visitId = visit.id
           WHERE visit.elderId IN (${placeholders(elderIds)}) AND visit.startsAt > ? AND visit.startsAt <= ?
             AND visit.status IN ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
           GROUP BY visit.elderId, part.caregiverId`,
    parameters: [...elderIds, instantOn(addDays(dayOf(now), -usualDays), 0).getTime(), now.getTime()],
  };
}
