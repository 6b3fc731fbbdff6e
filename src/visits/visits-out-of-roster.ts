import type { EntityManager } from 'typeorm';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { caregiverFiles } from './caregiver-file.js';
import { certificatesOf } from './caregiver-skills.js';
import { readRosters } from './find-roster.js';
import { workingTimes } from './free-times.rules.js';

/** Why a visit no longer fits whoever should bring it. */
export type MisfitReason = 'NOT_ACTIVE' | 'NOT_WORKING' | 'SKILL_MISSING';

export interface Misfit {
  visitId: number;
  startsAt: Date;
  why: MisfitReason;
}

/**
 * The visits of a caregiver yet to begin that lie outside of when the caregiver works, or whose skill is not proven
 * on their day, in order of start. Nothing is changed. The ways between visits are not looked at: they were when the
 * visits were given to the caregiver. Five statements.
 */
export async function misfitsOf(manager: EntityManager, caregiverId: number, now: Date): Promise<Misfit[]> {
  const file = (await caregiverFiles(manager, [caregiverId])).get(caregiverId);
  if (!file) return [];
  const parts = await partsAhead(manager, caregiverId, now);
  const days = parts.map(({ day }) => day);
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined) return [];
  // The last of them may reach into the next day.
  const rosters = await readRosters(manager, [file], { from, to: addDays(to, 1) });
  const roster = rosters.get(caregiverId)?.roster;
  const certificates = (await certificatesOf(manager, [caregiverId])).get(caregiverId) ?? [];
  return parts.flatMap(({ visitId, startsAt, endsAt, day, skill }): Misfit[] => {
    const because = (why: MisfitReason) => [{ visitId, startsAt, why }];
    if (!isWithinDays(day, file.activeFrom, file.activeUntil)) return because('NOT_ACTIVE');
    const works = roster ? workingTimes(roster, day, addDays(day, 1)) : [];
    const isWithin = works.some(
      ({ fromMs, toMs }) => fromMs <= startsAt.getTime() && endsAt.getTime() <= toMs,
    );
    if (!isWithin) return because('NOT_WORKING');
    const isProven =
      skill === null ||
      certificates.some((held) => held.skill === skill && (held.expiresOn === null || day < held.expiresOn));
    return isProven ? [] : because('SKILL_MISSING');
  });
}

/** The ids alone, as a station is told of them. */
export async function visitsOutOfRoster(
  manager: EntityManager,
  caregiverId: number,
  now: Date,
): Promise<number[]> {
  return (await misfitsOf(manager, caregiverId, now)).map(({ visitId }) => visitId);
}

interface Part {
  visitId: number;
  startsAt: Date;
  endsAt: Date;
  day: Day;
  skill: string | null;
}

async function partsAhead(manager: EntityManager, caregiverId: number, now: Date): Promise<Part[]> {
  const rows: {
    visitId: number;
    startsAt: number | string;
    endsAt: number | string;
    skill: string | null;
  }[] = await manager.query(
    `SELECT part.visitId, part.startsAt, part.endsAt, service.skill
         FROM visit_caregiver part
         JOIN visit ON visit.id = part.visitId AND visit.status = 'ASSIGNED'
         JOIN home_service service ON service.id = visit.serviceId
        WHERE part.caregiverId = ? AND part.startsAt >= ? ORDER BY part.startsAt, part.visitId`,
    [caregiverId, now.getTime()],
  );
  return rows.map(({ visitId, skill, ...times }) => {
    const [startsAt, endsAt] = [new Date(Number(times.startsAt)), new Date(Number(times.endsAt))];
    return { visitId, startsAt, endsAt, day: dayOf(startsAt), skill };
  });
}
