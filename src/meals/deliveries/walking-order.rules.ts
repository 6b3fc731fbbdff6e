/** A place on the earth in millionths of a degree. */
interface Place {
  latitudeMicro: number;
  longitudeMicro: number;
}

/** Up to so many stops the shortest way is found; beyond, one that no turned-round stretch makes shorter. */
export const exactStopsMax = 10;

/**
 * The order in which to walk to places that are all to be visited once, without coming back: indices of `stops`. From
 * `start`, or from whichever stop is best where nobody knows it. The same places give the same order.
 */
export function walkingOrder(start: Place | null, stops: readonly Place[]): number[] {
  const metres = distances(stops);
  const first = stops.map((stop) => (start ? metresBetween(start, stop) : 0));
  return stops.length <= exactStopsMax
    ? shortest(first, metres)
    : improved(nearestFirst(first, metres), first, metres);
}

/** How long a way is, in metres as the crow flies. */
export function lengthOf(start: Place | null, stops: readonly Place[], order: readonly number[]): number {
  return order.reduce((total, index, step) => {
    const stop = stops[index] as Place;
    const before = step === 0 ? start : (stops[order[step - 1] as number] as Place);
    return total + (before ? metresBetween(before, stop) : 0);
  }, 0);
}

const metresPerMicro = 0.111_195;

/** Over the few kilometres that somebody walks the earth is flat. */
function metresBetween(one: Place, other: Place): number {
  const north = (one.latitudeMicro - other.latitudeMicro) * metresPerMicro;
  const middle = ((one.latitudeMicro + other.latitudeMicro) / 2_000_000) * (Math.PI / 180);
  const east = (one.longitudeMicro - other.longitudeMicro) * metresPerMicro * Math.cos(middle);
  return Math.hypot(north, east);
}

function distances(stops: readonly Place[]): number[][] {
  return stops.map((one) => stops.map((other) => metresBetween(one, other)));
}

/** Held and Karp: the best way through each set of stops that ends at each of them, from the smallest sets up. */
function shortest(first: readonly number[], metres: readonly (readonly number[])[]): number[] {
  const count = first.length;
  if (count === 0) return [];
  const size = 1 << count;
  const best = Array.from({ length: size }, () => new Array<number>(count).fill(Number.POSITIVE_INFINITY));
  const before = Array.from({ length: size }, () => new Array<number>(count).fill(-1));
  for (let end = 0; end < count; end++) at(best, 1 << end)[end] = first[end] as number;
  for (let set = 1; set < size; set++) {
    for (let end = 0; end < count; end++) {
      if (!(set & (1 << end))) continue;
      for (let next = 0; next < count; next++) {
        if (set & (1 << next)) continue;
        const grown = set | (1 << next);
        const length = (at(best, set)[end] as number) + (at(metres, end)[next] as number);
        if (length < (at(best, grown)[next] as number)) {
          at(best, grown)[next] = length;
          at(before, grown)[next] = end;
        }
      }
    }
  }
  return walkedBack(best, before, count);
}

function walkedBack(best: number[][], before: number[][], count: number): number[] {
  const order: number[] = [];
  let set = (1 << count) - 1;
  const ends = at(best, set);
  let end = ends.indexOf(Math.min(...ends));
  while (end !== -1) {
    order.unshift(end);
    const previous = at(before, set)[end] as number;
    set &= ~(1 << end);
    end = previous;
  }
  return order;
}

function nearestFirst(first: readonly number[], metres: readonly (readonly number[])[]): number[] {
  const left = new Set(first.keys());
  const order: number[] = [];
  let from = first;
  while (left.size > 0) {
    const next = [...left].reduce((one, other) =>
      (from[other] as number) < (from[one] as number) ? other : one,
    );
    order.push(next);
    left.delete(next);
    from = at(metres, next);
  }
  return order;
}

/** Two metres are nobody's detour, and the search ends. */
const gainMetresMin = 2;

/** Turns a stretch of the way round wherever that makes it shorter, until nothing does. */
function improved(
  order: number[],
  first: readonly number[],
  metres: readonly (readonly number[])[],
): number[] {
  const between = (from: number | undefined, to: number | undefined) => {
    if (to === undefined) return 0;
    return (from === undefined ? first[to] : at(metres, from)[to]) as number;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < order.length - 1; i++) {
      for (let j = i + 1; j < order.length; j++) {
        const kept = between(order[i - 1], order[i]) + between(order[j], order[j + 1]);
        const turned = between(order[i - 1], order[j]) + between(order[i], order[j + 1]);
        if (turned + gainMetresMin >= kept) continue;
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).reverse());
        changed = true;
      }
    }
  }
  return order;
}

function at<Row>(rows: readonly Row[], index: number): Row {
  return rows[index] as Row;
}
