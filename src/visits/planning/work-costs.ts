import type { Model } from './model.js';
import type { Schedule } from './schedule.js';

/**
 * What the move under way adds for overtime and unevenness, weighted; Infinity when a day becomes longer than the
 * longest, and longer than it was.
 */
export function workChange(schedule: Schedule): number {
  const { model, touchedDays, dayDelta, dayWork } = schedule;
  const { normal, longest } = model.days;
  let overtime = 0;
  for (let i = 0; i < schedule.touchedDayCount; i++) {
    const day = touchedDays[i]!;
    const before = dayWork[day]!;
    const after = before + dayDelta[day]!;
    if (after > longest[day]! && after > before) return Number.POSITIVE_INFINITY;
    overtime += Math.max(0, after - normal[day]!) - Math.max(0, before - normal[day]!);
  }
  const change = model.weights.unevenness > 0 ? model.weights.unevenness * unevennessChange(schedule) : 0;
  return model.weights.overtime * overtime + change;
}

/** The sum of work²/capacity over the caregivers, less what it would be if all worked in proportion. */
function unevennessChange(schedule: Schedule): number {
  const { model, touchedDays, dayDelta, caregiverWork } = schedule;
  let squares = 0;
  let minutes = 0;
  for (let i = 0; i < schedule.touchedDayCount; i++) {
    const caregiver = model.days.caregiver[touchedDays[i]!]!;
    let before = caregiverWork[caregiver]!;
    // A caregiver of whom two days are touched has the first one added when the second one is looked at.
    for (let j = 0; j < i; j++) {
      if (model.days.caregiver[touchedDays[j]!] === caregiver) before += dayDelta[touchedDays[j]!]!;
    }
    const after = before + dayDelta[touchedDays[i]!]!;
    squares += (after * after - before * before) / model.capacity[caregiver]!;
    minutes += dayDelta[touchedDays[i]!]!;
  }
  const { allWork } = schedule;
  return squares - ((allWork + minutes) ** 2 - allWork ** 2) / model.allCapacity;
}

/** What overtime and unevenness come to as a whole, worked out from the routes. */
export function workCosts(schedule: Schedule): { overtimeMinutes: number; unevennessMinutes: number } {
  const { model } = schedule;
  const dayWork = model.days.worked.slice();
  const caregiverWork = model.worked.slice();
  for (let h = 0; h < model.shiftCount; h++) {
    const minutes = workOf(schedule, h);
    const day = model.shifts.day[h]!;
    const caregiver = model.shifts.caregiver[h]!;
    dayWork[day] = dayWork[day]! + minutes;
    caregiverWork[caregiver] = caregiverWork[caregiver]! + minutes;
  }
  let overtimeMinutes = 0;
  for (const [day, minutes] of dayWork.entries()) {
    overtimeMinutes += Math.max(0, minutes - model.days.normal[day]!);
  }
  return { overtimeMinutes, unevennessMinutes: unevennessOf(model, caregiverWork) };
}

/** Minutes on the way and with elders, preparation and buffers included. */
function workOf(schedule: Schedule, h: number): number {
  const { nodeCount, nodes } = schedule.model;
  let minutes = 0;
  let n = nodeCount + h;
  do {
    const after = schedule.next[n]!;
    minutes += schedule.travel(n, after, h) + nodes.preparation[n]! + nodes.busy[n]!;
    n = after;
  } while (n < nodeCount);
  return minutes;
}

function unevennessOf(model: Model, caregiverWork: Float64Array): number {
  if (model.allCapacity <= 0) return 0;
  let squares = 0;
  let minutes = 0;
  for (const [caregiver, work] of caregiverWork.entries()) {
    if (model.capacity[caregiver]! <= 0) continue;
    squares += work ** 2 / model.capacity[caregiver]!;
    minutes += work;
  }
  return squares - minutes ** 2 / model.allCapacity;
}
