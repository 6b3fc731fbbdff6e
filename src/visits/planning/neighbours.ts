import { Likeliest } from './likeliest.js';
import type { Model } from './model.js';

/** How many nodes are tried before and behind a node. */
const neighboursMax = 24;
/** What a minute of waiting and a minute of lateness count beside a minute of travel. */
const waiting = 0.3;
const lateness = 1;

/** For each node those that could well come right before it, the likeliest first, and right after it. */
export interface Neighbours {
  readonly size: number;
  readonly before: Int32Array;
  readonly beforeCount: Int32Array;
  readonly after: Int32Array;
  readonly afterCount: Int32Array;
}

export function neighboursOf(model: Model): Neighbours {
  const { nodeCount } = model;
  const size = neighboursMax;
  const neighbours = {
    size,
    before: new Int32Array(nodeCount * size),
    beforeCount: new Int32Array(nodeCount),
    after: new Int32Array(nodeCount * size),
    afterCount: new Int32Array(nodeCount),
  };
  const nodes = Array.from({ length: nodeCount }, (_, n) => n).filter((n) => model.nodes.exists[n] === 1);
  const together = shareShift(model);
  const before = new Likeliest(size);
  const after = new Likeliest(size);
  for (const n of nodes) {
    before.clear();
    after.clear();
    for (const m of nodes) {
      if (m >> 1 === n >> 1 || !together(n, m)) continue;
      before.add(m, arcCost(model, m, n));
      after.add(m, arcCost(model, n, m));
    }
    neighbours.before.set(before.nodes, n * size);
    neighbours.beforeCount[n] = before.count;
    neighbours.after.set(after.nodes, n * size);
    neighbours.afterCount[n] = after.count;
  }
  return neighbours;
}

/** Whether some shift may serve both nodes. */
function shareShift(model: Model): (n: number, m: number) => boolean {
  const { shiftCount, service } = model;
  const words = Math.ceil(shiftCount / 32);
  const bits = new Int32Array(model.nodeCount * words);
  for (let n = 0; n < model.nodeCount; n++) {
    for (let h = 0; h < shiftCount; h++) {
      if (service[n * shiftCount + h] === Number.POSITIVE_INFINITY) continue;
      bits[n * words + (h >> 5)] = bits[n * words + (h >> 5)]! | (1 << (h & 31));
    }
  }
  return (n, m) => {
    for (let w = 0; w < words; w++) if ((bits[n * words + w]! & bits[m * words + w]!) !== 0) return true;
    return false;
  };
}

function arcCost(model: Model, n: number, m: number): number {
  const { nodes, visits, travel, width } = model;
  const way = travel[nodes.from[n]! * width + nodes.to[m]!]!;
  const between = nodes.busy[n]! + way + nodes.preparation[m]!;
  const wait = visits.earliest[m >> 1]! - visits.latest[n >> 1]! - between;
  const late = visits.earliest[n >> 1]! + between - visits.latest[m >> 1]!;
  return way + waiting * Math.max(0, wait) + lateness * Math.max(0, late);
}
