import type {
  PlanningCaregiver,
  PlanningProblem,
  PlanningShift,
  PlanningVisit,
} from '../../src/visits/planning/problem.js';
import type { PlanningWeights } from '../../src/visits/planning/weights.js';

interface OracleShift {
  caregiver: PlanningCaregiver;
  shift: PlanningShift;
}

interface OracleNode {
  visit: PlanningVisit;
  part: number;
}

/** Later than this nobody is anywhere: two visits wait for each other. */
const never = 1e5;

/**
 * The cost of the best plan of a tiny problem: all routes are tried, part by part, and those given up that already cost
 * as much as the best. It counts on ways that obey the triangle inequality, and knows neither promised starts nor
 * unevenness, nor visits that have begun. Breaks are tried at every place.
 */
export function bestCost(problem: PlanningProblem, weights: PlanningWeights): number {
  const shifts = problem.caregivers.flatMap((caregiver) =>
    caregiver.shifts.map((shift) => ({ caregiver, shift })),
  );
  const routes: OracleNode[][] = shifts.map(() => []);
  let best = Number.POSITIVE_INFINITY;
  const orders = groupOrders(problem);

  const place = (index: number, part: number, leftOut: number): void => {
    const visit = problem.visits[index];
    const cost = leftOut + costOf(problem, weights, shifts, routes, orders);
    if (cost >= best - 1e-9) return;
    if (!visit) {
      best = cost;
      return;
    }
    const node = { visit, part };
    const last = part === visit.parts.length - 1;
    for (const [h, route] of routes.entries()) {
      if (!mayServe(shifts, routes, h, node)) continue;
      for (let at = 0; at <= route.length; at++) {
        route.splice(at, 0, node);
        place(last ? index + 1 : index, last ? 0 : part + 1, leftOut);
        route.splice(at, 1);
      }
    }
    if (part === 0) place(index + 1, 0, leftOut + weights.leftOut * (visit.importance ?? 1));
  };
  place(0, 0, 0);
  return best;
}

function mayServe(
  shifts: OracleShift[],
  routes: OracleNode[][],
  h: number,
  { visit, part }: OracleNode,
): boolean {
  const id = shifts[h]?.caregiver.id;
  if (!visit.parts[part]?.candidates.some(({ caregiverId }) => caregiverId === id)) return false;
  return !routes.some(
    (route, g) => shifts[g]?.caregiver.id === id && route.some((node) => node.visit === visit),
  );
}

/** Every order in which the visits of the groups can follow each other: for each pair of one group which is first. */
function groupOrders({ visits }: PlanningProblem): [PlanningVisit, PlanningVisit][][] {
  let orders: [PlanningVisit, PlanningVisit][][] = [[]];
  for (const [i, one] of visits.entries()) {
    for (const other of visits.slice(i + 1)) {
      if (one.groupId === null || one.groupId !== other.groupId) continue;
      orders = orders.flatMap((order) => [
        [...order, [one, other] as [PlanningVisit, PlanningVisit]],
        [...order, [other, one] as [PlanningVisit, PlanningVisit]],
      ]);
    }
  }
  return orders;
}

function costOf(
  problem: PlanningProblem,
  weights: PlanningWeights,
  shifts: OracleShift[],
  routes: OracleNode[][],
  orders: [PlanningVisit, PlanningVisit][][],
): number {
  const fixed = fixedCost(problem, weights, shifts, routes);
  if (fixed === Number.POSITIVE_INFINITY) return fixed;
  let best = Number.POSITIVE_INFINITY;
  for (const order of orders) {
    for (const breaks of breakPlaces(shifts, routes)) {
      const late = latenessOf(problem, shifts, routes, order, breaks);
      if (late) best = Math.min(best, weights.lateness * late.sum + weights.worstLateness * late.worst);
    }
  }
  return fixed + best;
}

function way(
  problem: PlanningProblem,
  { caregiver }: OracleShift,
  from: number | null,
  to: number | null,
): number {
  if (from === null || to === null) return 0;
  return problem.travel[caregiver.travel]?.minutes[from * problem.placeCount + to] ?? Number.NaN;
}

function fixedCost(
  problem: PlanningProblem,
  weights: PlanningWeights,
  shifts: OracleShift[],
  routes: OracleNode[][],
): number {
  let cost = 0;
  const days = new Map<string, number>();
  for (const [h, route] of routes.entries()) {
    const shift = shifts[h];
    if (!shift) continue;
    let travel = 0;
    let served = 0;
    let place = shift.shift.startPlace;
    for (const { visit, part } of route) {
      travel += way(problem, shift, place, visit.place);
      place = visit.place;
      const does = visit.parts[part];
      served += (does?.preparationMinutes ?? 0) + (does?.durationMinutes ?? 0) + (does?.bufferMinutes ?? 0);
      const id = shift.caregiver.id;
      cost +=
        weights.stranger * (does?.candidates.find(({ caregiverId }) => caregiverId === id)?.strangeness ?? 0);
      const told = visit.promised?.caregiverIds[part] ?? null;
      if (told !== null && told !== id) cost += weights.changedCaregiver;
    }
    if (route.length > 0) travel += way(problem, shift, place, shift.shift.endPlace);
    cost += weights.travel * travel;
    const key = `${shift.caregiver.id} ${shift.shift.day}`;
    days.set(key, (days.get(key) ?? 0) + travel + served);
  }
  for (const [key, minutes] of days) {
    const caregiver = shifts.find((each) => `${each.caregiver.id} ${each.shift.day}` === key)?.caregiver;
    if (minutes > (caregiver?.longestDayMinutes ?? Number.POSITIVE_INFINITY) + 1e-9)
      return Number.POSITIVE_INFINITY;
    cost +=
      weights.overtime * Math.max(0, minutes - (caregiver?.normalDayMinutes ?? Number.POSITIVE_INFINITY));
  }
  return cost;
}

/** Where the one break of each shift lies: before which stop, the way home included, and before or after the way there. */
interface BreakPlace {
  before: number;
  onArrival: boolean;
}

function breakPlaces(shifts: OracleShift[], routes: OracleNode[][]): (BreakPlace | null)[][] {
  let all: (BreakPlace | null)[][] = [[]];
  for (const [h, { shift }] of shifts.entries()) {
    const length = routes[h]?.length ?? 0;
    const own: (BreakPlace | null)[] = [null];
    if (shift.breaks.length > 1) throw new Error('The oracle knows one break a shift.');
    if (shift.breaks.length === 1 && length > 0) {
      for (let before = 0; before <= length; before++) {
        own.push({ before, onArrival: false }, { before, onArrival: true });
      }
    }
    all = all.flatMap((places) => own.map((place) => [...places, place]));
  }
  return all;
}

/** The least starts that all bounds allow, found by raising them until none is broken; null when there are none. */
function latenessOf(
  problem: PlanningProblem,
  shifts: OracleShift[],
  routes: OracleNode[][],
  order: [PlanningVisit, PlanningVisit][],
  breaks: (BreakPlace | null)[],
): { sum: number; worst: number } | null {
  const planned = problem.visits.filter((visit) =>
    routes.some((route) => route.some((node) => node.visit === visit)),
  );
  const starts = new Map(planned.map((visit) => [visit, visit.parts.map(() => visit.earliestMinute)]));
  let raised = true;
  const raise = (visit: PlanningVisit, part: number, to: number) => {
    const own = starts.get(visit);
    if (!own || (own[part] ?? 0) >= to - 1e-9) return;
    own[part] = to;
    raised = true;
  };
  while (raised) {
    raised = false;
    for (const [h, route] of routes.entries()) {
      const shift = shifts[h];
      if (shift && !raiseAlong(problem, shift, route, breaks[h] ?? null, starts, raise)) return null;
    }
    for (const visit of planned) raiseWithin(visit, starts.get(visit) ?? [], raise);
    for (const [one, other] of order) {
      const own = starts.get(one);
      if (!own || !starts.has(other)) continue;
      const end = Math.max(...own.map((start, k) => start + (one.parts[k]?.durationMinutes ?? 0)));
      for (const k of other.parts.keys()) raise(other, k, end);
    }
    for (const [visit, own] of starts) {
      if (own.some((start) => start > Math.min(never, visit.latestHardMinute ?? never) + 1e-9)) return null;
    }
  }
  let sum = 0;
  let worst = 0;
  for (const [visit, own] of starts) {
    for (const start of own) {
      sum += Math.max(0, start - visit.latestMinute);
      worst = Math.max(worst, start - visit.latestMinute);
    }
  }
  return { sum, worst };
}

type Raise = (visit: PlanningVisit, part: number, to: number) => void;

function raiseWithin(visit: PlanningVisit, own: number[], raise: Raise): void {
  const { synchronization } = visit;
  const [one = 0, two = 0] = own;
  if (synchronization) {
    const sequential = synchronization.kind === 'SEQUENTIAL';
    raise(visit, 1, one + (sequential ? synchronization.minMinutes : 0));
    raise(visit, 0, two - (sequential ? synchronization.maxMinutes : 0));
  }
  for (const [k, start] of own.entries()) {
    const end = start + (visit.parts[k]?.durationMinutes ?? 0);
    for (const { fromMinute, toMinute } of visit.closed ?? []) {
      if (start < toMinute && end > fromMinute) raise(visit, k, toMinute);
    }
  }
}

/** False when the shift's end or its break does not hold. */
function raiseAlong(
  problem: PlanningProblem,
  on: OracleShift,
  route: OracleNode[],
  at: BreakPlace | null,
  starts: Map<PlanningVisit, number[]>,
  raise: Raise,
): boolean {
  if (route.length === 0) return true;
  const { shift } = on;
  const [rest] = shift.breaks;
  let free = shift.startMinute;
  let place = shift.startPlace;
  let held = true;
  for (let i = 0; i <= route.length; i++) {
    const node = route[i];
    const to = node ? node.visit.place : shift.endPlace;
    if (rest && at?.before === i && !at.onArrival) free = Math.max(free, rest.fromMinute) + rest.minutes;
    if (rest && at?.before === i && !at.onArrival && free > rest.toMinute + 1e-9) held = false;
    free += way(problem, on, place, to);
    if (rest && at?.before === i && at.onArrival) free = Math.max(free, rest.fromMinute) + rest.minutes;
    if (rest && at?.before === i && at.onArrival && free > rest.toMinute + 1e-9) held = false;
    place = to;
    if (!node) break;
    const part = node.visit.parts[node.part];
    raise(node.visit, node.part, free + (part?.preparationMinutes ?? 0));
    const start = starts.get(node.visit)?.[node.part] ?? Number.NaN;
    free = start + (part?.durationMinutes ?? 0) + (part?.bufferMinutes ?? 0);
  }
  // Starts only rise: what does not hold now never will.
  if (free > (shift.endMinute ?? Number.POSITIVE_INFINITY) + 1e-9) return false;
  return held && (!rest || at !== null || free <= rest.toMinute - rest.minutes + 1e-9);
}
