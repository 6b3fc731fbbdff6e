import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { coversElder, type ElderScope } from './elder-scope.js';

/** The elder with this id, when `scope` covers it today; one out of scope is as unknown. */
export async function findElder(
  manager: EntityManager,
  id: number,
  scope: ElderScope,
  today: Day,
): Promise<Elder | undefined> {
  const elder = await manager.findOneBy(Elder, { id });
  // One whom there is not is looked for in the tree as well, so that the time of the answer does not tell who there is.
  const isCovered = await coversElder(manager, scope, elder ?? { id, homeStationId: null }, today);
  return elder && isCovered ? elder : undefined;
}

/**
 * Like findElder, and keeps others from changing the elder, or what hangs on the elder, until the
 * transaction ends. Whatever changes an elder's file or cards begins here; only then does it lock a card.
 */
export async function lockElder(
  manager: EntityManager,
  id: number,
  scope: ElderScope,
  today: Day,
): Promise<Elder | undefined> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [id]);
  return findElder(manager, id, scope, today);
}
