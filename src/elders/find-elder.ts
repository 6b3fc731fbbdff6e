import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { covers, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';

/** The elder with this id, when `scope` covers the home station today; one out of scope is as unknown. */
export async function findElder(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<Elder | undefined> {
  const elder = await manager.findOneBy(Elder, { id });
  return elder && (await isInScope(manager, elder, scope, today)) ? elder : undefined;
}

/**
 * Like findElder, and keeps others from changing the elder, or what hangs on the elder, until the
 * transaction ends. Whatever changes an elder's file or cards begins here; only then does it lock a card.
 */
export async function lockElder(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<Elder | undefined> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [id]);
  return findElder(manager, id, scope, today);
}

/** An elder without a home station is nobody's in particular: only who sees everything sees that file. */
async function isInScope(manager: EntityManager, elder: Elder, scope: Scope, today: Day): Promise<boolean> {
  if (scope === 'everywhere') return true;
  return elder.homeStationId !== null && covers(manager, scope, elder.homeStationId, today);
}
