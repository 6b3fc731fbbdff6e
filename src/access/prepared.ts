import type { EntityManager } from 'typeorm';

/**
 * What is left to be done in one transaction after the slow part, the hashing of a password, which must not hold
 * rows locked. What was refused already is prepared too: it writes nothing, and its record is written the same way.
 */
export type Prepared<Result> = (manager: EntityManager) => Promise<Result>;

/** Prepared, and nothing left to do. */
export function settled<Result>(result: Result): Prepared<Result> {
  return async () => result;
}
