import type { PlanFailure } from '../../../entities/visits/plan-run.entity.js';
import type { Plan } from '../planning/plan.js';
import type { PlanningProblem } from '../planning/problem.js';

/** A search, as a thread is handed it. */
export interface PlanTask {
  problem: PlanningProblem;
  /** The same as it is booked; its plan costs what the days cost without one. */
  booked: PlanningProblem;
  seed: number;
  secondsMax: number;
  /** Null where the time alone ends it. */
  iterationsMax: number | null;
}

/** What a search tells while it goes on. */
export interface PlanListener {
  onBooked(plan: Plan): void;
  onImprovement(plan: Plan): void;
  /** @param iterations how many moves were tried */
  onProgress(iterations: number): void;
}

export type PlanEnd = { state: 'DONE' | 'STOPPED' } | { state: 'FAILED'; failure: PlanFailure };

export interface RunningSearch {
  /** Ends the search, which keeps the best plan so far. */
  stop(): void;
  /** Never rejects: a thread that dies has FAILED. */
  readonly ended: Promise<PlanEnd>;
}

/** Where plans are searched for: never on the thread that answers requests. */
export interface PlanThreads {
  /** True when one more search would wait too long. */
  readonly isFull: boolean;
  search(task: PlanTask, listener: PlanListener): RunningSearch;
  /** Stops everything, and takes nothing new. */
  close(): Promise<void>;
}
