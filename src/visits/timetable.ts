import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { stayKey } from '../elders/institution-stays.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import { placeholders, readTogether, type Statement } from '../shared/statements.js';
import { errandFor } from './errands.js';
import { type Crew, crewOf, crewQueries } from './free-caregivers.js';
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
  /** False where nobody is to be preferred to anybody, so that it is no matter who came before. */
  asksWho?: boolean;
}

/** How long somebody counts as the usual caregiver. */
const usualDays = 180;

/** Reads what decides over times of those days: five statements, four of them sent together. */
export async function readTimetable(
  manager: EntityManager,
  { visited, service, station }: Situation,
  question: TimetableQuestion,
): Promise<Timetable> {
  const { days, now, stays, caregiverIds, exceptVisitIds = [] } = question;
  const [from = dayOf(now), to = from] = [days[0], days.at(-1)];
  const only = caregiverIds === undefined ? {} : { caregiverIds };
  const asked = { stationIds: [station.id], from, to, exceptVisitIds, ...only };
  const { asksWho = true } = question;
  const asksBefore = asksWho && (caregiverIds === undefined || caregiverIds.length > service.caregivers);
  const [busy, before, ...crewRows] = await readTogether(manager, [
    elderTimesQuery(visited.id, { from, to, exceptVisitIds }),
    asksBefore ? visitsBeforeQuery(visited.id, now) : nothing,
    ...(question.crew ? [] : crewQueries(asked)),
  ]);
  const crew = question.crew ?? crewOf(manager, asked, crewRows);
  // A visit may reach into the next day.
  const daysTouched = [...new Set(days.flatMap((day) => [day, addDays(day, 1)]))];
  const away = await stays.on(manager, [visited.id], daysTouched);
  return {
    elderId: visited.id,
    errand: errandFor(service, visited, crew, station.id),
    bringers: crew.members,
    elderBusy: (busy as Record<'startsAt' | 'endsAt', number | string>[]).map(({ startsAt, endsAt }) => ({
      fromMs: Number(startsAt),
      toMs: Number(endsAt),
    })),
    daysAway: new Set(daysTouched.filter((day) => away.has(stayKey(visited.id, day)))),
    visitsBefore: new Map(
      (before as { caregiverId: number; visits: number | string }[]).map(({ caregiverId, visits }) => [
        caregiverId,
        Number(visits),
      ]),
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

/** In the place of a question that need not be asked. */
const nothing: Statement = { sql: 'SELECT 1 FROM home_station WHERE 1 = 0', parameters: [] };

function elderTimesQuery(
  elderId: number,
  { from, to, exceptVisitIds }: { from: Day; to: Day; exceptVisitIds: readonly number[] },
): Statement {
  const fromMs = instantOn(from, 0).getTime();
  const except = exceptVisitIds.length === 0 ? '' : `AND id NOT IN (${placeholders(exceptVisitIds)})`;
  return {
    sql: `SELECT startsAt, endsAt FROM visit
           WHERE elderId = ? AND startsAt > ? AND startsAt < ? AND endsAt > ? AND status <> 'CANCELLED' ${except}
           ORDER BY startsAt`,
    parameters: [
      elderId,
      fromMs - visitMsMax,
      instantOn(addDays(to, 2), 0).getTime(),
      fromMs,
      ...exceptVisitIds,
    ],
  };
}

function visitsBeforeQuery(elderId: number, now: Date): Statement {
  return {
    sql: `SELECT part.caregiverId, COUNT(*) AS visits
            FROM visit JOIN visit_caregiver part ON part.visitId = visit.id
           WHERE visit.elderId = ? AND visit.startsAt > ? AND visit.startsAt <= ?
             AND visit.status IN ('ASSIGNED', 'IN_PROGRESS', 'COMPLETED')
           GROUP BY part.caregiverId`,
    parameters: [elderId, instantOn(addDays(dayOf(now), -usualDays), 0).getTime(), now.getTime()],
  };
}
