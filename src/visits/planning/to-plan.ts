import type { Model } from './model.js';
import type { LeftOutVisit, Plan, PlanCosts, PlannedPart, PlannedRoute, PlannedStop } from './plan.js';
import type { Schedule } from './schedule.js';
import { backMinute, legTo } from './settle-slowly.js';
import { workCosts } from './work-costs.js';

/** The schedule as an answer, all sums made anew from routes and instants. */
export function planOf(schedule: Schedule, leftOut: readonly LeftOutVisit[]): Plan {
  const { problem } = schedule.model;
  const isPlanned = (v: number) => schedule.shiftOf[2 * v]! >= 0;
  const costs = costsOf(schedule);
  return {
    cost: weighed(schedule.model, costs),
    costs,
    visits: problem.visits.flatMap(({ id, parts }, v) =>
      isPlanned(v) ? [{ visitId: id, parts: parts.map((_, k) => partOf(schedule, 2 * v + k)) }] : [],
    ),
    routes: Array.from({ length: schedule.model.shiftCount }, (_, h) => h)
      .filter((h) => schedule.next[schedule.model.nodeCount + h]! < schedule.model.nodeCount)
      .map((h) => routeOf(schedule, h)),
    leftOut,
  };
}

function partOf(schedule: Schedule, n: number): PlannedPart {
  const { model, start } = schedule;
  const h = schedule.shiftOf[n]!;
  return {
    caregiverId: caregiverIdOf(model, h),
    shift: model.shifts.position[h]!,
    arrivalMinute: legTo(schedule, n, h).arrived,
    startMinute: start[n]!,
    endMinute: start[n]! + model.nodes.duration[n]!,
    latenessMinutes: Math.max(0, start[n]! - model.visits.latest[n >> 1]!),
  };
}

function routeOf(schedule: Schedule, h: number): PlannedRoute {
  const { model, next, start } = schedule;
  const home = model.nodeCount + h;
  const stops: PlannedStop[] = [];
  for (let n = next[home]!; ; n = next[n]!) {
    stops.push(...breaksOn(schedule, n, h));
    if (n === home) break;
    const visitId = model.problem.visits[n >> 1]!.id;
    const endMinute = start[n]! + model.nodes.duration[n]!;
    stops.push({ kind: 'VISIT', visitId, part: n & 1, startMinute: start[n]!, endMinute });
  }
  return {
    caregiverId: caregiverIdOf(model, h),
    shift: model.shifts.position[h]!,
    stops,
    travelMinutes: travelOf(schedule, h),
    backMinute: backMinute(schedule, h),
  };
}

function breaksOn(schedule: Schedule, n: number, h: number): PlannedStop[] {
  const { shifts, nodeCount } = schedule.model;
  const p = schedule.prev[n]!;
  const before = p >= nodeCount ? 0 : schedule.breaks[p]!;
  return legTo(schedule, n, h).breakBegins.map((startMinute, index) => ({
    kind: 'BREAK',
    startMinute,
    endMinute: startMinute + shifts.breakMinutes[shifts.firstBreak[h]! + before + index]!,
  }));
}

function caregiverIdOf({ problem, shifts }: Model, h: number): string {
  return problem.caregivers[shifts.caregiver[h]!]!.id;
}

function travelOf(schedule: Schedule, h: number): number {
  const home = schedule.model.nodeCount + h;
  let minutes = 0;
  let n = home;
  do {
    minutes += schedule.travel(n, schedule.next[n]!, h);
    n = schedule.next[n]!;
  } while (n !== home);
  return minutes;
}

function costsOf(schedule: Schedule): PlanCosts {
  const { model, start, shiftOf } = schedule;
  const costs: PlanCosts = {
    travelMinutes: 0,
    latenessMinutes: 0,
    worstLatenessMinutes: 0,
    movedMinutes: 0,
    changedCaregivers: 0,
    strangeness: 0,
    leftOut: 0,
    ...workCosts(schedule),
  };
  for (let h = 0; h < model.shiftCount; h++) costs.travelMinutes += travelOf(schedule, h);
  for (const [v, visit] of model.problem.visits.entries()) {
    if (shiftOf[2 * v]! < 0) {
      costs.leftOut += visit.importance ?? 1;
      continue;
    }
    if (visit.promised) costs.movedMinutes += Math.abs(start[2 * v]! - visit.promised.startMinute);
    for (const [k, part] of visit.parts.entries()) {
      const id = caregiverIdOf(model, shiftOf[2 * v + k]!);
      const named = visit.promised?.caregiverIds[k] ?? null;
      const late = Math.max(0, start[2 * v + k]! - visit.latestMinute);
      costs.latenessMinutes += late;
      costs.worstLatenessMinutes = Math.max(costs.worstLatenessMinutes, late);
      costs.changedCaregivers += named === null || named === id ? 0 : 1;
      costs.strangeness += part.candidates.find(({ caregiverId }) => caregiverId === id)?.strangeness ?? 0;
    }
  }
  return costs;
}

function weighed({ weights }: Model, costs: PlanCosts): number {
  return (
    weights.travel * costs.travelMinutes +
    weights.lateness * costs.latenessMinutes +
    weights.worstLateness * costs.worstLatenessMinutes +
    weights.movedMinute * costs.movedMinutes +
    weights.changedCaregiver * costs.changedCaregivers +
    weights.stranger * costs.strangeness +
    weights.unevenness * costs.unevennessMinutes +
    weights.overtime * costs.overtimeMinutes +
    weights.leftOut * costs.leftOut
  );
}
