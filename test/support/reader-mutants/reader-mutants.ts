import { conditionMutants } from './condition-mutants.js';
import { decisionMutants } from './decision-mutants.js';
import type { Mutant } from './mutant.js';
import { orderMutants } from './order-mutants.js';
import { pageMutants } from './page-mutants.js';
import { pickMutants } from './pick-mutants.js';
import { splitMutants } from './split-mutants.js';

/** Wrong readers, each of which the test vectors must catch. */
export const readerMutants: readonly Mutant[] = [
  ...decisionMutants,
  ...orderMutants,
  ...pickMutants,
  ...splitMutants,
  ...conditionMutants,
  ...pageMutants,
];
