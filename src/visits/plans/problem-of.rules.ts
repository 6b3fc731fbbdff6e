import { stayKey } from '../../elders/institution-stays.js';
import { addDays, type Day, dayOf, instantOn } from '../../shared/china-time.js';
import type {
  PlanningCaregiver,
  PlanningProblem,
  PlanningSpan,
  PlanningVisit,
  TravelMatrix,
} from '../planning/problem.js';
import type { PlanningWeights } from '../planning/weights.js';
import type { Span } from '../window.rules.js';
import { elderPlace, type FactVisit, type PlanFacts, stationPlace, type Ways } from './plan-facts.js';
import { planningShifts } from './planning-shifts.rules.js';
import { rolesOf, type VisitRoles } from './visit-roles.rules.js';
import { strangenessOf, whoMayBring } from './who-may.rules.js';

export const caregiverKey = (id: number) => `C${id}`;
export const openKey = (visitId: number) => `V${visitId}`;
export const fixedKey = (visitId: number, caregiverId: number) => `F${visitId}-${caregiverId}`;

/** How late a visit may still be brought whose time has passed already, in minutes. */
const overdueMinutesMax = 120;

export interface AskedPlan {
  facts: PlanFacts;
  ways: Ways;
  weights: PlanningWeights;
  now: Date;
}

export interface AskedProblem {
  problem: PlanningProblem;
  roles: VisitRoles;
}

/**
 * The facts as the planner takes them: minutes since the midnight before the first day, ways rounded up to minutes, so
 * that what it answers are whole minutes and keeps what booking asks for to the second.
 */
export function problemOf({ facts, ways, weights, now }: AskedPlan): AskedProblem {
  const minuteOf = (at: Date) => (at.getTime() - facts.span.startsAt.getTime()) / 60_000;
  const roles = rolesOf(facts, now);
  const places = placesOf(facts);
  const placeOf = new Map(places.map((place, index) => [place, index]));
  const modes = [...new Set(facts.stations.map(({ travelMode }) => travelMode))];
  const travel = modes.map((mode): TravelMatrix => ({ mode, minutes: minutesOf(places, mode, ways) }));
  const { shifts, fixed } = planningShifts(facts, roles, { minuteOf, placeOf, now });
  const modeOf = new Map(facts.stations.map(({ id, travelMode }) => [id, modes.indexOf(travelMode)]));
  const caregivers = facts.caregivers.map(
    ({ id, stationId }): PlanningCaregiver => ({
      id: caregiverKey(id),
      travel: modeOf.get(stationId) ?? 0,
      shifts: shifts.get(id) ?? [],
      longestDayMinutes: facts.settings.LONGEST_DAY,
      normalDayMinutes: facts.settings.NORMAL_DAY,
    }),
  );
  const open = roles.open.map(({ visit, isAtRisk }) =>
    openVisit(visit, {
      facts,
      roles,
      minuteOf,
      place: placeOf.get(elderPlace(visit.elderId)) ?? 0,
      now,
      isAtRisk,
    }),
  );
  const problem = { placeCount: places.length, travel, caregivers, visits: [...open, ...fixed], weights };
  return { problem, roles };
}

export function placesOf(facts: PlanFacts): string[] {
  return [
    ...facts.stations.map(({ id }) => stationPlace(id)),
    ...[...facts.elders.keys()].map((id) => elderPlace(id)),
  ];
}

function minutesOf(places: readonly string[], mode: Parameters<Ways>[0], ways: Ways): number[] {
  return places.flatMap((from) =>
    places.map((to) => (from === to ? 0 : Math.ceil(ways(mode, from, to) / 60))),
  );
}

interface AroundOpen {
  facts: PlanFacts;
  roles: VisitRoles;
  minuteOf(at: Date): number;
  place: number;
  now: Date;
  isAtRisk: boolean;
}

function openVisit(visit: FactVisit, around: AroundOpen): PlanningVisit {
  const { minuteOf, place } = around;
  const { bounds, pair, lastMinute } = boundsOf(visit, around);
  const minutes = (visit.endsAt.getTime() - visit.startsAt.getTime()) / 60_000;
  const named = namedPart(visit);
  const parts = Array.from({ length: visit.service.caregivers }, (_, index) => ({
    service: visit.service.code,
    // Each stays until the visit ends, however long after the first one the second comes.
    durationMinutes: index === 0 ? minutes : minutes - pair.minMinutes,
    preparationMinutes: visit.service.preparationMinutes,
    bufferMinutes: visit.service.bufferMinutes,
    ...candidatesOf(visit, around.facts, index === named ? letIn(visit, index) : null),
  }));
  const together = pair.maxMinutes === 0 ? ({ kind: 'SIMULTANEOUS' } as const) : pair;
  return {
    id: openKey(visit.id),
    groupId: `E${visit.elderId}`,
    place,
    ...bounds,
    closed: [
      ...closedSpans(visit, around),
      // Its day is over: there is no time left for it.
      ...(bounds.earliestMinute > lastMinute
        ? [{ fromMinute: lastMinute + 1, toMinute: bounds.latestHardMinute + minutes }]
        : []),
    ],
    parts,
    synchronization: parts.length === 2 ? together : null,
    promised: {
      startMinute: minuteOf(visit.status === 'ASSIGNED' ? visit.startsAt : visit.promisedAt),
      caregiverIds: parts.map((_, index) => {
        const told = visit.parts[index];
        return told ? caregiverKey(told.caregiverId) : null;
      }),
    },
    begun: null,
    // What a family was promised is the last to be dropped.
    importance: visit.status === 'ASSIGNED' ? 3 : 1,
  };
}

/** The family agreed to so much earlier or later than promised. What is overdue is brought as soon as can be. */
function boundsOf(visit: FactVisit, { facts, minuteOf, now, isAtRisk }: AroundOpen) {
  const promised = minuteOf(visit.promisedAt);
  const soonest = Math.ceil(minuteOf(now)) + (isAtRisk ? 0 : facts.settings.FROZEN);
  // Hours, price and offer are those of its day: a plan moves no visit over midnight.
  const midnight = minuteOf(instantOn(dayOf(visit.startsAt), 0));
  const lastMinute = midnight + 1439;
  const earliestMinute = Math.max(promised - visit.flexMinutes, soonest, midnight);
  const latest = Math.min(promised + visit.flexMinutes, lastMinute);
  const isOverdue = latest < soonest && minuteOf(now) > 0;
  const minutes = (visit.endsAt.getTime() - visit.startsAt.getTime()) / 60_000;
  const { secondAfterMin, secondAfterMax } = visit.service;
  return {
    bounds: {
      earliestMinute,
      // No window may end before it begins: what is overdue is late from now on.
      latestMinute: isOverdue ? soonest : latest,
      latestHardMinute: isOverdue
        ? Math.max(soonest, Math.min(soonest + overdueMinutesMax, lastMinute))
        : latest,
    },
    lastMinute,
    pair: {
      kind: 'SEQUENTIAL' as const,
      minMinutes: Math.min(secondAfterMin, minutes - 1),
      maxMinutes: Math.min(secondAfterMax, minutes - 1),
    },
  };
}

/** Which of the parts the caregiver brings whom the family asked for; 0 before anybody was assigned. */
export function namedPart({ wishedCaregiverId, parts }: FactVisit): number {
  return Math.max(
    0,
    parts.findIndex(({ caregiverId }) => caregiverId === wishedCaregiverId),
  );
}

/** Whom the family asked for by name, and whoever stands in for that caregiver already; null when anybody may come. */
function letIn({ wishedCaregiverId, parts }: FactVisit, index: number): number[] | null {
  if (wishedCaregiverId === null) return null;
  return [wishedCaregiverId, ...(parts[index] ? [parts[index].caregiverId] : [])];
}

function candidatesOf(visit: FactVisit, facts: PlanFacts, named: readonly number[] | null) {
  const elder = facts.elders.get(visit.elderId);
  const { caregivers, nobodyBecause } = whoMayBring(visit, elder, facts.caregivers, named);
  const times = facts.history.get(visit.elderId);
  return {
    candidates: caregivers.map(({ id }) => ({
      caregiverId: caregiverKey(id),
      strangeness: strangenessOf(times, id),
    })),
    nobodyBecause,
  };
}

/** The elder's other visits that stay as they are, and days in an institution. */
function closedSpans(visit: FactVisit, { facts, roles, minuteOf }: AroundOpen): PlanningSpan[] {
  const others: Span[] = roles.fixed.filter(({ elderId }) => elderId === visit.elderId);
  const away = [...facts.days, addDays(facts.days.at(-1) as Day, 1)]
    .filter((day) => facts.stays.has(stayKey(visit.elderId, day)))
    .map((day) => ({ startsAt: instantOn(day, 0), endsAt: instantOn(day, 1440) }));
  return [...others, ...away].map(({ startsAt, endsAt }) => ({
    fromMinute: Math.floor(minuteOf(startsAt)),
    toMinute: Math.ceil(minuteOf(endsAt)),
  }));
}

/**
 * The same day as it is booked: what is assigned as if it had begun, and the rest left out. Planned, it costs what the
 * day costs without a plan.
 */
export function bookedProblem({ problem, roles }: AskedProblem, facts: PlanFacts): PlanningProblem {
  const minuteOf = (at: Date) => (at.getTime() - facts.span.startsAt.getTime()) / 60_000;
  const open = new Map(roles.open.map((each) => [openKey(each.visit.id), each]));
  // Imported visits may overlap, and one that stays may have taken somebody's whole time: no other begins in it.
  const atWork = new Set(problem.caregivers.filter(({ shifts }) => shifts.length > 0).map(({ id }) => id));
  const visits = problem.visits.map((planning): PlanningVisit => {
    const found = open.get(planning.id);
    if (!found) return planning;
    const { visit, isAtRisk } = found;
    const isLost = visit.parts.some(({ caregiverId }) => !atWork.has(caregiverKey(caregiverId)));
    if (isAtRisk || isLost || visit.parts.length !== planning.parts.length) {
      return { ...planning, parts: planning.parts.map((part) => ({ ...part, candidates: [] })) };
    }
    return {
      ...planning,
      begun: {
        caregiverIds: visit.parts.map(({ caregiverId }) => caregiverKey(caregiverId)),
        startMinutes: visit.parts.map(({ startsAt }) => minuteOf(startsAt)),
      },
    };
  });
  return { ...problem, visits };
}
