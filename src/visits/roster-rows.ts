import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { TravelMode } from '../../entities/visits/home-station.entity.js';
import type { Day } from '../shared/china-time.js';
import { placeholders, type Statement } from '../shared/statements.js';
import type { WeekHours } from './roster.rules.js';

/** What the tables say of stations and their caregivers. */
export interface RosterRows {
  stations: readonly StationRow[];
  caregivers: readonly CaregiverRow[];
  skills: readonly SkillRow[];
  shifts: readonly ShiftRow[];
  absences: readonly AbsenceRow[];
}
export interface StationRow {
  facilityId: number;
  latitudeMicro: number;
  longitudeMicro: number;
  travelMode: TravelMode;
}
export interface CaregiverRow {
  id: number;
  stationId: number;
  gender: Gender;
  activeFrom: Day;
  activeUntil: Day | null;
}
export interface SkillRow {
  caregiverId: number;
  skill: string;
  expiresOn: Day | null;
}
export interface ShiftRow extends WeekHours {
  caregiverId: number;
}
export interface AbsenceRow {
  caregiverId: number;
  startsAt: number;
  endsAt: number;
}

export interface RosterQuestion {
  stations: Statement;
  /** A condition on a row of `caregiver`. */
  people: Statement;
  /** The absences that overlap this time, in milliseconds. */
  during: readonly [number, number];
  /** The hours of these days of the week, 1 to 7. */
  weekdays: readonly number[];
}

/**
 * Stations, caregivers, skills, hours and absences in one statement, a row of any of them under the same names: a
 * booking is one round trip for all, and its caregivers are locked meanwhile. `rosterOf` reads its rows.
 */
export function rosterQuery({ stations, people, during, weekdays }: RosterQuestion): Statement {
  const theirs = `caregiverId IN (SELECT id FROM caregiver WHERE ${people.sql})`;
  const [fromMs, toMs] = during;
  return {
    sql: `SELECT 'STATION' AS kind, facilityId AS id, latitudeMicro AS one, longitudeMicro AS two, NULL AS three,
            travelMode AS word, NULL AS fromDay, NULL AS toDay
       FROM home_station WHERE ${stations.sql}
     UNION ALL
     SELECT 'CAREGIVER', id, stationId, NULL, NULL, gender, CAST(activeFrom AS CHAR), CAST(activeUntil AS CHAR)
       FROM caregiver WHERE ${people.sql}
     UNION ALL
     SELECT 'SKILL', caregiverId, NULL, NULL, NULL, skill, NULL, CAST(expiresOn AS CHAR)
       FROM caregiver_skill WHERE ${theirs}
     UNION ALL
     SELECT 'SHIFT', caregiverId, weekday, fromMinute, toMinute, NULL, CAST(fromDay AS CHAR), CAST(toDay AS CHAR)
       FROM caregiver_shift WHERE ${theirs} AND weekday IN (${placeholders(weekdays)})
     UNION ALL
     SELECT 'ABSENCE', caregiverId, startsAt, endsAt, NULL, NULL, NULL, NULL
       FROM caregiver_absence WHERE ${theirs} AND withdrawnAt IS NULL AND endsAt > ? AND startsAt < ?`,
    parameters: [
      ...stations.parameters,
      ...[people, people, people].flatMap(({ parameters }) => parameters),
      ...weekdays,
      ...people.parameters,
      ...[fromMs, toMs],
    ],
  };
}

export function rosterOf(all: unknown): RosterRows {
  const rows = all as readonly AnyRow[];
  const of = <Row>(kind: AnyRow['kind'], made: (row: AnyRow) => Row): Row[] =>
    rows.filter((row) => row.kind === kind).map(made);
  const caregivers = of('CAREGIVER', ({ id, one, word, fromDay, toDay }) => ({
    id,
    stationId: Number(one),
    gender: word as Gender,
    activeFrom: fromDay as Day,
    activeUntil: toDay,
  }));
  return {
    stations: of('STATION', ({ id, one, two, word }) => ({
      facilityId: id,
      latitudeMicro: Number(one),
      longitudeMicro: Number(two),
      travelMode: word as TravelMode,
    })),
    caregivers: caregivers.sort((one, other) => one.id - other.id),
    skills: of('SKILL', ({ id, word, toDay }) => ({
      caregiverId: id,
      skill: word as string,
      expiresOn: toDay,
    })),
    shifts: of('SHIFT', ({ id, one, two, three, fromDay, toDay }) => ({
      caregiverId: id,
      weekday: Number(one),
      fromMinute: Number(two),
      toMinute: Number(three),
      fromDay: fromDay as Day,
      toDay,
    })),
    absences: of('ABSENCE', ({ id, one, two }) => ({
      caregiverId: id,
      startsAt: Number(one),
      endsAt: Number(two),
    })),
  };
}

/** Drivers hand 64-bit integers over as numbers or as texts. */
interface AnyRow {
  kind: 'STATION' | 'CAREGIVER' | 'SKILL' | 'SHIFT' | 'ABSENCE';
  id: number;
  one: number | string;
  two: number | string | null;
  three: number | string | null;
  word: string | null;
  fromDay: Day | null;
  toDay: Day | null;
}
