import type { Text } from '../../shared/text.js';
import { iterationsMax, type PlanRefusal, refusePlan, secondsMax, wordsOf } from './plan-refusals.js';
import { type GivenMatrix, matrixFault } from './travel-matrix.rules.js';

/** How a plan is searched for. */
export interface PlanOptions {
  seconds: number;
  /** Null where the time alone ends the search. */
  iterations: number | null;
  seed: number;
  /** True where as little as possible shall change. */
  fewChanges: boolean;
  matrix: GivenMatrix | null;
}

const seedMax = 2 ** 31 - 1;

/** What is wrong with the options; undefined when nothing is. */
export function optionsFault({ seconds, iterations, seed, matrix }: PlanOptions): PlanRefusal | undefined {
  const fault = (name: string, from: number, to: number) => {
    const range: Text = { zh: `须在 ${from} 至 ${to} 之间`, en: `must be ${from} to ${to}` };
    return refusePlan('OPTIONS_INVALID', ['options', name], { text: wordsOf('OPTIONS_INVALID', range) });
  };
  if (!isWithin(seconds, 1, secondsMax)) return fault('seconds', 1, secondsMax);
  if (iterations !== null && !isWithin(iterations, 1, iterationsMax)) {
    return fault('iterations', 1, iterationsMax);
  }
  if (!isWithin(seed, 0, seedMax)) return fault('seed', 0, seedMax);
  return matrix === null ? undefined : matrixFault(matrix);
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isSafeInteger(value) && value >= from && value <= to;
}
