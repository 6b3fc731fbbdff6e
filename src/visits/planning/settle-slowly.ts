import type { Schedule } from './schedule.js';
import { countTimes, follow } from './settle.js';

/** Closed spans, breaks and partners push each other at most so often before the visit is given up. */
const roundsMax = 30;

/** What `arrive` found beside the start that it gave: the breaks before it, when they began, and when one is there. */
let breaksBefore = 0;
let arrived = 0;
const breakBegins: number[] = [];

/**
 * The earliest start, not before `bound`, at which the caregiver of shift h can serve node n after node p. A break is
 * taken as late as it can be, or in a wait that is long enough for it, or where `restFirst` says so, which pays where a
 * wait is long enough for a part of it. Infinity: a break has no place any more.
 */
function arrive(schedule: Schedule, p: number, n: number, h: number, bound: number): number {
  const { nodes, shifts, nodeCount } = schedule.model;
  const home = n >= nodeCount;
  const preparation = nodes.preparation[n]!;
  let free = schedule.finish[p]!;
  let way = schedule.travel(p, n, h);
  const known = p >= nodeCount ? 0 : schedule.breaks[p]!;
  let taken = known;
  arrived = free + way;
  for (;;) {
    const start = Math.max(free + way + preparation, bound);
    breaksBefore = taken;
    // A node that came from a shift with more breaks may still tell of them until it is worked out again.
    if (taken >= shifts.breakCount[h]!) return start;
    const b = shifts.firstBreak[h]! + taken;
    const latest = shifts.breakLatest[b]!;
    const from = Math.max(free + way, shifts.breakFrom[b]!);
    const end = from + shifts.breakMinutes[b]!;
    const costsNothing = from <= latest && !home && Math.max(end + preparation, bound) <= start;
    const first = schedule.restFirst[n] === 1 && taken === known && from <= latest;
    if (start + nodes.busy[n]! <= latest && !costsNothing && !first) return start;
    if (from <= latest) {
      breakBegins[taken] = from;
      free = end;
      way = 0;
    } else {
      // There is no time for it on arrival: it comes before the way.
      const before = Math.max(free, shifts.breakFrom[b]!);
      if (before > latest) return Number.POSITIVE_INFINITY;
      breakBegins[taken] = before;
      free = before + shifts.breakMinutes[b]!;
      arrived = free + way;
    }
    taken++;
  }
}

/** How a caregiver comes to node n, or home, in a schedule that is worked out. */
export function legTo(schedule: Schedule, n: number, h: number): { arrived: number; breakBegins: number[] } {
  const { model, prev, start } = schedule;
  const p = prev[n]!;
  const before = p >= model.nodeCount ? 0 : schedule.breaks[p]!;
  // What has begun is where it is, whatever the way there would have taken.
  if (model.nodes.frozen[n] === 1) return { arrived: start[n]!, breakBegins: [] };
  arrive(schedule, p, n, h, n >= model.nodeCount ? Number.NEGATIVE_INFINITY : start[n]!);
  return { arrived, breakBegins: breakBegins.slice(before, breaksBefore) };
}

/** Works out one visit with everything that a problem can ask for. True when any instant changed. */
export function settleSlowly(schedule: Schedule, v: number): boolean {
  const { model, start, finish, breaks } = schedule;
  const first = 2 * v;
  if (model.nodes.frozen[first] === 1) return false;
  const second = first + 1;
  const two = model.visits.parts[v] === 2;
  if (!findStarts(schedule, v)) foundOne = foundTwo = Number.POSITIVE_INFINITY;
  const firstSame = foundOne === start[first] && foundOneBreaks === breaks[first];
  const secondSame = !two || (foundTwo === start[second] && foundTwoBreaks === breaks[second]);
  if (firstSame && secondSame) return false;
  schedule.rememberTimes(v);
  start[first] = foundOne;
  finish[first] = foundOne + model.nodes.busy[first]!;
  breaks[first] = foundOneBreaks;
  if (two) {
    start[second] = foundTwo;
    finish[second] = foundTwo + model.nodes.busy[second]!;
    breaks[second] = foundTwoBreaks;
  }
  countTimes(schedule, v);
  if (!firstSame) follow(schedule, first, true);
  if (!secondSame) follow(schedule, second, true);
  const after = neighbourInGroup(schedule, v, 1);
  if (after >= 0) schedule.enqueue(after, schedule.start[2 * after]!, true);
  return true;
}

let foundOne = 0;
let foundTwo = 0;
let foundOneBreaks = 0;
let foundTwoBreaks = 0;

function findStarts(schedule: Schedule, v: number): boolean {
  const { model, prev, shiftOf } = schedule;
  const { gapMin, gapMax } = model.visits;
  const first = 2 * v;
  const second = first + 1;
  const two = model.visits.parts[v] === 2;
  const pred = prev[first]!;
  const bound = Math.max(schedule.release[v]!, groupBound(schedule, v));
  let boundOne = bound;
  let boundTwo = bound;
  for (let round = 0; round < roundsMax; round++) {
    foundOne = arrive(schedule, pred, first, shiftOf[first]!, boundOne);
    foundOneBreaks = breaksBefore;
    foundTwo = foundOne;
    if (two) {
      boundTwo = Math.max(boundTwo, foundOne + gapMin[v]!);
      foundTwo = arrive(schedule, prev[second]!, second, shiftOf[second]!, boundTwo);
      foundTwoBreaks = breaksBefore;
      boundOne = Math.max(boundOne, foundTwo - gapMax[v]!);
      if (foundOne < boundOne) continue;
    }
    if (!Number.isFinite(foundOne + foundTwo)) return false;
    const opensOne = afterClosed(schedule, v, first, foundOne);
    const opensTwo = two ? afterClosed(schedule, v, second, foundTwo) : foundTwo;
    if (opensOne === foundOne && opensTwo === foundTwo) return true;
    boundOne = Math.max(boundOne, opensOne);
    boundTwo = Math.max(boundTwo, opensTwo);
  }
  return false;
}

/** The start itself, or the end of the closed span that the part would overlap. */
function afterClosed(schedule: Schedule, v: number, n: number, start: number): number {
  const end = start + schedule.model.nodes.duration[n]!;
  for (const { fromMinute, toMinute } of schedule.model.visits.closed[v]!) {
    if (start < toMinute && (fromMinute < end || fromMinute === start)) return toMinute;
  }
  return start;
}

/** When the visit of the same group before this one is over. */
function groupBound(schedule: Schedule, v: number): number {
  const before = neighbourInGroup(schedule, v, -1);
  if (before < 0) return Number.NEGATIVE_INFINITY;
  const { duration } = schedule.model.nodes;
  const one = schedule.start[2 * before]! + duration[2 * before]!;
  const two = schedule.start[2 * before + 1]! + duration[2 * before + 1]!;
  // One that has no instant yet bounds nothing; once it has, this visit is worked out again.
  if (schedule.model.visits.parts[before] === 1) return Number.isNaN(one) ? Number.NEGATIVE_INFINITY : one;
  return Number.isNaN(one + two) ? Number.NEGATIVE_INFINITY : Math.max(one, two);
}

/** The next planned visit of the same group, forwards or backwards; -1: none. */
export function neighbourInGroup(schedule: Schedule, v: number, step: 1 | -1): number {
  const group = schedule.model.visits.group[v]!;
  if (group < 0) return -1;
  const order = schedule.groups[group]!;
  for (let at = order.indexOf(v) + step; at >= 0 && at < order.length; at += step) {
    if (schedule.shiftOf[2 * order[at]!]! >= 0) return order[at]!;
  }
  return -1;
}

/** Whether each caregiver whose last visit changed is back by the end of the shift. */
export function endsHold(schedule: Schedule): boolean {
  const { shifts } = schedule.model;
  for (let i = 0; i < schedule.endedCount; i++) {
    const h = schedule.ended[i]!;
    if (backMinute(schedule, h) > shifts.end[h]!) return false;
  }
  return true;
}

/** When the caregiver is back, breaks on the way counted; Infinity: a break has no place. An empty shift is no way. */
export function backMinute(schedule: Schedule, h: number): number {
  const node = schedule.model.nodeCount + h;
  const last = schedule.prev[node]!;
  if (last === node) return schedule.model.shifts.start[h]!;
  return arrive(schedule, last, node, h, Number.NEGATIVE_INFINITY);
}
