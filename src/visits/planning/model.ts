import { nodeArrays, visitArrays } from './model-arrays.js';
import type { PlanningProblem } from './problem.js';
import { serviceCosts } from './service-costs.js';
import { defaultWeights, type PlanningWeights } from './weights.js';

/**
 * The problem as flat arrays, which is what makes the search fast. Visit v has the nodes 2v and 2v + 1, the second one
 * only with two parts. Behind them stands one node for each shift: the route of a shift is a ring through its node,
 * which is both where it begins and where it ends. Place `nowhere` is at no distance from any other.
 */
export interface Model {
  readonly problem: PlanningProblem;
  readonly weights: PlanningWeights;
  readonly visitCount: number;
  /** Nodes of visits: twice the visits. The node of shift h is nodeCount + h. */
  readonly nodeCount: number;
  readonly shiftCount: number;
  readonly caregiverCount: number;
  readonly dayCount: number;
  readonly nodes: NodeArrays;
  readonly visits: VisitArrays;
  readonly shifts: ShiftArrays;
  /** All travel matrices in a row, with a row and a column of zeros for `nowhere`. */
  readonly travel: Float64Array;
  /** The mean way between two different places by the first way of travelling: the measure of what is much. */
  readonly meanWay: number;
  /** Places including `nowhere`, the last. */
  readonly width: number;
  /** What it counts, beside travel and time, that shift h serves node n: [n * shiftCount + h]; Infinity: it may not. */
  readonly service: Float64Array;
  /** The shifts that may serve each node. */
  readonly servedBy: readonly Int32Array[];
  /** Days of caregivers, for the longest day and overtime. */
  readonly days: DayArrays;
  /** Minutes of shift of each caregiver, the measure of an even share, and the minutes already worked. */
  readonly capacity: Float64Array;
  readonly worked: Float64Array;
  readonly allCapacity: number;
  /** Whether the minutes of work of a shift matter at all. */
  readonly countsWork: boolean;
  readonly hasGroups: boolean;
  readonly hasPromises: boolean;
  readonly hasBreaks: boolean;
}

export interface NodeArrays {
  /** Whether there is such a node. */
  readonly exists: Uint8Array;
  /** The place one leaves from and the place one comes to; they differ at the nodes of shifts alone. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly preparation: Float64Array;
  readonly duration: Float64Array;
  /** Duration and buffer. */
  readonly busy: Float64Array;
  /** 1 where the visit has begun: neither node nor instant changes. */
  readonly frozen: Uint8Array;
}

export interface VisitArrays {
  readonly parts: Uint8Array;
  readonly earliest: Float64Array;
  /** The earliest start that keeps the promise: nobody comes before the hour that the family was told. */
  readonly held: Float64Array;
  readonly latest: Float64Array;
  readonly hard: Float64Array;
  readonly gapMin: Float64Array;
  readonly gapMax: Float64Array;
  /** The promised start; NaN: none. */
  readonly promised: Float64Array;
  /** What leaving it out counts. */
  readonly leftOut: Float64Array;
  /** 1 where closed spans, a group or a begun visit ask for more than a comparison of two numbers. */
  readonly special: Uint8Array;
  readonly closed: readonly (readonly { fromMinute: number; toMinute: number }[])[];
  /** The group of each visit that shares one with another; -1: none. */
  readonly group: Int32Array;
  readonly groupCount: number;
}

export interface DayArrays {
  readonly caregiver: Int32Array;
  readonly normal: Float64Array;
  readonly longest: Float64Array;
  readonly worked: Float64Array;
}

export interface ShiftArrays {
  readonly caregiver: Int32Array;
  /** The position among the caregiver's shifts. */
  readonly position: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Where the matrix of the caregiver begins in `travel`. */
  readonly matrix: Int32Array;
  readonly day: Int32Array;
  readonly breakCount: Int32Array;
  /** Where the breaks of the shift begin in the three arrays that follow. */
  readonly firstBreak: Int32Array;
  readonly breakMinutes: Float64Array;
  readonly breakFrom: Float64Array;
  /** The latest instant at which the break can begin. */
  readonly breakLatest: Float64Array;
}

/** Minutes that a shift without an end counts for when shares of work are compared. */
const capacityOfOpenShift = 480;

export function compileModel(problem: PlanningProblem): Model {
  const weights = { ...defaultWeights, ...problem.weights };
  const visitCount = problem.visits.length;
  const shifts = shiftArrays(problem);
  const shiftCount = shifts.start.length;
  const nodes = nodeArrays(problem, shifts, visitCount * 2);
  const visits = visitArrays(problem, weights);
  const days = dayArrays(problem, shifts);
  const { capacity, worked } = shares(problem);
  const service = serviceCosts(problem, weights, shifts);
  const limited = days.longest.some(Number.isFinite);
  const overtime = weights.overtime > 0 && days.normal.some(Number.isFinite);
  return {
    problem,
    weights,
    visitCount,
    nodeCount: visitCount * 2,
    shiftCount,
    caregiverCount: problem.caregivers.length,
    dayCount: days.normal.length,
    nodes,
    visits,
    shifts,
    travel: travelArray(problem),
    meanWay: meanWay(problem),
    width: problem.placeCount + 1,
    service,
    servedBy: Array.from({ length: visitCount * 2 }, (_, n) =>
      Int32Array.from(
        [...shifts.start.keys()].filter((h) => service[n * shiftCount + h]! < Number.POSITIVE_INFINITY),
      ),
    ),
    days,
    capacity,
    worked,
    allCapacity: capacity.reduce((sum, each) => sum + each, 0),
    countsWork: limited || overtime || weights.unevenness > 0,
    hasGroups: visits.groupCount > 0,
    hasBreaks: shifts.breakMinutes.length > 0,
    hasPromises: visits.promised.some((start) => !Number.isNaN(start)),
  };
}

function travelArray({ placeCount, travel }: PlanningProblem): Float64Array {
  const width = placeCount + 1;
  const all = new Float64Array(travel.length * width * width);
  for (const [mode, { minutes }] of travel.entries()) {
    for (let from = 0; from < placeCount; from++) {
      for (let to = 0; to < placeCount; to++) {
        all[(mode * width + from) * width + to] = minutes[from * placeCount + to]!;
      }
    }
  }
  return all;
}

function meanWay({ placeCount, travel }: PlanningProblem): number {
  let sum = 0;
  for (const minutes of travel[0]?.minutes ?? []) sum += minutes;
  // Where all visits are at one place, there is still lateness to weigh.
  return Math.max(1, sum / Math.max(1, placeCount * (placeCount - 1)));
}

function shiftArrays(problem: PlanningProblem): ShiftArrays {
  const width = problem.placeCount + 1;
  const rows = problem.caregivers.flatMap((caregiver, index) =>
    caregiver.shifts.map((shift, position) => ({
      ...shift,
      caregiver: index,
      position,
      mode: caregiver.travel,
    })),
  );
  const dayNames = [...new Set(rows.map(({ caregiver, day }) => `${caregiver} ${day}`))];
  const breaks = rows.flatMap((row) => row.breaks);
  let first = 0;
  return {
    caregiver: Int32Array.from(rows, (row) => row.caregiver),
    position: Int32Array.from(rows, (row) => row.position),
    start: Float64Array.from(rows, (row) => row.startMinute),
    end: Float64Array.from(rows, (row) => row.endMinute ?? Number.POSITIVE_INFINITY),
    matrix: Int32Array.from(rows, (row) => row.mode * width * width),
    day: Int32Array.from(rows, (row) => dayNames.indexOf(`${row.caregiver} ${row.day}`)),
    breakCount: Int32Array.from(rows, (row) => row.breaks.length),
    firstBreak: Int32Array.from(rows, (row) => {
      first += row.breaks.length;
      return first - row.breaks.length;
    }),
    breakMinutes: Float64Array.from(breaks, ({ minutes }) => minutes),
    breakFrom: Float64Array.from(breaks, ({ fromMinute }) => fromMinute),
    breakLatest: Float64Array.from(breaks, ({ toMinute, minutes }) => toMinute - minutes),
  };
}

function dayArrays({ caregivers }: PlanningProblem, shifts: ShiftArrays): DayArrays {
  const count = shifts.day.reduce((most, day) => Math.max(most, day + 1), 0);
  const days = {
    caregiver: new Int32Array(count),
    normal: new Float64Array(count),
    longest: new Float64Array(count),
    worked: new Float64Array(count),
  };
  for (const [h, day] of shifts.day.entries()) {
    const caregiver = caregivers[shifts.caregiver[h]!]!;
    days.caregiver[day] = shifts.caregiver[h]!;
    days.normal[day] = caregiver.normalDayMinutes ?? Number.POSITIVE_INFINITY;
    days.longest[day] = caregiver.longestDayMinutes ?? Number.POSITIVE_INFINITY;
    days.worked[day] = days.worked[day]! + (caregiver.shifts[shifts.position[h]!]!.workedMinutes ?? 0);
  }
  return days;
}

function shares({ caregivers }: PlanningProblem): Pick<Model, 'capacity' | 'worked'> {
  const lengths = caregivers.map(({ shifts }) =>
    shifts.map(({ startMinute, endMinute }) =>
      endMinute === null ? capacityOfOpenShift : endMinute - startMinute,
    ),
  );
  return {
    capacity: Float64Array.from(lengths, (minutes) => minutes.reduce((sum, each) => sum + each, 0)),
    worked: Float64Array.from(caregivers, ({ shifts }) =>
      shifts.reduce((sum, { workedMinutes }) => sum + (workedMinutes ?? 0), 0),
    ),
  };
}
