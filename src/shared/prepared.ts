import type { EntityManager } from 'typeorm';
import type { Refusal } from './refusal.js';

/**
 * What is left to be done in one transaction after the slow part, the hashing of a password, which must not hold
 * rows locked; or the refusal that came of that part, after which nothing is left.
 */
export type Prepared<Result, Refused extends Refusal<string>> =
  | ((manager: EntityManager) => Promise<Result | Refused>)
  | Refused;
