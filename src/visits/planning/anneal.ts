import { insertBest, moveBoth, takeOut } from './insert.js';
import type { Neighbours } from './neighbours.js';
import { relocate, swap, swapTails } from './moves.js';
import { Random } from './random.js';
import type { Schedule } from './schedule.js';

/** One random move of simulated annealing. True when it was taken. */
export function step(s: Schedule, near: Neighbours, random: Random, movable: Int32Array, temperature: number): boolean {
  const n = movable[random.below(movable.length)]!;
  if (s.shiftOf[n]! < 0) return false;
  const slack = -temperature * Math.log(random.share() + 1e-12);
  const kind = random.below(100);
  const { nodeCount } = s.model;
  if (s.model.visits.parts[n >> 1] === 2 && random.below(3) === 0) {
    const one = placeFor(s, near, random, n & ~1);
    const two = placeFor(s, near, random, n | 1);
    return one >= 0 && two >= 0 && moveBoth(s, n >> 1, one, two, slack);
  }
  if (kind < 45) {
    const p = placeFor(s, near, random, n);
    return p >= 0 && relocate(s, n, n, p, slack);
  }
  if (kind < 60) {
    // a segment
    let b = n;
    for (let more = 1 + random.below(3); more > 0 && s.next[b]! < nodeCount && s.model.nodes.frozen[s.next[b]!] === 0; more--) b = s.next[b]!;
    const p = placeFor(s, near, random, n);
    if (p < 0) return false;
    for (let x = n; ; x = s.next[x]!) {
      if (x === p) return false;
      if (x === b) break;
    }
    return relocate(s, n, b, p, slack);
  }
  if (kind < 85) {
    const p = placeFor(s, near, random, n);
    if (p < 0) return false;
    const m = s.next[p]!;
    if (m >= nodeCount || m === n || s.model.nodes.frozen[m] === 1 || p === n) return false;
    if (s.next[n] === m) return relocate(s, n, n, m, slack);
    if (s.next[m] === n) return relocate(s, m, m, n, slack);
    return swap(s, n, m, slack);
  }
  const p = placeFor(s, near, random, n);
  if (p < 0 || s.shiftOf[p] === s.shiftOf[n]) return false;
  return swapTails(s, s.prev[n]!, p, slack);
}

/** A node behind which n could come. */
function placeFor(s: Schedule, near: Neighbours, random: Random, n: number): number {
  const { nodeCount, shiftCount } = s.model;
  const r = random.below(100);
  if (r < 48) {
    const count = near.beforeCount[n]!;
    if (count === 0) return -1;
    const m = near.before[n * near.size + random.below(count)]!;
    return s.shiftOf[m]! < 0 ? -1 : m;
  }
  if (r < 96) {
    const count = near.afterCount[n]!;
    if (count === 0) return -1;
    const m = near.after[n * near.size + random.below(count)]!;
    if (s.shiftOf[m]! < 0) return -1;
    const p = s.prev[m]!;
    return p === n ? -1 : p;
  }
  const h = random.below(shiftCount);
  const end = nodeCount + h;
  return r < 98 ? end : s.prev[end] === n ? -1 : s.prev[end]!;
}

export { insertBest, takeOut, Random };
