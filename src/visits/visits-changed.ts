import type { EntityManager } from 'typeorm';

/** That a visit has a new version; whoever is told reads it with the rights it has. */
export interface ChangedVisit {
  visitId: number;
  version: number;
}

/**
 * Is told, within the transaction, of every step that is written down (`writeEvents`): the one place from which those who
 * listen to stations, elders and caregivers are to be told once it is committed.
 */
export async function onVisitsChanged(
  _manager: EntityManager,
  _changed: readonly ChangedVisit[],
): Promise<void> {
  // Nobody listens yet.
}
