import { applyRelocate, finish, relocateDelta } from './moves.js';
import type { Schedule } from './schedule.js';

/** Lets a visit begin before the hour that the family was told, or no longer. */
export function releaseOrHold(schedule: Schedule, v: number, slack: number): boolean {
  const { model, release } = schedule;
  const { earliest, held } = model.visits;
  if (earliest[v] === held[v]) return false;
  const was = release[v]!;
  schedule.begin();
  release[v] = was === held[v] ? earliest[v]! : held[v]!;
  schedule.enqueue(v, schedule.start[2 * v]!, true);
  if (finish(schedule, slack)) return true;
  release[v] = was;
  return false;
}

/** Lets the next break come before a node, or no longer. */
export function restFirstOrNot(schedule: Schedule, n: number, slack: number): boolean {
  const { model, restFirst, shiftOf } = schedule;
  if (model.shifts.breakCount[shiftOf[n]!] === 0) return false;
  schedule.begin();
  restFirst[n] = 1 - restFirst[n]!;
  schedule.enqueue(n >> 1, schedule.start[2 * (n >> 1)]!, true);
  if (finish(schedule, slack)) return true;
  restFirst[n] = 1 - restFirst[n]!;
  return false;
}

/** Exchanges a visit with the one after it in its group: the bath before the cleaning. */
export function swapInGroup(schedule: Schedule, v: number, slack: number): boolean {
  const { model, shiftOf, next } = schedule;
  const group = model.visits.group[v]!;
  if (group < 0) return false;
  const order = schedule.groups[group]!;
  const at = order.indexOf(v);
  const w = order[at + 1];
  if (w === undefined || model.nodes.frozen[2 * v] === 1) return false;
  schedule.begin();
  order[at] = w;
  order[at + 1] = v;
  // In one route, one behind the other, they would wait for each other: they change places there too.
  if (next[2 * v] === 2 * w && model.visits.parts[v] === 1 && model.visits.parts[w] === 1) {
    schedule.fixedDelta = relocateDelta(schedule, 2 * v, 2 * v, 2 * w);
    if (schedule.fixedDelta < Number.POSITIVE_INFINITY) applyRelocate(schedule, 2 * v, 2 * v, 2 * w);
  }
  schedule.enqueue(v, schedule.start[2 * v]!, true);
  if (shiftOf[2 * w]! >= 0) schedule.enqueue(w, schedule.start[2 * w]!, true);
  if (finish(schedule, slack)) return true;
  order[at] = v;
  order[at + 1] = w;
  return false;
}
