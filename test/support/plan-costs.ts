import type { Plan, PlanCosts } from '../../src/visits/planning/plan.js';
import type { PlanningProblem } from '../../src/visits/planning/problem.js';
import type { PlanningWeights } from '../../src/visits/planning/weights.js';
import { workOfDays } from './plan-checker.js';

/** The evils of a plan, worked out from its visits and routes alone. */
export function costsOfPlan(problem: PlanningProblem, plan: Plan): PlanCosts {
  const costs: PlanCosts = {
    travelMinutes: plan.routes.reduce((sum, { travelMinutes }) => sum + travelMinutes, 0),
    latenessMinutes: 0,
    worstLatenessMinutes: 0,
    movedMinutes: 0,
    changedCaregivers: 0,
    strangeness: 0,
    unevennessMinutes: unevenness(problem, plan),
    overtimeMinutes: 0,
    leftOut: 0,
  };
  for (const visit of problem.visits) {
    const planned = plan.visits.find(({ visitId }) => visitId === visit.id);
    if (!planned) costs.leftOut += visit.importance ?? 1;
    for (const [k, { startMinute, caregiverId }] of planned?.parts.entries() ?? []) {
      const late = Math.max(0, startMinute - visit.latestMinute);
      costs.latenessMinutes += late;
      costs.worstLatenessMinutes = Math.max(costs.worstLatenessMinutes, late);
      const candidate = visit.parts[k]?.candidates.find((each) => each.caregiverId === caregiverId);
      costs.strangeness += candidate?.strangeness ?? 0;
      const told = visit.promised?.caregiverIds[k] ?? null;
      if (told !== null && told !== caregiverId) costs.changedCaregivers++;
      if (k === 0 && visit.promised) costs.movedMinutes += Math.abs(startMinute - visit.promised.startMinute);
    }
  }
  for (const { id, minutes } of workOfDays(problem, plan)) {
    const normal = problem.caregivers.find((caregiver) => caregiver.id === id)?.normalDayMinutes ?? null;
    if (normal !== null) costs.overtimeMinutes += Math.max(0, minutes - normal);
  }
  return costs;
}

function unevenness(problem: PlanningProblem, plan: Plan): number {
  const days = workOfDays(problem, plan);
  const rows = problem.caregivers
    .map(({ id, shifts }) => ({
      work: days.reduce((sum, day) => (day.id === id ? sum + day.minutes : sum), 0),
      room: shifts.reduce(
        (sum, { startMinute, endMinute }) => sum + (endMinute === null ? 480 : endMinute - startMinute),
        0,
      ),
    }))
    .filter(({ room }) => room > 0);
  const work = rows.reduce((sum, row) => sum + row.work, 0);
  const room = rows.reduce((sum, row) => sum + row.room, 0);
  if (room === 0) return 0;
  return rows.reduce((sum, row) => sum + row.work ** 2 / row.room, 0) - work ** 2 / room;
}

export function weighedCosts(costs: PlanCosts, weights: PlanningWeights): number {
  const pairs: [keyof PlanCosts, keyof PlanningWeights][] = [
    ['travelMinutes', 'travel'],
    ['latenessMinutes', 'lateness'],
    ['worstLatenessMinutes', 'worstLateness'],
    ['movedMinutes', 'movedMinute'],
    ['changedCaregivers', 'changedCaregiver'],
    ['strangeness', 'stranger'],
    ['unevennessMinutes', 'unevenness'],
    ['overtimeMinutes', 'overtime'],
    ['leftOut', 'leftOut'],
  ];
  return pairs.reduce((sum, [cost, weight]) => sum + costs[cost] * weights[weight], 0);
}
