import type { Plan, PlanCosts, PlannedRoute } from '../planning/plan.js';
import { elderPlace, type FactPart, type FactVisit, stationPlace } from './plan-facts.js';
import { type AskedPlan, type AskedProblem, caregiverKey, fixedKey, openKey } from './problem-of.rules.js';

/** A plan in our own words: rows rather than minutes. */
export interface FoundPlan {
  cost: number;
  costs: PlanCosts;
  stops: readonly FoundStop[];
  leftOut: readonly FoundLeftOut[];
  plannedVisits: number;
}

export interface FoundStop extends FactPart {
  visitId: number;
  part: number;
  /** From the stop before in the same working span, or from the station. */
  waySeconds: number;
  /** Back to the station, of the last stop of a span; null for the others. */
  backSeconds: number | null;
}

export interface FoundLeftOut {
  visitId: number;
  code: string;
  text: { zh: string; en: string };
}

/** Reads an answer of the planner, which knows visits and caregivers by keys alone. */
export function foundPlanOf(plan: Plan, asked: AskedPlan, { roles }: AskedProblem): FoundPlan {
  const open = new Map(roles.open.map(({ visit }) => [openKey(visit.id), visit]));
  const keys = new Map<string, StopKey>();
  for (const visit of roles.fixed) {
    for (const [part, { caregiverId }] of visit.parts.entries()) {
      keys.set(fixedKey(visit.id, caregiverId), {
        visit,
        fixed: { ...(visit.parts[part] as FactPart), part },
      });
    }
  }
  for (const [key, visit] of open) keys.set(key, { visit });
  const starts = new Map(
    plan.visits.map(({ visitId, parts }) => [
      visitId,
      Math.min(...parts.map(({ startMinute }) => startMinute)),
    ]),
  );
  const stops = plan.routes.flatMap((route) => stopsOf(route, asked, keys, starts));
  const leftOut = plan.leftOut.flatMap(({ visitId, code, text }) => {
    const visit = open.get(visitId);
    return visit ? [{ visitId: visit.id, code, text }] : [];
  });
  const plannedVisits = plan.visits.filter(({ visitId }) => open.has(visitId)).length;
  return { cost: plan.cost, costs: plan.costs, stops, leftOut, plannedVisits };
}

interface StopKey {
  visit: FactVisit;
  /** Set where the stop stays as it was. */
  fixed?: FactPart & { part: number };
}

function stopsOf(
  route: PlannedRoute,
  { facts, ways }: AskedPlan,
  keys: ReadonlyMap<string, StopKey>,
  starts: ReadonlyMap<string, number>,
): FoundStop[] {
  const caregiver = facts.caregivers.find(({ id }) => caregiverKey(id) === route.caregiverId);
  if (!caregiver) throw new Error(`the planner names ${route.caregiverId}, whom nobody told it of`);
  const mode = facts.stations.find(({ id }) => id === caregiver.stationId)?.travelMode ?? 'CYCLE';
  const station = stationPlace(caregiver.stationId);
  const stops: FoundStop[] = [];
  let place = station;
  for (const stop of route.stops) {
    if (stop.kind === 'BREAK') continue;
    const key = keys.get(stop.visitId);
    if (!key) throw new Error(`the planner names ${stop.visitId}, which nobody told it of`);
    const next = elderPlace(key.visit.elderId);
    const times =
      key.fixed ??
      timesOf(key.visit, stop, starts.get(stop.visitId) ?? stop.startMinute, facts.span.startsAt);
    stops.push({
      visitId: key.visit.id,
      part: key.fixed?.part ?? stop.part,
      caregiverId: caregiver.id,
      startsAt: times.startsAt,
      endsAt: times.endsAt,
      waySeconds: place === next ? 0 : ways(mode, place, next),
      backSeconds: null,
    });
    place = next;
  }
  const last = stops.at(-1);
  return last ? [...stops.slice(0, -1), { ...last, backSeconds: ways(mode, place, station) }] : [];
}

/** Whoever comes second stays until the visit ends, which lasts from the first one's arrival as long as was booked. */
function timesOf(
  visit: FactVisit,
  { startMinute }: { startMinute: number },
  firstMinute: number,
  zero: Date,
) {
  const at = (minute: number) => new Date(zero.getTime() + Math.round(minute * 60_000));
  const endsAt = new Date(at(firstMinute).getTime() + visit.endsAt.getTime() - visit.startsAt.getTime());
  return { startsAt: at(startMinute), endsAt };
}
