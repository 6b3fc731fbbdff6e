import type { Plan, PlannedRoute, PlannedStop } from '../../src/visits/planning/plan.js';
import type { PlanningCaregiver, PlanningProblem, PlanningVisit } from '../../src/visits/planning/problem.js';

/** Times are sums of fractions: two that differ by less are the same. */
export const tolerance = 1e-6;

/** Every bound of the problem that the plan breaks, in words; none when it is valid. It shares no code with the search. */
export function faultsOfPlan(problem: PlanningProblem, plan: Plan): string[] {
  return [
    ...presence(problem, plan),
    ...plan.routes.flatMap((route) => routeFaults(problem, plan, route)),
    ...problem.visits.flatMap((visit) => visitFaults(plan, visit)),
    ...groupFaults(problem, plan),
    ...dayFaults(problem, plan),
  ];
}

function presence(problem: PlanningProblem, plan: Plan): string[] {
  const named = [...plan.visits, ...plan.leftOut].map(({ visitId }) => visitId);
  const wrong = problem.visits.filter(({ id }) => named.filter((name) => name === id).length !== 1);
  const stops = plan.routes.flatMap(({ stops }) => stops).filter((stop) => stop.kind === 'VISIT');
  const parts = plan.visits.reduce((sum, { parts }) => sum + parts.length, 0);
  const faults = wrong.map(({ id }) => `${id} is not exactly once planned or left out`);
  if (named.length !== problem.visits.length) faults.push('there are other visits than those of the problem');
  if (stops.length !== parts) faults.push(`${stops.length} stops for ${parts} parts`);
  for (const { visitId, code } of plan.leftOut) {
    const visit = problem.visits.find(({ id }) => id === visitId);
    if (visit?.begun) faults.push(`${visitId} has begun and is left out for ${code}`);
  }
  return faults;
}

function caregiverOf(problem: PlanningProblem, id: string): PlanningCaregiver {
  const found = problem.caregivers.find((caregiver) => caregiver.id === id);
  if (!found) throw new Error(`${id} is no caregiver of the problem`);
  return found;
}

function minutesBetween(
  problem: PlanningProblem,
  caregiver: PlanningCaregiver,
  from: number | null,
  to: number | null,
) {
  if (from === null || to === null) return 0;
  return problem.travel[caregiver.travel]?.minutes[from * problem.placeCount + to] ?? Number.NaN;
}

/** One stop of a route with all that the problem says of it; the last is the way home. */
interface Stop {
  place: number | null;
  begun: boolean;
  /** When the caregiver must be there, and when free again. */
  from: number;
  until: number;
  breaks: { startMinute: number; endMinute: number }[];
  name: string;
}

function stopsOf(problem: PlanningProblem, route: PlannedRoute): Stop[] {
  const shift = caregiverOf(problem, route.caregiverId).shifts[route.shift];
  if (!shift) throw new Error(`${route.caregiverId} has no shift ${route.shift}`);
  const stops: Stop[] = [];
  let breaks: PlannedStop[] = [];
  for (const stop of route.stops) {
    if (stop.kind === 'BREAK') breaks.push(stop);
    else {
      const visit = problem.visits.find(({ id }) => id === stop.visitId);
      const part = visit?.parts[stop.part];
      if (!visit || !part) throw new Error(`${stop.visitId} has no part ${stop.part}`);
      stops.push({
        place: visit.place,
        begun: visit.begun !== null,
        from: stop.startMinute - (part.preparationMinutes ?? 0),
        until: stop.startMinute + part.durationMinutes + (part.bufferMinutes ?? 0),
        breaks,
        name: `${stop.visitId}/${stop.part}`,
      });
      breaks = [];
    }
  }
  const home = { place: shift.endPlace, begun: false, from: route.backMinute, until: route.backMinute };
  stops.push({ ...home, breaks, name: 'home' });
  return stops;
}

function routeFaults(problem: PlanningProblem, plan: Plan, route: PlannedRoute): string[] {
  const caregiver = caregiverOf(problem, route.caregiverId);
  const shift = caregiver.shifts[route.shift];
  const name = `${route.caregiverId}#${route.shift}`;
  if (!shift) return [`${name} is no shift`];
  const faults: string[] = [];
  let free = shift.startMinute;
  let place = shift.startPlace;
  let travel = 0;
  const stops = stopsOf(problem, route);
  for (const stop of stops) {
    const way = minutesBetween(problem, caregiver, place, stop.place);
    if (!stop.begun && !canBeThere(free, way, stop)) faults.push(`${name} is late at ${stop.name}`);
    travel += way;
    free = stop.until;
    place = stop.place;
  }
  const onlyBegun = stops.slice(0, -1).every(({ begun }) => begun);
  if (shift.endMinute !== null && !onlyBegun && route.backMinute > shift.endMinute + tolerance) {
    faults.push(`${name} is back at ${route.backMinute}, after ${shift.endMinute}`);
  }
  if (Math.abs(travel - route.travelMinutes) > tolerance) faults.push(`${name} travels ${travel} minutes`);
  return [
    ...faults,
    ...breakFaults(problem, shift, route, name, onlyBegun),
    ...stopFaults(plan, route, name),
  ];
}

/** Whether way and breaks fit between two stops: some breaks before the way, the others on arrival. */
function canBeThere(free: number, way: number, stop: Stop): boolean {
  for (let before = 0; before <= stop.breaks.length; before++) {
    let at = free;
    let holds = true;
    for (const [index, { startMinute, endMinute }] of stop.breaks.entries()) {
      if (index === before) at += way;
      if (startMinute < at - tolerance) holds = false;
      at = endMinute;
    }
    if (before === stop.breaks.length) at += way;
    if (holds && at <= stop.from + tolerance) return true;
  }
  return false;
}

/** Each break is taken within its span, or the caregiver is back before it is due. */
function breakFaults(
  problem: PlanningProblem,
  shift: PlanningCaregiver['shifts'][number],
  route: PlannedRoute,
  name: string,
  onlyBegun: boolean,
): string[] {
  const taken = route.stops.filter((stop) => stop.kind === 'BREAK');
  const faults: string[] = [];
  const firstOwn = route.stops.findIndex((stop) => stop.kind === 'VISIT');
  if (firstOwn < 0) faults.push(`${name} has breaks and no visit`);
  for (const { minutes, fromMinute, toMinute } of shift.breaks) {
    const at = taken.findIndex(
      ({ startMinute, endMinute }) =>
        startMinute >= fromMinute - tolerance &&
        endMinute <= toMinute + tolerance &&
        Math.abs(endMinute - startMinute - minutes) <= tolerance,
    );
    if (at >= 0) taken.splice(at, 1);
    else if (
      !onlyBegun &&
      route.backMinute > toMinute - minutes + tolerance &&
      !hasBegun(problem, route, toMinute - minutes)
    ) {
      faults.push(`${name} has no break between ${fromMinute} and ${toMinute}`);
    }
  }
  return [...faults, ...taken.map(({ startMinute }) => `${name} has a break too many at ${startMinute}`)];
}

/** A break that could not begin any more after a visit which has begun is past, whether or not anybody noted it. */
function hasBegun(problem: PlanningProblem, route: PlannedRoute, minute: number): boolean {
  return stopsOf(problem, route).some(({ begun, until }) => begun && until > minute);
}

/** The route and the visits tell the same. */
function stopFaults(plan: Plan, route: PlannedRoute, name: string): string[] {
  return route.stops.flatMap((stop) => {
    if (stop.kind === 'BREAK') return [];
    const part = plan.visits.find(({ visitId }) => visitId === stop.visitId)?.parts[stop.part];
    const same =
      part?.caregiverId === route.caregiverId &&
      part.shift === route.shift &&
      part.startMinute === stop.startMinute &&
      part.endMinute === stop.endMinute &&
      part.arrivalMinute <= stop.startMinute + tolerance;
    return same ? [] : [`${name} and visit ${stop.visitId} tell different things`];
  });
}

function visitFaults(plan: Plan, visit: PlanningVisit): string[] {
  const planned = plan.visits.find(({ visitId }) => visitId === visit.id);
  if (!planned) return [];
  const starts = planned.parts.map(({ startMinute }) => startMinute);
  const ids = planned.parts.map(({ caregiverId }) => caregiverId);
  const { begun, id } = visit;
  if (begun) {
    const same =
      begun.startMinutes.every((start, k) => start === starts[k]) &&
      begun.caregiverIds.every((c, k) => c === ids[k]);
    return same ? [] : [`${id} has begun and was changed`];
  }
  const faults: string[] = [];
  if (planned.parts.length !== visit.parts.length) faults.push(`${id} has ${planned.parts.length} parts`);
  if (new Set(ids).size !== ids.length) faults.push(`${id} has one caregiver twice`);
  for (const [k, part] of visit.parts.entries()) {
    const start = starts[k] ?? Number.NaN;
    const end = start + part.durationMinutes;
    if (!part.candidates.some(({ caregiverId }) => caregiverId === ids[k]))
      faults.push(`${id}: ${ids[k]} may not`);
    if (!(start >= visit.earliestMinute - tolerance)) faults.push(`${id} starts too early`);
    if (start > (visit.latestHardMinute ?? Number.POSITIVE_INFINITY) + tolerance)
      faults.push(`${id} starts too late`);
    for (const { fromMinute, toMinute } of visit.closed ?? []) {
      if (start < toMinute - tolerance && end > fromMinute + tolerance)
        faults.push(`${id} is in a closed span`);
    }
    if (Math.abs((planned.parts[k]?.endMinute ?? 0) - end) > tolerance)
      faults.push(`${id} has another length`);
  }
  const { synchronization } = visit;
  if (!synchronization) return faults;
  const gap = (starts[1] ?? Number.NaN) - (starts[0] ?? Number.NaN);
  const [least, most] =
    synchronization.kind === 'SIMULTANEOUS'
      ? [0, 0]
      : [synchronization.minMinutes, synchronization.maxMinutes];
  if (!(gap >= least - tolerance && gap <= most + tolerance))
    faults.push(`${id} has ${gap} minutes between its parts`);
  return faults;
}

/** No two visits of a group overlap. */
function groupFaults(problem: PlanningProblem, plan: Plan): string[] {
  const spans = plan.visits.map(({ visitId, parts }) => ({
    visitId,
    begun: problem.visits.some(({ id, begun }) => id === visitId && begun),
    group: problem.visits.find(({ id }) => id === visitId)?.groupId ?? null,
    from: Math.min(...parts.map(({ startMinute }) => startMinute)),
    until: Math.max(...parts.map(({ endMinute }) => endMinute)),
  }));
  return spans.flatMap((one, i) =>
    spans
      .slice(i + 1)
      .filter((other) => one.group !== null && one.group === other.group && !(one.begun && other.begun))
      .filter((other) => one.from < other.until - tolerance && other.from < one.until - tolerance)
      .map((other) => `${one.visitId} and ${other.visitId} are one elder's and overlap`),
  );
}

/** Minutes of work of each day of each caregiver, as the plan's routes have them. */
export function workOfDays(
  problem: PlanningProblem,
  plan: Plan,
): { id: string; day: number; minutes: number }[] {
  return problem.caregivers.flatMap(({ id, shifts }) =>
    [...new Set(shifts.map(({ day }) => day))].map((day) => ({
      id,
      day,
      minutes: shifts.reduce((sum, shift, index) => {
        if (shift.day !== day) return sum;
        const route = plan.routes.find((each) => each.caregiverId === id && each.shift === index);
        const served = route
          ? stopsOf(problem, route).reduce((all, stop) => all + stop.until - stop.from, 0)
          : 0;
        return sum + (shift.workedMinutes ?? 0) + served + (route?.travelMinutes ?? 0);
      }, 0),
    })),
  );
}

/** What has begun may have made a day too long already; then nothing may be added to it. */
function dayFaults(problem: PlanningProblem, plan: Plan): string[] {
  const begun = new Set(problem.visits.filter((visit) => visit.begun).map(({ id }) => id));
  const addsTo = (id: string, day: number) =>
    plan.routes.some(
      ({ caregiverId, shift, stops }) =>
        caregiverId === id &&
        caregiverOf(problem, id).shifts[shift]?.day === day &&
        stops.some((stop) => stop.kind === 'VISIT' && !begun.has(stop.visitId)),
    );
  return workOfDays(problem, plan)
    .filter(
      ({ id, minutes }) => minutes > (caregiverOf(problem, id).longestDayMinutes ?? Infinity) + tolerance,
    )
    .filter(({ id, day }) => addsTo(id, day))
    .map(({ id, minutes }) => `${id} works ${minutes} minutes in a day`);
}
