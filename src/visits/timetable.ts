import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { stayKey } from '../elders/institution-stays.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { errandFor } from './errands.js';
import { type Crew, readCrew } from './free-caregivers.js';
import type { Bringer, Errand, Times } from './free-times.rules.js';
import type { Situation } from './visit-situation.js';
import { visitMsMax } from './window.rules.js';

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
}

/** How long somebody counts as the usual caregiver. */
const usualDays = 180;

/** Reads what decides over times of those days. A constant number of statements. */
export async function readTimetable(
  manager: EntityManager,
  { visited, service, station }: Situation,
  question: TimetableQuestion,
): Promise<Timetable> {
  const { days, now, stays, caregiverIds, exceptVisitIds = [] } = question;
  const [from = dayOf(now), to = from] = [days[0], days.at(-1)];
  const only = caregiverIds === undefined ? {} : { caregiverIds };
  const crew =
    question.crew ??
    (await readCrew(manager, { stationIds: [station.id], from, to, exceptVisitIds, ...only }));
  // A visit may reach into the next day.
  const daysTouched = [...new Set(days.flatMap((day) => [day, addDays(day, 1)]))];
  const away = await stays.on(manager, [visited.id], daysTouched);
  const elderBusy = await timesOfElder(manager, visited.id, { from, to, exceptVisitIds });
  return {
    elderId: visited.id,
    errand: errandFor(service, visited, crew, station.id),
    bringers: crew.members,
    elderBusy,
    daysAway: new Set(daysTouched.filter((day) => away.has(stayKey(visited.id, day)))),
    // Where nobody can be preferred to anybody, it is no matter who came before.
    visitsBefore:
      caregiverIds !== undefined && caregiverIds.length <= service.caregivers
        ? new Map()
        : await visitsBeforeOf(manager, visited.id, now),
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

async function timesOfElder(
  manager: EntityManager,
  elderId: number,
  { from, to, exceptVisitIds }: { from: Day; to: Day; exceptVisitIds: readonly number[] },
): Promise<Times[]> {
  const fromMs = instantOn(from, 0).getTime();
  const except = exceptVisitIds.length === 0 ? '' : `AND id NOT IN (${placeholders(exceptVisitIds)})`;
  const rows: Record<'startsAt' | 'endsAt', number | string>[] = await manager.query(
    `SELECT startsAt, endsAt FROM visit
      WHERE elderId = ? AND startsAt > ? AND startsAt < ? AND endsAt > ? AND status <> 'CANCELLED' ${except}
      ORDER BY startsAt`,
    [elderId, fromMs - visitMsMax, instantOn(addDays(to, 2), 0).getTime(), fromMs, ...exceptVisitIds],
  );
  return rows.map(({ startsAt, endsAt }) => ({ fromMs: Number(startsAt), toMs: Number(endsAt) }));
}

async function visitsBeforeOf(
  manager: EntityManager,
  elderId: number,
  now: Date,
): Promise<Map<number, number>> {
  const rows: { caregiverId: number; visits: number | string }[] = await manager.query(
    `SELECT part.caregiverId, COUNT(*) AS visits
       FROM visit JOIN visit_caregiver part ON part.visitId = visit.id
      WHERE visit.elderId = ? AND visit.startsAt > ? AND visit.startsAt <= ?
        AND visit.status IN ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
      GROUP BY part.caregiverId`,
    [elderId, instantOn(addDays(dayOf(now), -usualDays), 0).getTime(), now.getTime()],
  );
  return new Map(rows.map(({ caregiverId, visits }) => [caregiverId, Number(visits)]));
}
