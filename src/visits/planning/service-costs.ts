import type { ShiftArrays } from './model.js';
import type { PlanningPart, PlanningProblem, PlanningShift, PlanningVisit } from './problem.js';
import type { PlanningWeights } from './weights.js';

/**
 * What it counts that shift h serves node n, beside travel and time: [n * shifts + h]. Infinity where it may not, or
 * where the visit and the shift are at different hours, so that a week costs no more than its days.
 */
export function serviceCosts(
  problem: PlanningProblem,
  weights: PlanningWeights,
  shifts: ShiftArrays,
): Float64Array {
  const shiftCount = shifts.start.length;
  const shiftsOf = new Map<string, number[]>(problem.caregivers.map(({ id }) => [id, []]));
  for (const [h, caregiver] of shifts.caregiver.entries()) {
    shiftsOf.get(problem.caregivers[caregiver]!.id)!.push(h);
  }
  const costs = new Float64Array(problem.visits.length * 2 * shiftCount).fill(Number.POSITIVE_INFINITY);
  for (const [v, visit] of problem.visits.entries()) {
    for (const [k, part] of visit.parts.entries()) {
      const row = (2 * v + k) * shiftCount;
      const told = visit.promised?.caregiverIds[k] ?? null;
      const changed = (id: string) => (told !== null && told !== id ? weights.changedCaregiver : 0);
      for (const { caregiverId, strangeness } of part.candidates) {
        const cost = changed(caregiverId) + weights.stranger * (strangeness ?? 0);
        for (const h of shiftsOf.get(caregiverId)!) {
          const shift = problem.caregivers[shifts.caregiver[h]!]!.shifts[shifts.position[h]!]!;
          if (visit.begun || canMeet(visit, part, shift)) costs[row + h] = cost;
        }
      }
      // What has begun stays, whether or not its caregiver would be a candidate now.
      const begunBy = visit.begun?.caregiverIds[k];
      if (!begunBy || part.candidates.some(({ caregiverId }) => caregiverId === begunBy)) continue;
      for (const h of shiftsOf.get(begunBy)!) costs[row + h] = changed(begunBy);
    }
  }
  return costs;
}

/** Whether the part could lie within the shift, were there no ways. */
function canMeet(visit: PlanningVisit, part: PlanningPart, shift: PlanningShift): boolean {
  const start = Math.max(visit.earliestMinute, shift.startMinute + (part.preparationMinutes ?? 0));
  const end = start + part.durationMinutes + (part.bufferMinutes ?? 0);
  return start <= (visit.latestHardMinute ?? start) && end <= (shift.endMinute ?? end);
}
