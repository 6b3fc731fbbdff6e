import type { Text } from '../../shared/text.js';
import type { NobodyReason, PlanningProblem } from './problem.js';

/** An answer of the planner: plain data. It always keeps every hard bound of the problem. */
export interface Plan {
  /** The weighted sum of `costs`; less is better. */
  cost: number;
  costs: PlanCosts;
  /** Every visit that is planned, in the order of the problem's visits. */
  visits: readonly PlannedVisit[];
  /** What each caregiver does in each shift that has anything in it, in the order of the problem. */
  routes: readonly PlannedRoute[];
  /** Every other visit, in the order of the problem's visits. */
  leftOut: readonly LeftOutVisit[];
}

/** The evils of a plan, unweighted. */
export interface PlanCosts {
  travelMinutes: number;
  latenessMinutes: number;
  worstLatenessMinutes: number;
  movedMinutes: number;
  changedCaregivers: number;
  strangeness: number;
  unevennessMinutes: number;
  overtimeMinutes: number;
  /** The sum of the importance of the visits that are left out. */
  leftOut: number;
}

export interface PlannedVisit {
  visitId: string;
  /** As the visit's parts. */
  parts: readonly PlannedPart[];
}

export interface PlannedPart {
  caregiverId: string;
  /** The position of the shift among the caregiver's shifts. */
  shift: number;
  /** When the caregiver is there, before preparation and waiting. */
  arrivalMinute: number;
  /** When the service begins. */
  startMinute: number;
  /** When the service ends, before the buffer. */
  endMinute: number;
  latenessMinutes: number;
}

export interface PlannedRoute {
  caregiverId: string;
  /** The position of the shift among the caregiver's shifts. */
  shift: number;
  /** Visits and breaks in order. */
  stops: readonly PlannedStop[];
  travelMinutes: number;
  /** When the caregiver is back at the shift's end place, or done where it has none. */
  backMinute: number;
}

export type PlannedStop =
  | { kind: 'VISIT'; visitId: string; part: number; startMinute: number; endMinute: number }
  | { kind: 'BREAK'; startMinute: number; endMinute: number };

/** Why a visit is not in the plan; the first that holds. */
export type LeftOutCode =
  | NobodyReason
  /** No candidate of a part has a shift within the visit's bounds. */
  | 'NOBODY_AT_WORK'
  /** The bounds leave no instant at which it could start, whoever came. */
  | 'WINDOW_TOO_TIGHT'
  /** Every candidate at work would need longer there and back than the shift, the window or the longest day allows. */
  | 'TOO_FAR'
  /** Each part could be done, but never by two different caregivers at the right times. */
  | 'PARTNER_MISSING'
  /** It could be done alone, but the plan found no room for it beside the others. */
  | 'NO_ROOM';

export interface LeftOutVisit {
  visitId: string;
  code: LeftOutCode;
  /** The part that the code is about; null: the visit as a whole. */
  part: number | null;
  /** The reason in words. */
  text: Text;
}

/** How far a search has come. */
export interface PlanningProgress {
  /** Moves tried so far. */
  iterations: number;
  /** How much of the budget is used, from 0 to 1; null where the search ends only when it is told. */
  share: number | null;
  cost: number;
  plannedVisits: number;
  leftOutVisits: number;
}

export interface PlanningOptions {
  /** The same problem, seed and iterations give the same plan, on any machine. A whole number from 0 to 2^32 - 1. */
  seed: number;
  /** The search ends after so many moves. */
  iterations?: number;
  /** How much of the time is used, from 0 to 1: the search cools by it and ends at 1. Asked every few hundred moves. */
  share?: () => number;
  /** True ends the search, which then gives the best plan so far. Asked as often as `share`. */
  until?: () => boolean;
  /** Called with each better plan, the first one included, but seldom enough to be sent on. */
  onImprovement?: (plan: Plan, progress: PlanningProgress) => void;
  /** Called now and then, whether or not the plan became better. */
  onProgress?: (progress: PlanningProgress) => void;
}

/** What planVisits is: one of iterations, share and until must be given, or it would never end. */
export type PlanVisits = (problem: PlanningProblem, options: PlanningOptions) => Plan;
