import type { EntityManager } from 'typeorm';
import type { AfterEnding } from '../../elders/end-elder.js';
import type { Clock } from '../../shared/clock.js';
import { placeholders } from '../../shared/statements.js';
import { stepFor } from './delivery.rules.js';
import { lockDeliveries } from './delivery-state.js';

/** Ordered, and not gone yet. */
export const isWaiting = "state IN ('ORDERED', 'ASSIGNED')";

/**
 * Calls meals off as the server does it by itself: nothing was charged for them, and nothing is. One that has left the
 * canteen meanwhile is the courier's to bring back. How many were called off.
 */
export async function callOffMeals(
  manager: EntityManager,
  ids: readonly number[],
  now: Date,
): Promise<number> {
  const locked = await lockDeliveries(manager, ids);
  const off = locked.filter(({ state }) => stepFor('CANCEL', state, ['PLATFORM']));
  if (off.length === 0) return 0;
  await manager.query(
    `UPDATE delivery_order SET state = 'CANCELLED', liveMeal = NULL, endedAt = ? WHERE id IN (${placeholders(off)})`,
    [now.getTime(), ...off.map(({ id }) => id)],
  );
  return off.length;
}

/** Calls off what is to come from the day on which an elder's file ended, so that nobody cooks it. The elder is locked. */
export function callOffMealsAfterEnd(clock: Clock): AfterEnding {
  return async (manager, { elderId, on }) => {
    const rows: { id: number | string }[] = await manager.query(
      `SELECT id FROM delivery_order WHERE elderId = ? AND day >= ? AND ${isWaiting}`,
      [elderId, on],
    );
    await callOffMeals(
      manager,
      rows.map(({ id }) => Number(id)),
      clock.now(),
    );
  };
}
