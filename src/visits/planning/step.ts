import { moveBoth } from './insert.js';
import { relocate, swap } from './moves.js';
import type { Neighbours } from './neighbours.js';
import type { Random } from './random.js';
import type { Schedule } from './schedule.js';
import { swapTails } from './swap-tails.js';
import { releaseOrHold, restFirstOrNot, swapInGroup } from './visit-moves.js';

/** How often of a hundred each move is tried; some only where a problem has promises, groups or breaks. */
const movesBothOf = 33;
const movesOne = 45;
const movesSome = 15;
const swaps = 25;
const movesOfVisits = 4;
const swapsPartsOneIn = 16;
const segmentMore = 3;

/**
 * One move drawn by chance, of a node drawn by chance, to a place where it could well belong. It is taken when the cost
 * rises by no more than `slack`.
 */
export function step(
  schedule: Schedule,
  near: Neighbours,
  random: Random,
  movable: Int32Array,
  slack: number,
): boolean {
  const { model } = schedule;
  const n = movable[random.below(movable.length)]!;
  const v = n >> 1;
  if (schedule.shiftOf[n]! < 0) return false;
  if (model.hasPromises && random.below(100) < movesOfVisits) return releaseOrHold(schedule, v, slack);
  if (model.hasGroups && random.below(100) < movesOfVisits) return swapInGroup(schedule, v, slack);
  if (model.hasBreaks && random.below(100) < movesOfVisits) return restFirstOrNot(schedule, n, slack);
  if (model.visits.parts[v] === 2 && random.below(100) < movesBothOf) {
    if (random.below(swapsPartsOneIn) === 0) return swap(schedule, n, n ^ 1, slack);
    const one = placeFor(schedule, near, random, 2 * v);
    const two = placeFor(schedule, near, random, 2 * v + 1);
    return one >= 0 && two >= 0 && moveBoth(schedule, v, one, two, slack);
  }
  const p = placeFor(schedule, near, random, n);
  if (p < 0) return false;
  const kind = random.below(100);
  if (kind < movesOne) return relocate(schedule, n, n, p, slack);
  if (kind < movesOne + movesSome) return moveSome(schedule, random, n, p, slack);
  if (kind < movesOne + movesSome + swaps) return swapWithNext(schedule, n, p, slack);
  if (schedule.shiftOf[p] === schedule.shiftOf[n]) return false;
  return swapTails(schedule, schedule.prev[n]!, p, slack);
}

/** Moves n and one to three that follow it. */
function moveSome(schedule: Schedule, random: Random, n: number, p: number, slack: number): boolean {
  const { next, model } = schedule;
  let last = n;
  if (n === p) return false;
  for (let more = 1 + random.below(segmentMore); more > 0; more--) {
    const after = next[last]!;
    if (after >= model.nodeCount) break;
    if (after === p) return false;
    last = after;
  }
  return relocate(schedule, n, last, p, slack);
}

/** Exchanges n with what follows p. */
function swapWithNext(schedule: Schedule, n: number, p: number, slack: number): boolean {
  const { next, model } = schedule;
  const m = next[p]!;
  if (m >= model.nodeCount || m === n || p === n || model.nodes.frozen[m] === 1) return false;
  if (next[n] === m) return relocate(schedule, n, n, m, slack);
  if (next[m] === n) return relocate(schedule, m, m, n, slack);
  return swap(schedule, n, m, slack);
}

/** A node other than n behind which n could well come; -1: none was found. */
function placeFor(schedule: Schedule, near: Neighbours, random: Random, n: number): number {
  const { prev, shiftOf } = schedule;
  const kind = random.below(50);
  if (kind === 0) {
    const end = anyShift(schedule, random, n);
    const last = prev[end]!;
    return random.below(2) === 0 || last === n ? end : last;
  }
  const before = (kind & 1) === 0;
  const count = before ? near.beforeCount[n]! : near.afterCount[n]!;
  if (count === 0) return anyShift(schedule, random, n);
  const m = (before ? near.before : near.after)[n * near.size + random.skewed(count)]!;
  if (shiftOf[m]! < 0) return -1;
  if (before) return m;
  return prev[m] === n ? -1 : prev[m]!;
}

function anyShift({ model }: Schedule, random: Random, n: number): number {
  const shifts = model.servedBy[n]!;
  return model.nodeCount + shifts[random.below(shifts.length)]!;
}
