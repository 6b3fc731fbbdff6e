import type { EntityManager } from 'typeorm';
import { openPosition, type Position } from '../elders/elder-door.js';
import { addDays, type Day, instantOn } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders, readTogether, type Statement } from '../shared/statements.js';
import type { DaySpan } from './day-spans.rules.js';
import { type Bringer, type BusyTime, type SettingOut, workingTimes } from './free-times.rules.js';
import { type Absence, type Roster, type WeekHours, weekdayOf } from './roster.rules.js';
import { type RosterRows, rosterOf, rosterQuery, type StationRow } from './roster-rows.js';
import { visitMsMax } from './window.rules.js';

/** Whose time is asked about. */
export interface CrewQuestion {
  stationIds: readonly number[];
  /** Over which days, as `daySpansOf` gives them; what lies a day before and after each span is read with it. */
  during: readonly DaySpan[];
  /**
   * Which caregivers of the stations. Named one by one, each is looked for in an index at its times alone; found by a
   * subquery, the database would read all that they ever did.
   */
  caregiverIds: readonly number[];
  /** Left out of the caregivers' time, because they are about to be moved or taken away. */
  exceptVisitIds?: readonly number[];
}

/** A caregiver of one of the stations, and where it sets out. */
export interface CrewMember extends Bringer {
  stationId: number;
}

/** Who works for some stations over some days, and what they have to do already. */
export interface Crew {
  members: readonly CrewMember[];
  /** Where the caregivers of each station set out; a station that told no place has none. */
  settingOut: ReadonlyMap<number, SettingOut>;
}

/** What is assumed of a station that told nothing. */
export const unknownStation: SettingOut = { place: null, mode: 'CYCLE' };

/**
 * Reads in three statements, whatever the number of caregivers, days and visits, all that decides who can bring a visit:
 * the rest is worked out by the rules. What was read is true as long as the caregivers are locked (`lockTimes`); without
 * a lock it is an offer.
 */
export async function readCrew(
  manager: EntityManager,
  question: Omit<CrewQuestion, 'caregiverIds'>,
): Promise<Crew> {
  const { stationIds } = question;
  if (stationIds.length === 0) return { members: [], settingOut: new Map() };
  const asked = { ...question, caregiverIds: await caregiversOfStations(manager, stationIds) };
  return crewOf(manager, asked, await readTogether(manager, crewQueries(asked)));
}

/** Who works, or worked, for these stations. One statement. */
export async function caregiversOfStations(
  manager: EntityManager,
  stationIds: readonly number[],
): Promise<number[]> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM caregiver WHERE stationId IN (${placeholders(stationIds)}) ORDER BY id`,
    [...stationIds],
  );
  return rows.map(({ id }) => id);
}

/** The two statements, for whoever asks more at once; `crewOf` reads their rows. */
export function crewQueries(question: CrewQuestion): [Statement, Statement] {
  return [rosterQueryOf(question), busyQuery(question)];
}

export function crewOf(
  manager: EntityManager,
  { during }: CrewQuestion,
  [rosterRows, busyRows]: readonly unknown[],
): Crew {
  const { stations, ...roster } = rosterOf(rosterRows);
  const busy = busyRows as readonly BusyRow[];
  const cipher = cipherOf(manager);
  const places = new Map<number, Position | null>();
  const placeOf = ({ elderId, positionSealed }: BusyRow) => {
    const known = places.get(elderId);
    if (known !== undefined) return known;
    const place = openPosition(cipher, elderId, positionSealed);
    places.set(elderId, place);
    return place;
  };
  const busyOf = grouped(busy, (row) => busyTimeOf(row, placeOf(row)));
  const members = membersOf(roster, busyOf, during);
  return { members, settingOut: new Map(stations.map((row) => [row.facilityId, settingOutOf(row)])) };
}

function whose({ stationIds, caregiverIds }: CrewQuestion): Statement {
  return {
    sql: `stationId IN (${placeholders(stationIds)}) AND id IN (${placeholders(caregiverIds) || 'NULL'})`,
    parameters: [...stationIds, ...caregiverIds],
  };
}

/** From the day before to the day after, in milliseconds. */
function around({ from, to }: DaySpan): [number, number] {
  return [instantOn(addDays(from, -1), 0).getTime(), instantOn(addDays(to, 2), 0).getTime()];
}

function rosterQueryOf(question: CrewQuestion): Statement {
  const { stationIds, during } = question;
  const stations = { sql: `facilityId IN (${placeholders(stationIds)})`, parameters: stationIds };
  const days = during.flatMap(({ from, to }) => daysOver(addDays(from, -1), addDays(to, 1)));
  const weekdays = [...new Set(days.map(weekdayOf))].sort();
  const times = during.flatMap(around);
  const whole = [Math.min(...times), Math.max(...times)] as const;
  return rosterQuery({ stations, people: whose(question), during: whole, weekdays });
}

/** A week of days at most: after it the weekdays come again. */
function daysOver(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to && days.length < 7; day = addDays(day, 1)) days.push(day);
  return days;
}

/** A condition on rows with a start and an end: that they overlap one of these times, in milliseconds. */
export function touchingAny(
  alias: string,
  times: readonly (readonly [number, number])[],
): { sql: string; parameters: number[] } {
  const one = `${alias}.startsAt > ? AND ${alias}.startsAt < ? AND ${alias}.endsAt > ?`;
  return {
    sql: `(${times.map(() => one).join(' OR ')})`,
    parameters: times.flatMap(([fromMs, toMs]) => [fromMs - visitMsMax, toMs, fromMs]),
  };
}

function busyQuery(question: CrewQuestion): Statement {
  const { during, caregiverIds, exceptVisitIds = [] } = question;
  const times = touchingAny('part', during.map(around));
  const except =
    exceptVisitIds.length === 0 ? '' : `AND part.visitId NOT IN (${placeholders(exceptVisitIds)})`;
  return {
    sql: `SELECT part.caregiverId, part.visitId, part.startsAt, part.endsAt, visit.elderId,
                 service.preparationMinutes, service.bufferMinutes, door.positionSealed
            FROM visit_caregiver part
            JOIN visit ON visit.id = part.visitId AND visit.status <> 'CANCELLED'
            LEFT JOIN home_service service ON service.id = visit.serviceId
            LEFT JOIN elder_door door ON door.elderId = visit.elderId
           WHERE part.caregiverId IN (${placeholders(caregiverIds) || 'NULL'})
             AND ${times.sql} ${except}
           ORDER BY part.startsAt`,
    parameters: [...caregiverIds, ...times.parameters, ...exceptVisitIds],
  };
}

function membersOf(
  { caregivers, skills, shifts, absences }: Omit<RosterRows, 'stations'>,
  busy: ReadonlyMap<number, BusyTime[]>,
  during: readonly DaySpan[],
): CrewMember[] {
  const skillsOf = grouped(skills, ({ skill, expiresOn }): [string, Day | null] => [skill, expiresOn]);
  const hoursOf = grouped(shifts, (row): WeekHours => row);
  const absencesOf = grouped(
    absences,
    ({ startsAt, endsAt }): Absence => ({
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    }),
  );
  return caregivers.map(({ id, stationId, gender, activeFrom, activeUntil }) => {
    const hours = hoursOf.get(id) ?? [];
    const roster: Roster = { activeFrom, activeUntil, hours, absences: absencesOf.get(id) ?? [] };
    return {
      id,
      stationId,
      gender,
      skills: new Map(skillsOf.get(id)),
      works: during.flatMap(({ from, to }) => workingTimes(roster, addDays(from, -1), addDays(to, 1))),
      busy: busy.get(id) ?? [],
    };
  });
}

function grouped<Row extends { caregiverId: number }, Value>(
  rows: readonly Row[],
  made: (row: Row) => Value,
): Map<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const row of rows) {
    const group = groups.get(row.caregiverId);
    if (group) group.push(made(row));
    else groups.set(row.caregiverId, [made(row)]);
  }
  return groups;
}

function busyTimeOf(row: BusyRow, place: Position | null): BusyTime {
  const { visitId, preparationMinutes, bufferMinutes } = row;
  const [fromMs, toMs] = [Number(row.startsAt), Number(row.endsAt)];
  return { visitId, fromMs, toMs, preparationMinutes, bufferMinutes, place };
}

function settingOutOf({ latitudeMicro, longitudeMicro, travelMode }: StationRow): SettingOut {
  return { place: { latitudeMicro, longitudeMicro }, mode: travelMode };
}

interface BusyRow {
  caregiverId: number;
  visitId: number;
  startsAt: number | string;
  endsAt: number | string;
  elderId: number;
  preparationMinutes: number;
  bufferMinutes: number;
  positionSealed: string | null;
}
