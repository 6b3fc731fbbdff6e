import type { Schedule } from './schedule.js';
import { settle } from './settle.js';
import { workChange } from './work-costs.js';

/**
 * The changes that the search tries. Each is taken when it keeps every hard bound and the cost rises by `slack` at
 * most, and leaves everything as it was when not. What it does to travel is known before anything is touched, so that
 * most moves end there.
 */

/** Moves the nodes from `a` to `b`, which follow each other, behind node `p`, in the same route or another one. */
export function relocate(schedule: Schedule, a: number, b: number, p: number, slack: number): boolean {
  const delta = relocateDelta(schedule, a, b, p);
  if (delta - schedule.timeTotal - schedule.model.weights.worstLateness * schedule.worst > slack)
    return false;
  schedule.begin();
  schedule.fixedDelta = delta;
  applyRelocate(schedule, a, b, p);
  return finish(schedule, slack);
}

/** Ends the move under way: keeps it, or undoes it. */
export function finish(schedule: Schedule, slack: number): boolean {
  const { model } = schedule;
  if (model.countsWork) schedule.workDelta = workChange(schedule);
  const times = schedule.timeTotal + model.weights.worstLateness * schedule.worst;
  if (schedule.fixedDelta + schedule.workDelta - times > slack || !settle(schedule, slack)) {
    schedule.undo();
    return false;
  }
  schedule.keep();
  return true;
}

/** What the relocation adds to travel and service, weighted; Infinity when the shift may not serve a node. */
export function relocateDelta(schedule: Schedule, a: number, b: number, p: number): number {
  const { model, prev, next, shiftOf } = schedule;
  const from = shiftOf[a]!;
  const to = shiftOf[p]!;
  const before = prev[a]!;
  const after = next[b]!;
  if (p === before) return Number.POSITIVE_INFINITY;
  const follower = next[p]!;
  if (model.nodes.frozen[follower] === 1) return Number.POSITIVE_INFINITY;
  let travel =
    schedule.travel(before, after, from) -
    schedule.travel(before, a, from) -
    schedule.travel(b, after, from) +
    schedule.travel(p, a, to) +
    schedule.travel(b, follower, to) -
    schedule.travel(p, follower, to);
  if (from === to) return model.weights.travel * travel;
  let service = 0;
  const other = model.shifts.matrix[from] !== model.shifts.matrix[to];
  for (let n = a; ; n = next[n]!) {
    service += serviceDelta(schedule, n, from, to);
    if (n === b) break;
    if (other) travel += schedule.travel(n, next[n]!, to) - schedule.travel(n, next[n]!, from);
  }
  return model.weights.travel * travel + service;
}

/** Infinity also when the caregiver of the shift is the one of the other part. */
function serviceDelta(schedule: Schedule, n: number, from: number, to: number): number {
  const { model, shiftOf } = schedule;
  const { service, shiftCount, shifts } = model;
  const cost = service[n * shiftCount + to]!;
  if (cost === Number.POSITIVE_INFINITY) return cost;
  const partner = shiftOf[n ^ 1]!;
  if (partner >= 0 && shifts.caregiver[partner] === shifts.caregiver[to]) return Number.POSITIVE_INFINITY;
  return cost - service[n * shiftCount + from]!;
}

export function applyRelocate(schedule: Schedule, a: number, b: number, p: number): void {
  const { model, prev, next, shiftOf } = schedule;
  const from = shiftOf[a]!;
  const to = shiftOf[p]!;
  const before = prev[a]!;
  const after = next[b]!;
  if (model.countsWork) countWork(schedule, a, b, p);
  schedule.link(before, after);
  const follower = next[p]!;
  schedule.link(p, a);
  schedule.link(b, follower);
  wake(schedule, after, true);
  const key = schedule.finish[p]!;
  if (from === to) schedule.enqueue(a >> 1, key, true);
  else {
    for (let n = a; ; n = next[n]!) {
      schedule.remember(n);
      shiftOf[n] = to;
      schedule.enqueue(n >> 1, key, true);
      if (n === b) break;
    }
  }
  wake(schedule, follower, false);
  if (prev[model.nodeCount + to] === b) schedule.noteEnd(to);
}

/** Has a node worked out whose predecessor changed. Without `falls` it is known to start no earlier than before. */
function wake(schedule: Schedule, node: number, falls: boolean): void {
  const { nodeCount } = schedule.model;
  if (node < nodeCount) schedule.enqueue(node >> 1, schedule.start[node]!, falls);
  else schedule.noteEnd(node - nodeCount);
}

/** Tells the minutes of work that the relocation takes from one shift and gives to another. */
function countWork(schedule: Schedule, a: number, b: number, p: number): void {
  const { model, prev, next, shiftOf } = schedule;
  const { preparation, busy } = model.nodes;
  const from = shiftOf[a]!;
  const to = shiftOf[p]!;
  const before = prev[a]!;
  const after = next[b]!;
  const follower = next[p]!;
  let taken =
    schedule.travel(before, a, from) + schedule.travel(b, after, from) - schedule.travel(before, after, from);
  let given = schedule.travel(p, a, to) + schedule.travel(b, follower, to) - schedule.travel(p, follower, to);
  for (let n = a; ; n = next[n]!) {
    taken += preparation[n]! + busy[n]!;
    given += preparation[n]! + busy[n]!;
    if (n === b) break;
    taken += schedule.travel(n, next[n]!, from);
    given += schedule.travel(n, next[n]!, to);
  }
  schedule.addWork(from, -taken);
  schedule.addWork(to, given);
}

/** Exchanges the places of two nodes that do not follow each other. */
export function swap(schedule: Schedule, n: number, m: number, slack: number): boolean {
  const delta = swapDelta(schedule, n, m);
  if (delta - schedule.timeTotal - schedule.model.weights.worstLateness * schedule.worst > slack)
    return false;
  const { prev, next, shiftOf, model } = schedule;
  const h = shiftOf[n]!;
  const g = shiftOf[m]!;
  const p = prev[n]!;
  const q = next[n]!;
  const o = prev[m]!;
  const r = next[m]!;
  schedule.begin();
  schedule.fixedDelta = delta;
  if (model.countsWork) {
    const own =
      model.nodes.preparation[m]! + model.nodes.busy[m]! - model.nodes.preparation[n]! - model.nodes.busy[n]!;
    schedule.addWork(h, own + waysThrough(schedule, p, m, q, h) - waysThrough(schedule, p, n, q, h));
    schedule.addWork(g, waysThrough(schedule, o, n, r, g) - waysThrough(schedule, o, m, r, g) - own);
  }
  schedule.link(p, m);
  schedule.link(m, q);
  schedule.link(o, n);
  schedule.link(n, r);
  shiftOf[n] = g;
  shiftOf[m] = h;
  schedule.enqueue(n >> 1, schedule.finish[o]!, true);
  schedule.enqueue(m >> 1, schedule.finish[p]!, true);
  wake(schedule, q, true);
  wake(schedule, r, true);
  return finish(schedule, slack);
}

function waysThrough(schedule: Schedule, before: number, n: number, after: number, h: number): number {
  return schedule.travel(before, n, h) + schedule.travel(n, after, h);
}

function swapDelta(schedule: Schedule, n: number, m: number): number {
  const { model, prev, next, shiftOf } = schedule;
  const h = shiftOf[n]!;
  const g = shiftOf[m]!;
  const p = prev[n]!;
  const q = next[n]!;
  const o = prev[m]!;
  const r = next[m]!;
  let service = 0;
  if (h !== g) {
    const partners = n >> 1 === m >> 1;
    service = partners
      ? partsDelta(schedule, n, m)
      : serviceDelta(schedule, n, h, g) + serviceDelta(schedule, m, g, h);
    if (service === Number.POSITIVE_INFINITY) return service;
  }
  const travel =
    waysThrough(schedule, p, m, q, h) -
    waysThrough(schedule, p, n, q, h) +
    waysThrough(schedule, o, n, r, g) -
    waysThrough(schedule, o, m, r, g);
  return model.weights.travel * travel + service;
}

/** The two parts of one visit change caregivers, so that they still have two. */
function partsDelta(schedule: Schedule, n: number, m: number): number {
  const { service, shiftCount } = schedule.model;
  const h = schedule.shiftOf[n]!;
  const g = schedule.shiftOf[m]!;
  return (
    service[n * shiftCount + g]! +
    service[m * shiftCount + h]! -
    service[n * shiftCount + h]! -
    service[m * shiftCount + g]!
  );
}
