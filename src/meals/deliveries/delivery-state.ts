import type { EntityManager } from 'typeorm';
import { maskedInput } from '../../audit-log/masking.rules.js';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { forUpdate } from '../../shared/database.js';
import { placeholders } from '../../shared/statements.js';
import { type Delivery, deliveriesById } from './read-deliveries.js';

/** Keeps deliveries from being changed by others until the transaction ends, in the order of their ids, and reads them. */
export async function lockDeliveries(manager: EntityManager, ids: readonly number[]): Promise<Delivery[]> {
  if (ids.length === 0) return [];
  await manager.query(
    `SELECT id FROM delivery_order WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(manager)}`,
    [...ids],
  );
  return deliveriesById(manager, ids);
}

/** Deliveries as the audit log shows them before and after a step; they stay locked from the first look on. */
export async function deliveriesState(
  manager: EntityManager,
  ids: readonly number[],
): Promise<AuditedState | undefined> {
  const deliveries = await lockDeliveries(manager, ids);
  const [first] = deliveries;
  if (!first) return undefined;
  const elderId = deliveries.length === 1 ? first.elderId : null;
  return {
    about: { facilityId: first.canteenId, elderId, subject: `delivery:${first.id}` },
    values: {
      deliveries: deliveries.map(({ id, state, courierId, reason, codeTries, swipeId }) => ({
        id,
        state,
        courierId,
        // It may tell of the elder's health, and is hidden as it is in what was asked.
        reason: maskedInput(reason, 'reason'),
        codeTries,
        swipeId,
      })),
    },
  };
}
