import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';

/**
 * Lets one change of the tree at a time go on, until its transaction ends. Whether a facility may be placed,
 * moved or closed depends on rows all over the tree, and such changes are rare, so one lock for all of them
 * is both safe and enough: the roots, always in the order of their ids.
 */
export async function lockTree(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT id FROM facility WHERE kind = 'CITY_CENTER' ORDER BY id${forUpdate(manager)}`);
}
