import type { EntityManager } from 'typeorm';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { insertRows } from '../shared/statements.js';

export async function insertCategories(
  manager: EntityManager,
  elderId: number,
  categories: readonly ElderCategory[],
): Promise<void> {
  const rows = categories.map((category) => [elderId, category]);
  await insertRows(manager, 'elder_category', ['elderId', 'category'], rows);
}

/** In the place of those that the elder belonged to before. */
export async function replaceCategories(
  manager: EntityManager,
  elderId: number,
  categories: readonly ElderCategory[],
): Promise<void> {
  await manager.query('DELETE FROM elder_category WHERE elderId = ?', [elderId]);
  await insertCategories(manager, elderId, categories);
}
