import { insertBest } from './insert.js';
import type { Model } from './model.js';
import { Schedule } from './schedule.js';
import { countTimes } from './settle.js';
import { workCosts } from './work-costs.js';

/** The schedule in which only what has begun is planned. */
export function emptySchedule(model: Model): Schedule {
  const schedule = new Schedule(model);
  for (let v = 0; v < model.visitCount; v++) schedule.fixedCost += model.visits.leftOut[v]!;
  schedule.groups.push(...groupOrders(model));
  placeBegun(schedule);
  const { overtimeMinutes, unevennessMinutes } = workCosts(schedule);
  schedule.workCost = model.weights.overtime * overtimeMinutes + model.weights.unevenness * unevennessMinutes;
  return schedule;
}

/** Plans each visit where it costs least, those first that must start first. */
export function insertAll(schedule: Schedule): void {
  const { latest, hard } = schedule.model.visits;
  const lastStart = (v: number) => Math.min(hard[v]!, latest[v]!);
  const visits = Array.from({ length: schedule.model.visitCount }, (_, v) => v);
  visits.sort((one, other) => lastStart(one) - lastStart(other) || one - other);
  for (const v of visits) {
    if (schedule.shiftOf[2 * v]! < 0) insertBest(schedule, v, 0, () => false);
  }
}

/** What has begun stands first in its group, and then what is wanted earlier. */
function groupOrders({ problem, visits }: Model): Int32Array[] {
  const orders: number[][] = Array.from({ length: visits.groupCount }, () => []);
  for (const [v, group] of visits.group.entries()) if (group >= 0) orders[group]!.push(v);
  const wanted = (v: number) => {
    const { begun, earliestMinute, latestMinute } = problem.visits[v]!;
    return begun ? begun.startMinutes[0]! - 1e9 : earliestMinute + latestMinute;
  };
  return orders.map((order) => Int32Array.from(order.sort((one, other) => wanted(one) - wanted(other))));
}

function placeBegun(schedule: Schedule): void {
  const { problem } = schedule.model;
  const begun = problem.visits.flatMap(({ begun }, v) =>
    (begun?.caregiverIds ?? []).map((caregiverId, k) => ({
      n: 2 * v + k,
      caregiverId,
      start: begun!.startMinutes[k]!,
    })),
  );
  begun.sort((one, other) => one.start - other.start || one.n - other.n);
  for (const { n, caregiverId, start } of begun)
    appendBegun(schedule, n, shiftAt(schedule.model, caregiverId, start), start);
  for (const [v, visit] of problem.visits.entries()) {
    if (!visit.begun) continue;
    countTimes(schedule, v);
    schedule.fixedCost -= schedule.model.visits.leftOut[v]!;
    schedule.leftOutCount--;
    schedule.timeTotal += schedule.timeCost[v]!;
    schedule.worst = Math.max(schedule.worst, schedule.late[v]!);
  }
}

/** The caregiver's last shift that had begun by then, or the first of all. */
function shiftAt({ problem, shifts }: Model, caregiverId: string, start: number): number {
  const own = [...shifts.caregiver.keys()].filter(
    (h) => problem.caregivers[shifts.caregiver[h]!]!.id === caregiverId,
  );
  own.sort((one, other) => shifts.start[one]! - shifts.start[other]!);
  return own.filter((h) => shifts.start[h]! <= start).at(-1) ?? own[0]!;
}

function appendBegun(schedule: Schedule, n: number, h: number, start: number): void {
  const { model, prev, next } = schedule;
  const { nodes, shifts } = model;
  const end = model.nodeCount + h;
  const before = prev[end]!;
  const travel = schedule.travel(before, n, h) + schedule.travel(n, end, h) - schedule.travel(before, end, h);
  next[before] = n;
  prev[n] = before;
  next[n] = end;
  prev[end] = n;
  schedule.shiftOf[n] = h;
  schedule.start[n] = start;
  schedule.finish[n] = start + nodes.busy[n]!;
  schedule.fixedCost += model.weights.travel * travel + model.service[n * model.shiftCount + h]!;
  // A break that cannot begin any more when the visit is over was taken before it, or falls away.
  let taken = 0;
  while (
    taken < shifts.breakCount[h]! &&
    shifts.breakLatest[shifts.firstBreak[h]! + taken]! < schedule.finish[n]!
  )
    taken++;
  schedule.breaks[n] = taken;
  const minutes = travel + nodes.preparation[n]! + nodes.busy[n]!;
  const day = shifts.day[h]!;
  const caregiver = shifts.caregiver[h]!;
  schedule.dayWork[day] = schedule.dayWork[day]! + minutes;
  schedule.caregiverWork[caregiver] = schedule.caregiverWork[caregiver]! + minutes;
  schedule.allWork += minutes;
}
