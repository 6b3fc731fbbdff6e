import type { Text } from '../../shared/text.js';
import { emptySchedule } from './construct.js';
import { insertBest } from './insert.js';
import { compileModel } from './model.js';
import type { LeftOutCode, LeftOutVisit } from './plan.js';
import type { PlanningCaregiver, PlanningProblem, PlanningShift, PlanningVisit } from './problem.js';

const words: Record<LeftOutCode, Text> = {
  NO_SKILL: { zh: '没有护理员具备此项服务的技能', en: 'No caregiver has the skill for this service.' },
  CERTIFICATE_EXPIRED: {
    zh: '具备技能的护理员证书均已过期',
    en: 'The certificates of all caregivers with the skill have expired.',
  },
  GENDER_RULE: {
    zh: '没有符合性别要求的护理员',
    en: 'No caregiver meets the rule on gender.',
  },
  NAMED_CAREGIVER_ABSENT: {
    zh: '指定的护理员不上班',
    en: 'The caregiver who was asked for is not at work.',
  },
  NOBODY_AT_WORK: {
    zh: '能做此项服务的护理员在此时段都不上班',
    en: 'Nobody who could do it is at work within its hours.',
  },
  WINDOW_TOO_TIGHT: {
    zh: '可上门的时段不够',
    en: 'The hours in which the elder can be visited leave no time for it.',
  },
  TOO_FAR: {
    zh: '路程太远，在班次、时段和工时限度内赶不到',
    en: 'It is too far: nobody could get there and back within the shift, the hours and the longest day.',
  },
  PARTNER_MISSING: {
    zh: '找不到能同时到场的两名护理员',
    en: 'There are no two caregivers who could be there together.',
  },
  NO_ROOM: {
    zh: '能做此项服务的护理员已排满',
    en: 'Everybody who could do it is taken by other visits.',
  },
};

/** Why a visit could not be planned: the first reason that holds, in the order of the codes. */
export function reasonFor(problem: PlanningProblem, visit: PlanningVisit): LeftOutVisit {
  const { code, part } = findReason(problem, visit);
  return { visitId: visit.id, code, part, text: words[code] };
}

function findReason(
  problem: PlanningProblem,
  visit: PlanningVisit,
): { code: LeftOutCode; part: number | null } {
  for (const [part, { candidates, nobodyBecause }] of visit.parts.entries()) {
    if (candidates.length === 0) return { code: nobodyBecause ?? 'NO_SKILL', part };
  }
  for (const part of visit.parts.keys()) {
    const shifts = candidatesOf(problem, visit, part).flatMap(({ shifts }) => shifts);
    if (!shifts.some((shift) => isWithin(visit, part, shift))) return { code: 'NOBODY_AT_WORK', part };
  }
  const ideal = withoutWays(problem, visit);
  for (const part of visit.parts.keys()) {
    if (!fits(ideal, onePart(visit, part))) return { code: 'WINDOW_TOO_TIGHT', part };
  }
  for (const part of visit.parts.keys()) {
    if (!fits(problem, onePart(visit, part))) return { code: 'TOO_FAR', part };
  }
  return { code: fits(problem, visit) ? 'NO_ROOM' : 'PARTNER_MISSING', part: null };
}

function candidatesOf(problem: PlanningProblem, visit: PlanningVisit, part: number): PlanningCaregiver[] {
  const ids = new Set(visit.parts[part]?.candidates.map(({ caregiverId }) => caregiverId));
  return problem.caregivers.filter(({ id }) => ids.has(id));
}

/** Whether the shift holds an instant at which the part could start, ways left out of account. */
function isWithin(visit: PlanningVisit, part: number, shift: PlanningShift): boolean {
  const minutes = visit.parts[part]?.durationMinutes ?? 0;
  const start = Math.max(shift.startMinute, visit.earliestMinute);
  const lastStart = visit.latestHardMinute ?? Number.POSITIVE_INFINITY;
  return start <= lastStart && start + minutes <= (shift.endMinute ?? Number.POSITIVE_INFINITY);
}

function onePart(visit: PlanningVisit, part: number): PlanningVisit {
  const only = visit.parts[part]!;
  return { ...visit, parts: [only], synchronization: null, promised: null };
}

/** As if nobody needed time for ways and breaks: what does not fit then has no hours of its own. */
function withoutWays(problem: PlanningProblem, visit: PlanningVisit): PlanningProblem {
  const ids = new Set(
    visit.parts.flatMap(({ candidates }) => candidates.map(({ caregiverId }) => caregiverId)),
  );
  const places = problem.placeCount;
  return {
    ...problem,
    travel: problem.travel.map(({ mode }) => ({ mode, minutes: new Float64Array(places * places) })),
    caregivers: problem.caregivers
      .filter(({ id }) => ids.has(id))
      .map((caregiver) => ({
        ...caregiver,
        longestDayMinutes: null,
        shifts: caregiver.shifts.map((shift) => ({ ...shift, breaks: [] })),
      })),
  };
}

/** Whether the visit could be planned if it were the only one. */
function fits(problem: PlanningProblem, visit: PlanningVisit): boolean {
  const alone = { ...visit, promised: null, importance: 1e6 };
  const schedule = emptySchedule(compileModel({ ...problem, visits: [alone] }));
  return insertBest(schedule, 0, Number.POSITIVE_INFINITY, () => false);
}
