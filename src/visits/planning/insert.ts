import { Likeliest } from './likeliest.js';
import { finish } from './moves.js';
import type { Schedule } from './schedule.js';
import { settle } from './settle.js';
import { workChange } from './work-costs.js';

/** How many places of each part are tried in earnest. */
const triedMax = 8;

/** Takes a visit out of the plan; a part of the move under way. */
export function takeOut(schedule: Schedule, v: number): void {
  const { model } = schedule;
  schedule.rememberTimes(v);
  for (let n = 2 * v; n < 2 * v + model.visits.parts[v]!; n++) {
    const h = schedule.shiftOf[n]!;
    const before = schedule.prev[n]!;
    const after = schedule.next[n]!;
    const travel =
      schedule.travel(before, after, h) - schedule.travel(before, n, h) - schedule.travel(n, after, h);
    schedule.fixedDelta += model.weights.travel * travel - model.service[n * model.shiftCount + h]!;
    if (model.countsWork) schedule.addWork(h, travel - model.nodes.preparation[n]! - model.nodes.busy[n]!);
    schedule.link(before, after);
    schedule.remember(n);
    schedule.shiftOf[n] = -1;
    schedule.start[n] = Number.NaN;
    schedule.finish[n] = Number.NaN;
    if (after < model.nodeCount) schedule.enqueue(after >> 1, schedule.start[after]!, true);
    else schedule.noteEnd(after - model.nodeCount);
  }
  schedule.fixedDelta += model.visits.leftOut[v]!;
  schedule.leftOutDelta++;
  schedule.timeCost[v] = 0;
  schedule.late[v] = 0;
}

/** Puts a part behind node `p`; a part of the move under way. */
function putIn(schedule: Schedule, n: number, p: number): void {
  const { model } = schedule;
  const h = schedule.shiftOf[p]!;
  const after = schedule.next[p]!;
  const travel = schedule.travel(p, n, h) + schedule.travel(n, after, h) - schedule.travel(p, after, h);
  schedule.fixedDelta += model.weights.travel * travel + model.service[n * model.shiftCount + h]!;
  if (model.countsWork) schedule.addWork(h, travel + model.nodes.preparation[n]! + model.nodes.busy[n]!);
  schedule.remember(n);
  schedule.link(p, n);
  schedule.link(n, after);
  schedule.shiftOf[n] = h;
  schedule.enqueue(n >> 1, schedule.finish[p]!, true);
  if (after < model.nodeCount) schedule.enqueue(after >> 1, schedule.start[after]!, false);
  else schedule.noteEnd(after - model.nodeCount);
}

/** Moves both parts of a visit at once, behind nodes `one` and `two`. */
export function moveBoth(schedule: Schedule, v: number, one: number, two: number, slack: number): boolean {
  const { model, shiftOf } = schedule;
  const { service, shiftCount } = model;
  if (one >> 1 === v || two >> 1 === v) return false;
  const h = shiftOf[one]!;
  const g = shiftOf[two]!;
  if (h < 0 || g < 0 || model.shifts.caregiver[h] === model.shifts.caregiver[g]) return false;
  if (service[2 * v * shiftCount + h]! + service[(2 * v + 1) * shiftCount + g]! === Number.POSITIVE_INFINITY)
    return false;
  schedule.begin();
  takeOut(schedule, v);
  if (model.nodes.frozen[schedule.next[one]!] === 1 || model.nodes.frozen[schedule.next[two]!] === 1) {
    schedule.undo();
    return false;
  }
  schedule.fixedDelta -= model.visits.leftOut[v]!;
  schedule.leftOutDelta--;
  putIn(schedule, 2 * v, one);
  putIn(schedule, 2 * v + 1, two);
  return finish(schedule, slack);
}

const firstPlaces = new Likeliest(triedMax);
const secondPlaces = new Likeliest(triedMax);

/**
 * Puts a visit that is left out where it costs least, if it has a place at which the cost rises by `slack` at most.
 * Each place is passed over with the chance `blink`, so that not every rebuilding ends the same.
 */
export function insertBest(schedule: Schedule, v: number, slack: number, blinks: () => boolean): boolean {
  const two = schedule.model.visits.parts[v] === 2;
  findPlaces(schedule, 2 * v, firstPlaces, blinks);
  if (two) findPlaces(schedule, 2 * v + 1, secondPlaces, blinks);
  let best = slack;
  let bestOne = -1;
  let bestTwo = -1;
  for (let i = 0; i < firstPlaces.count; i++) {
    const one = firstPlaces.nodes[i]!;
    for (let j = 0; j < (two ? secondPlaces.count : 1); j++) {
      const other = two ? secondPlaces.nodes[j]! : -1;
      const rise = put(schedule, v, one, other, best);
      if (rise === Number.POSITIVE_INFINITY) continue;
      schedule.undo();
      best = rise - 1e-9;
      bestOne = one;
      bestTwo = other;
    }
  }
  if (bestOne < 0) return false;
  put(schedule, v, bestOne, bestTwo, Number.POSITIVE_INFINITY);
  schedule.keep();
  return true;
}

/** Begins a move that puts the visit in; Infinity: it was undone again. */
function put(schedule: Schedule, v: number, one: number, two: number, slack: number): number {
  const { model, shiftOf } = schedule;
  const { caregiver } = model.shifts;
  if (two >= 0 && caregiver[shiftOf[one]!] === caregiver[shiftOf[two]!]) return Number.POSITIVE_INFINITY;
  schedule.begin();
  schedule.rememberTimes(v);
  schedule.fixedDelta -= model.visits.leftOut[v]!;
  schedule.leftOutDelta--;
  putIn(schedule, 2 * v, one);
  if (two >= 0) putIn(schedule, 2 * v + 1, two);
  if (model.countsWork) schedule.workDelta = workChange(schedule);
  if (!settle(schedule, slack)) {
    schedule.undo();
    return Number.POSITIVE_INFINITY;
  }
  const worse = model.weights.worstLateness * (schedule.worst - schedule.oldWorst);
  return schedule.fixedDelta + schedule.workDelta + schedule.timeTotal - schedule.oldTimeTotal + worse;
}

function findPlaces(schedule: Schedule, n: number, places: Likeliest, blinks: () => boolean): void {
  const { model, next } = schedule;
  const { service, shiftCount, nodeCount } = model;
  places.clear();
  for (const h of model.servedBy[n]!) {
    const cost = service[n * shiftCount + h]!;
    let p = nodeCount + h;
    do {
      const after = next[p]!;
      if (model.nodes.frozen[after] === 0 && !blinks()) {
        const expected = cost + expectedRise(schedule, n, p, after, h);
        if (expected < Number.POSITIVE_INFINITY) places.add(p, expected);
      }
      p = after;
    } while (p !== nodeCount + h);
  }
}

/** A guess from the two neighbours alone: travel, the lateness here and that of the visit which comes next. */
function expectedRise(schedule: Schedule, n: number, p: number, after: number, h: number): number {
  const { model, finish, start, release } = schedule;
  const { weights, nodes, visits, shifts } = model;
  const way = schedule.travel(p, n, h);
  const onward = schedule.travel(n, after, h);
  const at = Math.max(finish[p]! + way + nodes.preparation[n]!, release[n >> 1]!);
  if (at > visits.hard[n >> 1]!) return Number.POSITIVE_INFINITY;
  const there = at + nodes.busy[n]! + onward;
  let cost = weights.travel * (way + onward - schedule.travel(p, after, h));
  cost += weights.lateness * Math.max(0, at - visits.latest[n >> 1]!);
  if (after >= model.nodeCount) return there > shifts.end[h]! ? Number.POSITIVE_INFINITY : cost;
  const pushed = there + nodes.preparation[after]!;
  const was = Math.max(start[after]!, visits.latest[after >> 1]!);
  return cost + weights.lateness * Math.max(0, pushed - was);
}
