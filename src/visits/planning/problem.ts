import type { PlanningWeights } from './weights.js';

/**
 * What the planner is asked: visits, the caregivers who could carry them out, and how long the ways are. Plain data
 * that can be sent to a worker thread. All times are minutes from a zero that the asker chooses (the first midnight,
 * say), fractions allowed; a plan of several days simply has minutes past 1440.
 */
export interface PlanningProblem {
  /** How many places there are; everywhere else a place is a number from 0 to one less. */
  placeCount: number;
  /** The ways, one matrix for each way of travelling; a caregiver names one by its position here. */
  travel: readonly TravelMatrix[];
  caregivers: readonly PlanningCaregiver[];
  visits: readonly PlanningVisit[];
  /** What a minute of each evil counts; what is not named has its default from weights.ts. */
  weights?: Partial<PlanningWeights>;
}

/** Minutes from every place to every place by one way of travelling; it need be neither symmetric nor metric. */
export interface TravelMatrix {
  /** What it is called in messages: WALK, EBIKE, CAR. */
  mode: string;
  /** Row by row: from place a to place b at [a * placeCount + b]. Finite and never negative. */
  minutes: readonly number[] | Float64Array;
}

export interface PlanningCaregiver {
  /** Unique among the caregivers. */
  id: string;
  /** Which of the travel matrices holds for this caregiver. */
  travel: number;
  /** Spans of work, in any order, none overlapping another; none at all when absent. */
  shifts: readonly PlanningShift[];
  /** No day may hold more minutes of work (ways, preparation, visits and buffers; waiting is none); null: no limit. */
  longestDayMinutes: number | null;
  /** What a day holds beyond these minutes of work is overtime; null: there is none. */
  normalDayMinutes: number | null;
}

/** A span in which a caregiver works: the way out begins at its start or later, the way back ends by its end. */
export interface PlanningShift {
  /** The day it counts to, for the longest day and overtime. A whole number, equal for all shifts of one day. */
  day: number;
  startMinute: number;
  /** Hard; null: no end. */
  endMinute: number | null;
  /** Where the caregiver sets out; null: the first visit is the place of setting out. */
  startPlace: number | null;
  /** Where the caregiver must be back; null: the shift ends with the last visit. */
  endPlace: number | null;
  /** In the order of their spans. */
  breaks: readonly PlanningBreak[];
  /** Minutes of work already done that day, which count for the longest day, overtime and evenness; 0 by default. */
  workedMinutes?: number;
}

/**
 * A break lies wholly within [fromMinute, toMinute], between visits, never in the middle of a visit or a way. It falls
 * away when the caregiver is back before the latest instant at which it could begin.
 */
export interface PlanningBreak {
  minutes: number;
  fromMinute: number;
  toMinute: number;
}

export interface PlanningVisit {
  /** Unique among the visits. */
  id: string;
  /** Visits of one group never overlap: the visits of one elder, or of one household. Null: no such bound. */
  groupId: string | null;
  place: number;
  /** No part starts earlier. Hard. */
  earliestMinute: number;
  /** A part that starts later is late by the difference. */
  latestMinute: number;
  /** No part starts later than this, ever; null: lateness only costs. At least `latestMinute`. */
  latestHardMinute: number | null;
  /** Spans in which the elder cannot be visited: appointments, stays, leave. The visit overlaps none. Half-open. */
  closed?: readonly PlanningSpan[];
  /** One part, or two by different caregivers. */
  parts: readonly PlanningPart[];
  /** How two parts lie in time; needed with two parts, null with one. */
  synchronization: PlanningSynchronization | null;
  /** What the family was told already, if it was. */
  promised: PlanningPromise | null;
  /** Set once the visit has begun: it stays as it is, whatever else holds. */
  begun: PlanningBegun | null;
  /** Leaving this visit out counts this many times `weights.leftOut`; 1 by default. Duty visits have more. */
  importance?: number;
}

/** Half-open: [fromMinute, toMinute). */
export interface PlanningSpan {
  fromMinute: number;
  toMinute: number;
}

/** What one caregiver does at a visit. */
export interface PlanningPart {
  /** The service, for messages. */
  service: string;
  /** The elder is served from the start for so long. */
  durationMinutes: number;
  /** The caregiver must be there so long before the start; 0 by default. */
  preparationMinutes?: number;
  /** The caregiver stays busy so long after the end; 0 by default. */
  bufferMinutes?: number;
  /** Who may do it. Skills, certificates, gender rules and named caregivers are already taken into account. */
  candidates: readonly PlanningCandidate[];
  /** Why nobody may, for the answer when `candidates` is empty; NO_SKILL by default. */
  nobodyBecause?: NobodyReason;
}

/** Reasons that the asker knows and the planner does not: what kept everybody from being a candidate. */
export type NobodyReason = 'NO_SKILL' | 'CERTIFICATE_EXPIRED' | 'GENDER_RULE' | 'NAMED_CAREGIVER_ABSENT';

export interface PlanningCandidate {
  caregiverId: string;
  /** From 0, the usual caregiver, to 1, one whom the elder never saw; 0 by default. */
  strangeness?: number;
}

/** start(second part) - start(first part) lies within [minMinutes, maxMinutes]; together is [0, 0]. */
export type PlanningSynchronization =
  | { kind: 'SIMULTANEOUS' }
  | { kind: 'SEQUENTIAL'; minMinutes: number; maxMinutes: number };

export interface PlanningPromise {
  /** The start that the family was told. */
  startMinute: number;
  /** The caregiver of each part that the family was told, null where none was named. */
  caregiverIds: readonly (string | null)[];
}

/** One entry for each part. */
export interface PlanningBegun {
  caregiverIds: readonly string[];
  startMinutes: readonly number[];
}
