import type { Bringer, Errand, Opening, Times } from './free-times.rules.js';
import { openingsOf } from './free-times.rules.js';

/** A time at which a visit could be booked. */
export interface Slot extends Times {
  /** Caregivers who could come, of two also those who could only be the second. */
  caregivers: number;
}

export interface SlotQuestion {
  errand: Errand;
  bringers: readonly Bringer[];
  /** Starts over [from, to). */
  within: Times;
  /** Between the starts that are offered; starts are counted from midnight of China Standard Time. */
  rasterMinutes: number;
  /** When the elder cannot be visited, in order: visits of its own, and days away. */
  elderBusy: readonly Times[];
  /** Days on which the service cannot be had: no visit begins on one. None without it. */
  closed?: readonly Times[];
  slotsMax: number;
}

const dayMs = 86_400_000;
const offsetMs = 8 * 3_600_000;

/**
 * The first free times, in order. A day is looked at as a whole, and later days only as long as slots are missing, so that
 * the first slots of a fortnight cost what their own days cost.
 */
export function slotsOf(question: SlotQuestion): Slot[] {
  const { within, slotsMax } = question;
  const slots: Slot[] = [];
  for (let fromMs = within.fromMs; fromMs < within.toMs && slots.length < slotsMax; ) {
    const toMs = Math.min(within.toMs, nextMidnight(fromMs));
    slots.push(...slotsBetween(question, { fromMs, toMs }, slotsMax - slots.length));
    fromMs = toMs;
  }
  return slots;
}

/** The slots nearest to an instant, earlier ones and later ones, in order of start. */
export function nearestSlots(question: SlotQuestion, aroundMs: number, count: number): Slot[] {
  const { within } = question;
  const later = slotsOf({
    ...question,
    within: { fromMs: Math.max(within.fromMs, aroundMs), toMs: within.toMs },
    slotsMax: count,
  });
  const earlier: Slot[] = [];
  for (let toMs = Math.min(within.toMs, aroundMs); toMs > within.fromMs && earlier.length < count; ) {
    const fromMs = Math.max(within.fromMs, nextMidnight(toMs - 1) - dayMs);
    earlier.unshift(...slotsBetween(question, { fromMs, toMs }, Number.POSITIVE_INFINITY));
    toMs = fromMs;
  }
  const distance = (slot: Slot) => Math.abs(slot.fromMs - aroundMs);
  return [...earlier, ...later]
    .sort((one, other) => distance(one) - distance(other) || one.fromMs - other.fromMs)
    .slice(0, count)
    .sort((one, other) => one.fromMs - other.fromMs);
}

function nextMidnight(ms: number): number {
  return (Math.floor((ms + offsetMs) / dayMs) + 1) * dayMs - offsetMs;
}

function slotsBetween(
  { errand, bringers, rasterMinutes, elderBusy, closed = [] }: SlotQuestion,
  { fromMs, toMs }: Times,
  slotsMax: number,
): Slot[] {
  // What is asked about here lies within one day.
  if (closed.some((day) => day.fromMs <= fromMs && fromMs < day.toMs)) return [];
  const lastsMs = errand.minutes * 60_000;
  const within = { fromMs, toMs: toMs + lastsMs };
  const openings = bringers
    .map((bringer) => openingsOf(bringer, errand, within))
    .filter((found) => found.length > 0);
  const slots: Slot[] = [];
  if (openings.length < errand.caregivers) return slots;
  const stepMs = rasterMinutes * 60_000;
  const firstMs = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs;
  for (let startMs = firstMs; startMs < toMs && slots.length < slotsMax; startMs += stepMs) {
    const endMs = startMs + lastsMs;
    if (elderBusy.some((busy) => busy.fromMs < endMs && startMs < busy.toMs)) continue;
    const caregivers = caregiversAt(openings, errand, startMs, endMs);
    if (caregivers > 0) slots.push({ fromMs: startMs, toMs: endMs, caregivers });
  }
  return slots;
}

/** How many could come; none when there are too few to bring the visit. */
function caregiversAt(
  openings: readonly (readonly Opening[])[],
  errand: Errand,
  startMs: number,
  endMs: number,
): number {
  const latestMs = startMs + (errand.caregivers === 1 ? 0 : errand.secondAfterMax * 60_000);
  let [firsts, all] = [0, 0];
  for (const each of openings) {
    let [isFirst, isAny] = [false, false];
    for (const { readyAtMs, doneByMs } of each) {
      if (doneByMs < endMs || readyAtMs > latestMs) continue;
      isAny = true;
      if (readyAtMs <= startMs) isFirst = true;
    }
    if (isFirst) firsts += 1;
    if (isAny) all += 1;
  }
  return firsts > 0 && all >= errand.caregivers ? all : 0;
}
