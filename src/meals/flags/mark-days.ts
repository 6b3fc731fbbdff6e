import type { EntityManager } from 'typeorm';
import { addDays, type Day, instantOn } from '../../shared/china-time.js';
import type { Statement } from '../../shared/statements.js';
import type { CanteenDayKey } from '../canteen-terms.js';
import { daysLookedBack } from './flag-same-order.rules.js';
import { readThresholds } from './flag-thresholds.js';
import { type Thresholds, thresholdKinds } from './flag-thresholds.rules.js';
import { wayMsMax } from './flag-travel.rules.js';

/** Marks the days on which an elder swiped, so that they are looked through again with what is known since. */
export async function markDays(
  manager: EntityManager,
  elderId: number,
  { fromDay, toDay }: { fromDay: Day; toDay: Day | null },
): Promise<void> {
  const days: CanteenDayKey[] = await manager.query(
    `SELECT DISTINCT canteenId, CAST(mealDate AS CHAR) AS day FROM swipe
      WHERE elderId = ? AND mealDate >= ? AND mealDate < ? ORDER BY canteenId, day`,
    [elderId, fromDay, toDay ?? '9999-12-31'],
  );
  await markEach(manager, days);
}

const daysMax = 200;

/** Makes days due that were looked through, or are being so. One that nobody has begun with is due by its swipes. */
export async function markEach(manager: EntityManager, days: readonly CanteenDayKey[]): Promise<void> {
  for (let start = 0; start < days.length; start += daysMax) {
    const part = days.slice(start, start + daysMax);
    await manager.query(
      `UPDATE flag_scan SET dueMark = marks + 1, marks = marks + 1
        WHERE ${part.map(() => '(canteenId = ? AND day = ?)').join(' OR ')}`,
      part.flatMap(({ canteenId, day }) => [canteenId, day]),
    );
  }
}

/**
 * The days that look back at a day, and so miss what it is told late: those after it at the same canteen, whose orders
 * of cards are compared with its own, and the next one wherever somebody may have come to over midnight.
 */
export async function daysLookingBackAt(
  manager: EntityManager,
  key: CanteenDayKey,
): Promise<CanteenDayKey[]> {
  // A later day may have another threshold: what can be set is the most that it looks back.
  const until = addDays(key.day, daysLookedBack(thresholdKinds.ORDER_DAYS.max));
  const later: CanteenDayKey[] = await manager.query(
    `SELECT canteenId, CAST(day AS CHAR) AS day FROM flag_scan
      WHERE canteenId = ? AND day > ? AND day <= ? ORDER BY day`,
    [key.canteenId, key.day, until],
  );
  const next = addDays(key.day, 1);
  const { sql, parameters } = overMidnightQuery(key, await readThresholds(manager, next));
  const elsewhere: { canteenId: number }[] = await manager.query(sql, [...parameters]);
  return [...later, ...elsewhere.map(({ canteenId }) => ({ canteenId, day: next }))];
}

/** Where the elders of a day were on the next one so early that it may have been too fast. */
export function overMidnightQuery({ canteenId, day }: CanteenDayKey, thresholds: Thresholds): Statement {
  const next = addDays(day, 1);
  const wayMs = wayMsMax(thresholds);
  return {
    sql: `SELECT DISTINCT later.canteenId
            FROM swipe own
           CROSS JOIN swipe later ON later.elderId = own.elderId AND later.mealDate = ?
           WHERE own.canteenId = ? AND own.mealDate = ? AND own.swipedAt > ?
             AND later.canteenId <> own.canteenId AND later.swipedAt < own.swipedAt + ?`,
    parameters: [next, canteenId, day, instantOn(next, 0).getTime() - wayMs, wayMs],
  };
}
