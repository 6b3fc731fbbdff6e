import type { NodeArrays, ShiftArrays, VisitArrays } from './model.js';
import type { PlanningProblem } from './problem.js';
import type { PlanningWeights } from './weights.js';

/** Later than any instant, and still less than an instant that cannot be reached. */
const endless = 1e12;

export function nodeArrays(problem: PlanningProblem, shifts: ShiftArrays, nodeCount: number): NodeArrays {
  const nowhere = problem.placeCount;
  const count = nodeCount + shifts.start.length;
  const nodes = {
    exists: new Uint8Array(count),
    from: new Int32Array(count),
    to: new Int32Array(count),
    preparation: new Float64Array(count),
    duration: new Float64Array(count),
    busy: new Float64Array(count),
    frozen: new Uint8Array(count),
  };
  for (const [v, visit] of problem.visits.entries()) {
    for (const [k, part] of visit.parts.entries()) {
      const n = 2 * v + k;
      nodes.exists[n] = 1;
      nodes.from[n] = visit.place;
      nodes.to[n] = visit.place;
      nodes.preparation[n] = part.preparationMinutes ?? 0;
      nodes.duration[n] = part.durationMinutes;
      nodes.busy[n] = part.durationMinutes + (part.bufferMinutes ?? 0);
      nodes.frozen[n] = visit.begun ? 1 : 0;
    }
  }
  for (const [h, caregiver] of shifts.caregiver.entries()) {
    const shift = problem.caregivers[caregiver]!.shifts[shifts.position[h]!]!;
    nodes.from[nodeCount + h] = shift.startPlace ?? nowhere;
    nodes.to[nodeCount + h] = shift.endPlace ?? nowhere;
  }
  return nodes;
}

export function visitArrays({ visits }: PlanningProblem, weights: PlanningWeights): VisitArrays {
  const { group, groupCount } = groupsOf(visits.map(({ groupId }) => groupId));
  const special = visits.map(({ closed, begun }, v) => closed?.length || begun || group[v]! >= 0);
  return {
    parts: Uint8Array.from(visits, ({ parts }) => parts.length),
    earliest: Float64Array.from(visits, ({ earliestMinute }) => earliestMinute),
    held: Float64Array.from(visits, ({ earliestMinute, latestMinute, promised }) =>
      Math.max(earliestMinute, Math.min(promised?.startMinute ?? earliestMinute, latestMinute)),
    ),
    latest: Float64Array.from(visits, ({ latestMinute }) => latestMinute),
    hard: Float64Array.from(visits, ({ latestHardMinute }) => latestHardMinute ?? endless),
    gapMin: Float64Array.from(visits, ({ synchronization }) =>
      synchronization?.kind === 'SEQUENTIAL' ? synchronization.minMinutes : 0,
    ),
    gapMax: Float64Array.from(visits, ({ synchronization }) =>
      synchronization?.kind === 'SEQUENTIAL' ? synchronization.maxMinutes : 0,
    ),
    promised: Float64Array.from(visits, ({ promised }) => promised?.startMinute ?? Number.NaN),
    leftOut: Float64Array.from(visits, ({ importance }) => weights.leftOut * (importance ?? 1)),
    special: Uint8Array.from(special, (is) => (is ? 1 : 0)),
    closed: visits.map(({ closed }) =>
      [...(closed ?? [])].sort((one, other) => one.fromMinute - other.fromMinute),
    ),
    group,
    groupCount,
  };
}

/** Numbers for the groups that have more than one visit. */
function groupsOf(groupIds: readonly (string | null)[]): { group: Int32Array; groupCount: number } {
  const sizes = new Map<string, number>();
  for (const id of groupIds) if (id !== null) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  const shared = [...sizes].filter(([, size]) => size > 1).map(([id]) => id);
  const numbers = new Map(shared.map((id, index) => [id, index]));
  return {
    group: Int32Array.from(groupIds, (id) => (id === null ? -1 : (numbers.get(id) ?? -1))),
    groupCount: shared.length,
  };
}
