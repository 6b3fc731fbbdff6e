import type { EntityManager } from 'typeorm';
import { addDays, type Day, instantOn } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { CaregiverFile } from './caregiver-file.js';
import { absencesBetween, type StandingAbsence } from './record-absence.js';
import { type Roster, type WeekHours, workingSpans } from './roster.rules.js';
import type { Span } from './window.rules.js';

/** When one caregiver works over some days. */
export interface FoundRoster {
  caregiver: CaregiverFile;
  days: { day: Day; spans: Span[] }[];
  absences: StandingAbsence[];
}

/** The most days that one question may be about. */
export const rosterDaysMax = 62;

/** The rosters of these caregivers over [from, to]; two statements, however many. */
export async function rostersOf(
  manager: EntityManager,
  caregivers: readonly CaregiverFile[],
  { from, to }: { from: Day; to: Day },
): Promise<FoundRoster[]> {
  const rosters = await readRosters(manager, caregivers, { from, to });
  const days: Day[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return caregivers.map((caregiver) => {
    const { roster, absences } = rosters.get(caregiver.id) ?? emptyRoster(caregiver);
    return { caregiver, days: days.map((day) => ({ day, spans: workingSpans(day, roster) })), absences };
  });
}

/** What the rules of rosters ask of these caregivers, over [from, to]; two statements. */
export async function readRosters(
  manager: EntityManager,
  caregivers: readonly CaregiverFile[],
  { from, to }: { from: Day; to: Day },
): Promise<Map<number, { roster: Roster; absences: StandingAbsence[] }>> {
  const ids = caregivers.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const hours: (WeekHours & { caregiverId: number })[] = await manager.query(
    `SELECT caregiverId, weekday, fromMinute, toMinute, CAST(fromDay AS CHAR) AS fromDay,
            CAST(toDay AS CHAR) AS toDay
       FROM caregiver_shift
      WHERE caregiverId IN (${placeholders(ids)}) AND fromDay <= ? AND (toDay IS NULL OR toDay > ?)`,
    [...ids, to, from],
  );
  const span = { startsAt: instantOn(from, 0), endsAt: instantOn(addDays(to, 1), 0) };
  const absences = await absencesBetween(manager, ids, span);
  return new Map(
    caregivers.map(({ id, activeFrom, activeUntil }) => {
      const away = absences.filter(({ caregiverId }) => caregiverId === id);
      const own = hours.filter(({ caregiverId }) => caregiverId === id);
      return [id, { roster: { activeFrom, activeUntil, hours: own, absences: away }, absences: away }];
    }),
  );
}

function emptyRoster({ activeFrom, activeUntil }: CaregiverFile): { roster: Roster; absences: [] } {
  return { roster: { activeFrom, activeUntil, hours: [], absences: [] }, absences: [] };
}
