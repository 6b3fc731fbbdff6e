import type { EntityManager } from 'typeorm';
import { covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { readSwipes, type StoredSwipe } from './swipe-receipt.js';

/** The swipe of that id, when its canteen lies in `scope` today; else undefined, as if it did not exist. */
export async function findSwipe(
  manager: EntityManager,
  swipeId: string,
  scope: Scope,
  today: Day,
): Promise<StoredSwipe | undefined> {
  const id = swipeId.toLowerCase();
  const rows: { canteenId: number }[] = await manager.query('SELECT canteenId FROM swipe WHERE swipeId = ?', [
    id,
  ]);
  const isInScope = await covers(manager, scope, rows[0]?.canteenId ?? nowhere, today);
  return isInScope ? (await readSwipes(manager, [id])).get(id) : undefined;
}
