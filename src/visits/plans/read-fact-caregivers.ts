import type { EntityManager } from 'typeorm';
import type { Gender } from '../../../entities/visits/caregiver.entity.js';
import type { Day } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import type { Span } from '../window.rules.js';
import type { FactCaregiver } from './plan-facts.js';

interface WantedDays {
  fromDay: Day;
  toDay: Day;
  span: Span;
}

/** The caregivers of these stations with hours, absences and skills as far as they touch the days. Four statements. */
export async function readFactCaregivers(
  manager: EntityManager,
  stationIds: readonly number[],
  wanted: WantedDays,
): Promise<FactCaregiver[]> {
  const stations = placeholders(stationIds);
  const own = `caregiverId IN (SELECT id FROM caregiver WHERE stationId IN (${stations}))`;
  const { fromDay, toDay, span } = wanted;
  const caregivers: CaregiverRow[] = await manager.query(
    `SELECT caregiver.id, account.name, caregiver.stationId, caregiver.gender,
            CAST(caregiver.activeFrom AS CHAR) AS activeFrom, CAST(caregiver.activeUntil AS CHAR) AS activeUntil
       FROM caregiver JOIN account ON account.id = caregiver.accountId
      WHERE caregiver.stationId IN (${stations}) ORDER BY caregiver.id`,
    [...stationIds],
  );
  const hours: HoursRow[] = await manager.query(
    `SELECT caregiverId, weekday, fromMinute, toMinute, CAST(fromDay AS CHAR) AS fromDay,
            CAST(toDay AS CHAR) AS toDay
       FROM caregiver_shift WHERE ${own} AND fromDay < ? AND (toDay IS NULL OR toDay > ?)
      ORDER BY caregiverId, weekday, fromMinute, fromDay`,
    [...stationIds, toDay, fromDay],
  );
  const absences: AbsenceRow[] = await manager.query(
    `SELECT caregiverId, startsAt, endsAt FROM caregiver_absence
      WHERE ${own} AND withdrawnAt IS NULL AND startsAt < ? AND endsAt > ? ORDER BY caregiverId, startsAt, id`,
    [...stationIds, span.endsAt.getTime(), span.startsAt.getTime()],
  );
  const skills: SkillRow[] = await manager.query(
    `SELECT caregiverId, skill, CAST(expiresOn AS CHAR) AS expiresOn FROM caregiver_skill
      WHERE ${own} ORDER BY caregiverId, skill`,
    [...stationIds],
  );
  const [hoursOf, absencesOf, skillsOf] = [grouped(hours), grouped(absences), grouped(skills)];
  return caregivers.map(({ id, name, stationId, gender, activeFrom, activeUntil }) => ({
    id,
    name,
    stationId,
    gender,
    roster: {
      activeFrom,
      activeUntil,
      hours: hoursOf.get(id) ?? [],
      absences: (absencesOf.get(id) ?? []).map(({ startsAt, endsAt }) => ({
        startsAt: new Date(Number(startsAt)),
        endsAt: new Date(Number(endsAt)),
      })),
    },
    skills: (skillsOf.get(id) ?? []).map(({ skill, expiresOn }) => ({ skill, expiresOn })),
  }));
}

function grouped<Row extends { caregiverId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(row.caregiverId, [...(groups.get(row.caregiverId) ?? []), row]);
  return groups;
}

interface CaregiverRow {
  id: number;
  name: string;
  stationId: number;
  gender: Gender;
  activeFrom: Day;
  activeUntil: Day | null;
}

interface HoursRow {
  caregiverId: number;
  weekday: number;
  fromMinute: number;
  toMinute: number;
  fromDay: Day;
  toDay: Day | null;
}

interface AbsenceRow {
  caregiverId: number;
  startsAt: number | string;
  endsAt: number | string;
}

interface SkillRow {
  caregiverId: number;
  skill: string;
  expiresOn: Day | null;
}
