import type { FlagState } from '../../../entities/meals/fraud-flag.entity.js';

export const flagSteps = ['TAKE', 'RELEASE', 'CONFIRM', 'CLEAR', 'GROW', 'REOPEN'] as const;
export type FlagStep = (typeof flagSteps)[number];

export interface FlagTransition {
  step: FlagStep;
  from: readonly FlagState[];
  to: FlagState;
  /** HOLDER: while somebody works on it, that person alone. SCAN: nobody, but a swipe that was not among the evidence. */
  by: 'ANYBODY' | 'HOLDER' | 'SCAN';
  /** Whether it has to be said why. */
  note: boolean;
}

/**
 * The life of a sign of fraud, which begins OPEN. Code, documentation and tests read this one table. What is confirmed
 * posts nothing: voids, reviews and disputes have their own operations.
 */
export const flagTransitions: readonly FlagTransition[] = [
  { step: 'TAKE', from: ['OPEN', 'IN_WORK'], to: 'IN_WORK', by: 'ANYBODY', note: false },
  { step: 'RELEASE', from: ['IN_WORK'], to: 'OPEN', by: 'HOLDER', note: false },
  { step: 'CONFIRM', from: ['OPEN', 'IN_WORK'], to: 'CONFIRMED', by: 'HOLDER', note: true },
  { step: 'CLEAR', from: ['OPEN', 'IN_WORK'], to: 'HARMLESS', by: 'HOLDER', note: true },
  { step: 'GROW', from: ['OPEN'], to: 'OPEN', by: 'SCAN', note: false },
  { step: 'GROW', from: ['IN_WORK'], to: 'IN_WORK', by: 'SCAN', note: false },
  { step: 'REOPEN', from: ['CONFIRMED', 'HARMLESS'], to: 'OPEN', by: 'SCAN', note: false },
];

export function isDecided(state: FlagState): boolean {
  return flagTransitions.some(({ step, from }) => step === 'REOPEN' && from.includes(state));
}

/** What new evidence does to a flag, whatever state it is in. */
export function grownFrom(state: FlagState): FlagTransition {
  const transition = flagTransitions.find(({ by, from }) => by === 'SCAN' && from.includes(state));
  if (!transition) throw new Error(`new evidence has no step from ${state}`);
  return transition;
}

/** A step that was taken, as far as it tells who has seen what. */
export interface StepTaken {
  step: string;
  /** Null for the scan. */
  byId: number | null;
}

/**
 * Whether somebody knows all that shows a flag. What it was found with is there for everybody who looks; what came
 * after that is known to whoever took the flag since.
 */
export function knowsEvidence(steps: readonly StepTaken[], byId: number): boolean {
  const grown = steps.findLastIndex(({ step }) => step === 'GROW' || step === 'REOPEN');
  return grown < 0 || steps.slice(grown).some((each) => each.step === 'TAKE' && each.byId === byId);
}

export interface FlagStanding {
  state: FlagState;
  /** Who works on it. */
  assigneeId: number | null;
}

/** Where the step leads, or why it cannot be taken. */
export function stepFrom(
  { state, assigneeId }: FlagStanding,
  step: FlagStep,
  byId: number,
): { to: FlagState } | { fault: 'WRONG_STATE' | 'IN_OTHER_HANDS' } {
  const transition = flagTransitions.find((each) => each.step === step && each.from.includes(state));
  if (!transition || transition.by === 'SCAN') return { fault: 'WRONG_STATE' };
  const isOthers = assigneeId !== null && assigneeId !== byId;
  if (transition.by === 'HOLDER' && isOthers) return { fault: 'IN_OTHER_HANDS' };
  return { to: transition.to };
}
