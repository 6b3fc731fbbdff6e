import { finish } from './moves.js';
import type { Schedule } from './schedule.js';

/** Exchanges all that follows `p` in its route with all that follows `o` in another one. */
export function swapTails(schedule: Schedule, p: number, o: number, slack: number): boolean {
  const { model, prev, next, shiftOf } = schedule;
  const h = shiftOf[p]!;
  const g = shiftOf[o]!;
  const endH = model.nodeCount + h;
  const endG = model.nodeCount + g;
  const q = next[p]!;
  const r = next[o]!;
  if (q === endH && r === endG) return false;
  const lastH = prev[endH]!;
  const lastG = prev[endG]!;
  const delta = tailsDelta(schedule, p, o);
  if (delta - schedule.timeTotal - model.weights.worstLateness * schedule.worst > slack) return false;
  schedule.begin();
  schedule.fixedDelta = delta;
  if (model.countsWork) countTailWork(schedule, p, o);
  giveTail(schedule, q, endH, g);
  giveTail(schedule, r, endG, h);
  if (r === endG) schedule.link(p, endH);
  else {
    schedule.link(p, r);
    schedule.link(lastG, endH);
  }
  if (q === endH) schedule.link(o, endG);
  else {
    schedule.link(o, q);
    schedule.link(lastH, endG);
  }
  if (!partnersApart(schedule, h) || !partnersApart(schedule, g)) {
    schedule.undo();
    return false;
  }
  schedule.noteEnd(h);
  schedule.noteEnd(g);
  return finish(schedule, slack);
}

function giveTail(schedule: Schedule, first: number, end: number, to: number): void {
  for (let n = first; n !== end; n = schedule.next[n]!) {
    schedule.remember(n);
    schedule.shiftOf[n] = to;
    schedule.enqueue(n >> 1, schedule.start[n]!, true);
  }
}

function partnersApart(schedule: Schedule, h: number): boolean {
  const { model, next, shiftOf } = schedule;
  const { caregiver } = model.shifts;
  const end = model.nodeCount + h;
  for (let n = next[end]!; n !== end; n = next[n]!) {
    const partner = shiftOf[n ^ 1]!;
    if (partner >= 0 && caregiver[partner] === caregiver[h]) return false;
  }
  return true;
}

function tailsDelta(schedule: Schedule, p: number, o: number): number {
  const { model, next, shiftOf } = schedule;
  const h = shiftOf[p]!;
  const g = shiftOf[o]!;
  const endH = model.nodeCount + h;
  const endG = model.nodeCount + g;
  const q = next[p]!;
  const r = next[o]!;
  if ((q !== endH && model.nodes.frozen[q] === 1) || (r !== endG && model.nodes.frozen[r] === 1)) {
    return Number.POSITIVE_INFINITY;
  }
  const moved = tailDelta(schedule, q, endH, h, g, endG) + tailDelta(schedule, r, endG, g, h, endH);
  if (moved === Number.POSITIVE_INFINITY) return moved;
  const joints =
    schedule.travel(p, r === endG ? endH : r, h) +
    schedule.travel(o, q === endH ? endG : q, g) -
    schedule.travel(p, q, h) -
    schedule.travel(o, r, g);
  return moved + model.weights.travel * joints;
}

/** What changes within a tail, its end included, when it moves from shift h to shift g. */
function tailDelta(s: Schedule, first: number, endH: number, h: number, g: number, endG: number): number {
  const { service, shiftCount, weights, shifts } = s.model;
  const other = shifts.matrix[h] !== shifts.matrix[g];
  let cost = 0;
  for (let n = first; n !== endH; ) {
    const onG = service[n * shiftCount + g]!;
    if (onG === Number.POSITIVE_INFINITY) return onG;
    cost += onG - service[n * shiftCount + h]!;
    const after = s.next[n]!;
    if (after === endH) cost += weights.travel * (s.travel(n, endG, g) - s.travel(n, endH, h));
    else if (other) cost += weights.travel * (s.travel(n, after, g) - s.travel(n, after, h));
    n = after;
  }
  return cost;
}

function countTailWork(schedule: Schedule, p: number, o: number): void {
  const { model, next, shiftOf } = schedule;
  const h = shiftOf[p]!;
  const g = shiftOf[o]!;
  const endH = model.nodeCount + h;
  const endG = model.nodeCount + g;
  const q = next[p]!;
  const r = next[o]!;
  const tailH = tailWork(schedule, q, endH, h, endH);
  const tailG = tailWork(schedule, r, endG, g, endG);
  const joinH = schedule.travel(p, r === endG ? endH : r, h) - schedule.travel(p, q, h);
  const joinG = schedule.travel(o, q === endH ? endG : q, g) - schedule.travel(o, r, g);
  schedule.addWork(h, joinH + tailWork(schedule, r, endG, h, endH) - tailH);
  schedule.addWork(g, joinG + tailWork(schedule, q, endH, g, endG) - tailG);
}

/** The minutes of work of a tail that ends at node `end`, were it of shift `h` and led to node `home`. */
function tailWork(schedule: Schedule, first: number, end: number, h: number, home: number): number {
  const { preparation, busy } = schedule.model.nodes;
  let minutes = 0;
  for (let n = first; n !== end; n = schedule.next[n]!) {
    const after = schedule.next[n]!;
    minutes += preparation[n]! + busy[n]! + schedule.travel(n, after === end ? home : after, h);
  }
  return minutes;
}
