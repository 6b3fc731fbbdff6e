import type {
  PlanningCaregiver,
  PlanningProblem,
  PlanningShift,
  PlanningSynchronization,
  PlanningVisit,
} from '../../src/visits/planning/problem.js';

/** What a made-up problem has of everything. */
export interface ProblemSize {
  visits: number;
  caregivers: number;
  /** The chance that a visit needs two caregivers, that it has a hard end, closed spans, a group; from 0 to 1. */
  two: number;
  hard: number;
  closed: number;
  grouped: number;
  /** The chance that a shift ends, has a break, or is one of two. */
  ends: number;
  breaks: number;
  split: number;
  promised: number;
  begun: number;
}

export const tiny: ProblemSize = {
  visits: 4,
  caregivers: 2,
  two: 0.3,
  hard: 0.4,
  closed: 0.2,
  grouped: 0.2,
  ends: 0.7,
  breaks: 0.4,
  split: 0.15,
  promised: 0,
  begun: 0,
};

export const full: ProblemSize = {
  ...tiny,
  visits: 24,
  caregivers: 6,
  split: 0.3,
  promised: 0.4,
  begun: 0.08,
};

/** A stream of numbers from 0 to below 1 that a seed decides. */
export function draws(seed: number): () => number {
  let state = (seed + 1) * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A problem made up from a seed: places in a plane, so that ways obey the triangle inequality. */
export function madeUpProblem(seed: number, size: ProblemSize): PlanningProblem {
  const draw = draws(seed);
  const whole = (from: number, to: number) => from + Math.floor(draw() * (to - from + 1));
  const places = Array.from({ length: size.visits + 2 }, () => [whole(0, 40), whole(0, 40)] as const);
  const minutes = (speed: number) =>
    places.flatMap(([x, y]) => places.map(([u, w]) => Math.hypot(x - u, y - w) / speed));
  const caregivers = Array.from({ length: size.caregivers }, (_, i) => caregiver(i, size, draw, whole));
  return {
    placeCount: places.length,
    travel: [
      { mode: 'FAST', minutes: minutes(1) },
      { mode: 'SLOW', minutes: Float64Array.from(minutes(0.6)) },
    ],
    caregivers,
    visits: Array.from({ length: size.visits }, (_, i) => visit(i, size, caregivers, draw, whole)),
  };
}

type Whole = (from: number, to: number) => number;

function caregiver(index: number, size: ProblemSize, draw: () => number, whole: Whole): PlanningCaregiver {
  const start = whole(0, 60);
  const length = whole(150, 300);
  const split = draw() < size.split;
  const spans = split
    ? [
        [start, start + length / 2 - 10],
        [start + length / 2 + 10, start + length],
      ]
    : [[start, start + length]];
  return {
    id: `c${index}`,
    travel: draw() < 0.3 ? 1 : 0,
    shifts: spans.map(([from = 0, to = 0]): PlanningShift => {
      const middle = (from + to) / 2;
      const rest = { minutes: 20, fromMinute: middle - 30, toMinute: middle + whole(0, 30) };
      return {
        day: 0,
        startMinute: from,
        endMinute: split || draw() < size.ends ? to : null,
        startPlace: draw() < 0.8 ? 0 : null,
        endPlace: draw() < 0.8 ? whole(0, 1) : null,
        breaks: draw() < size.breaks ? [rest] : [],
      };
    }),
    longestDayMinutes: draw() < 0.3 ? whole(80, 220) : null,
    normalDayMinutes: draw() < 0.5 ? whole(40, 140) : null,
  };
}

function visit(
  index: number,
  size: ProblemSize,
  caregivers: readonly PlanningCaregiver[],
  draw: () => number,
  whole: Whole,
): PlanningVisit {
  const earliest = whole(0, 180);
  const latest = earliest + whole(0, 60);
  const two = draw() < size.two;
  const begun = draw() < size.begun && !two;
  const candidates = () =>
    caregivers
      .filter(() => draw() < 0.7)
      .map(({ id }) => ({ caregiverId: id, strangeness: whole(0, 2) / 2 }));
  const parts = Array.from({ length: two ? 2 : 1 }, (_, k) => ({
    service: `s${k}`,
    durationMinutes: whole(5, 40),
    preparationMinutes: draw() < 0.3 ? 5 : 0,
    bufferMinutes: draw() < 0.3 ? 10 : 0,
    candidates: candidates(),
  }));
  const first = caregivers[index % caregivers.length];
  const shift = first?.shifts[0];
  return {
    id: `${begun ? 'begun' : 'v'}${index}`,
    groupId: draw() < size.grouped ? `g${whole(0, size.visits / 4)}` : null,
    place: index + 2,
    earliestMinute: earliest,
    latestMinute: latest,
    latestHardMinute: draw() < size.hard ? latest + whole(0, 40) : null,
    closed: draw() < size.closed ? [{ fromMinute: earliest + 10, toMinute: earliest + whole(15, 50) }] : [],
    parts,
    synchronization: two ? synchronization(draw, whole) : null,
    promised:
      draw() < size.promised
        ? {
            startMinute: whole(earliest, latest),
            caregiverIds: parts.map(() => promisedTo(draw, caregivers)),
          }
        : null,
    begun:
      begun && first && shift
        ? { caregiverIds: [first.id], startMinutes: [shift.startMinute + whole(0, 30)] }
        : null,
    importance: whole(1, 3),
  };
}

function promisedTo(draw: () => number, caregivers: readonly PlanningCaregiver[]): string | null {
  return draw() < 0.5 ? (caregivers[Math.floor(draw() * caregivers.length)]?.id ?? null) : null;
}

function synchronization(draw: () => number, whole: Whole): PlanningSynchronization {
  if (draw() < 0.5) return { kind: 'SIMULTANEOUS' };
  const minMinutes = whole(0, 30);
  return { kind: 'SEQUENTIAL', minMinutes, maxMinutes: minMinutes + whole(0, 30) };
}
