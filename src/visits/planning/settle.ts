import type { Schedule } from './schedule.js';
import { endsHold, settleSlowly } from './settle-slowly.js';

/** A visit that is worked out more often than this in one move waits for itself, or nearly: the move is given up. */
const timesMax = 4;
const timesMin = 60;

/**
 * Works out the instants of all that the move under way has put into the queue, and of what follows from them. Starts
 * are the least that the routes allow, which is also the cheapest. False when a hard bound breaks, when a visit waits
 * for itself, or as soon as the cost is sure to rise by more than `slack`; the move must then be undone.
 */
export function settle(schedule: Schedule, slack: number): boolean {
  const { model } = schedule;
  const weight = model.weights.worstLateness;
  const { hard, special, parts } = model.visits;
  const { late, oldLate, timeCost, oldTimeCost, shiftOf } = schedule;
  const { breakCount } = model.shifts;
  // A visit that starts later can come nearer to its promise: then nothing is sure before all is worked out.
  const falls = model.hasPromises;
  const allowed = slack - schedule.fixedDelta - schedule.workDelta;
  const worst = schedule.oldWorst;
  let done = 0;
  // The lateness that the visits looked at had and have, and whether the latest of all is among them.
  let had = 0;
  let have = 0;
  let most = 0;
  let fell = false;
  let seen = 0;
  while (schedule.queueCount > 0) {
    const v = schedule.dequeue();
    const first = 2 * v;
    if (shiftOf[first]! < 0) continue;
    const two = parts[v] === 2;
    const slow =
      special[v] === 1 || breakCount[shiftOf[first]!] !== 0 || (two && breakCount[shiftOf[first + 1]!] !== 0);
    const before = timeCost[v]!;
    const changed = slow ? settleSlowly(schedule, v) : two ? settleTwo(schedule, v) : settleOne(schedule, v);
    if (!changed) continue;
    if (schedule.start[first]! > hard[v]! || (two && schedule.start[first + 1]! > hard[v]!)) return false;
    have += timeCost[v]! - before;
    for (; seen < schedule.timeCount; seen++) {
      const touched = schedule.timeLog[seen]!;
      had += oldTimeCost[touched]!;
      have += touched === v ? before : timeCost[touched]!;
      if (oldLate[touched] === worst) fell = true;
    }
    if (late[v]! > most) most = late[v]!;
    // While a visit may yet start earlier, so may all that nobody has looked at, and their lateness may go; then not.
    const untouched = falls || schedule.falling > 0 ? schedule.oldTimeTotal - had : 0;
    const worse = most > worst ? most - worst : fell || untouched > 0 ? most - worst : 0;
    if (
      have - had - untouched + weight * worse > allowed ||
      ++done > timesMin + timesMax * schedule.timeCount
    ) {
      return false;
    }
  }
  let total = schedule.oldTimeTotal;
  most = 0;
  for (let i = 0; i < schedule.timeCount; i++) {
    const v = schedule.timeLog[i]!;
    total += timeCost[v]! - oldTimeCost[v]!;
    if (late[v]! > most) most = late[v]!;
    if (oldLate[v] === worst) fell = true;
  }
  schedule.timeTotal = total;
  if (most >= worst) schedule.worst = most;
  else if (fell) schedule.worst = greatest(late);
  const rise = total - schedule.oldTimeTotal + weight * (schedule.worst - worst);
  if (schedule.fixedDelta + schedule.workDelta + rise > slack) return false;
  return endsHold(schedule);
}

function greatest(late: Float64Array): number {
  let most = 0;
  for (let v = 0; v < late.length; v++) if (late[v]! > most) most = late[v]!;
  return most;
}

function settleOne(schedule: Schedule, v: number): boolean {
  const { model, prev, start, finish } = schedule;
  const { nodes, travel, width } = model;
  const n = 2 * v;
  const p = prev[n]!;
  const way = travel[model.shifts.matrix[schedule.shiftOf[n]!]! + nodes.from[p]! * width + nodes.to[n]!]!;
  const there = finish[p]! + way + nodes.preparation[n]!;
  const release = schedule.release[v]!;
  const at = there > release ? there : release;
  const was = start[n]!;
  if (at === was) return false;
  schedule.rememberTimes(v);
  start[n] = at;
  finish[n] = at + nodes.busy[n]!;
  countTimes(schedule, v);
  follow(schedule, n, at < was);
  return true;
}

function settleTwo(schedule: Schedule, v: number): boolean {
  const { model, prev, start, finish } = schedule;
  const { nodes, travel, width } = model;
  const { matrix } = model.shifts;
  const n = 2 * v;
  const m = n + 1;
  const p = prev[n]!;
  const q = prev[m]!;
  const release = schedule.release[v]!;
  const gapMin = model.visits.gapMin[v]!;
  let one = finish[p]! + nodes.preparation[n]!;
  one += travel[matrix[schedule.shiftOf[n]!]! + nodes.from[p]! * width + nodes.to[n]!]!;
  let two = finish[q]! + nodes.preparation[m]!;
  two += travel[matrix[schedule.shiftOf[m]!]! + nodes.from[q]! * width + nodes.to[m]!]!;
  if (one < release) one = release;
  if (two < release) two = release;
  const waits = two - model.visits.gapMax[v]!;
  if (one < waits) one = waits;
  if (two < one + gapMin) two = one + gapMin;
  const oneWas = start[n]!;
  const twoWas = start[m]!;
  const firstSame = one === oneWas;
  const secondSame = two === twoWas;
  if (firstSame && secondSame) return false;
  schedule.rememberTimes(v);
  start[n] = one;
  start[m] = two;
  finish[n] = one + nodes.busy[n]!;
  finish[m] = two + nodes.busy[m]!;
  countTimes(schedule, v);
  if (!firstSame) follow(schedule, n, one < oneWas);
  if (!secondSame) follow(schedule, m, two < twoWas);
  return true;
}

/** Puts whoever comes after a node into the queue. */
export function follow(schedule: Schedule, n: number, falls: boolean): void {
  const after = schedule.next[n]!;
  if (after < schedule.model.nodeCount) {
    const visit = after >> 1;
    const known = schedule.start[after]!;
    schedule.enqueue(visit, Number.isNaN(known) ? schedule.start[n]! : known, falls);
  } else schedule.noteEnd(after - schedule.model.nodeCount);
}

export function countTimes(schedule: Schedule, v: number): void {
  const { model, start } = schedule;
  const latest = model.visits.latest[v]!;
  const one = start[2 * v]! - latest;
  let late = one > 0 ? one : 0;
  let sum = late;
  if (model.visits.parts[v] === 2) {
    const two = start[2 * v + 1]! - latest;
    if (two > 0) {
      sum += two;
      if (two > late) late = two;
    }
  }
  let cost = model.weights.lateness * sum;
  if (model.hasPromises) {
    const moved = Math.abs(start[2 * v]! - model.visits.promised[v]!);
    if (moved > 0) cost += model.weights.movedMinute * moved;
  }
  schedule.timeCost[v] = cost;
  schedule.late[v] = late;
}
