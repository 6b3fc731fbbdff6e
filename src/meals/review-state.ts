import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { swipeState } from './swipe-state.js';

/** A review as the audit log shows it before and after a decision; its swipe stays locked from the first look on. */
export async function reviewState(
  manager: EntityManager,
  swipeId: string,
): Promise<AuditedState | undefined> {
  const swipe = await swipeState(manager, swipeId);
  if (!swipe) return undefined;
  const rows: { reason: string; bornBy: string | null; funderId: number | null }[] = await manager.query(
    `SELECT r.reason, r.bornBy, r.funderId FROM swipe_review r JOIN swipe s ON s.id = r.swipeRowId
      WHERE s.swipeId = ? ORDER BY r.number DESC LIMIT 1`,
    [swipeId.toLowerCase()],
  );
  return { about: swipe.about, values: { ...swipe.values, ...rows[0] } };
}
