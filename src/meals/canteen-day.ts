import type { EntityManager } from 'typeorm';
import { covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { missingOnDay } from './missing-sequences.js';
import { bornFen, joinedReview } from './review-sums.js';
import { countOf } from './sequence-ranges.rules.js';

/** A canteen's day in figures, voided meals left out; amounts in fen. */
export interface CanteenDay {
  canteenId: number;
  date: Day;
  meals: number;
  deliveries: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  /** Meals among them that a manager has to decide on, those whose subsidy was doubted later too. */
  forReview: number;
  /**
   * Sequence numbers missing between the last before the day and the last of it that nobody explained, all readers
   * together.
   */
  missing: number;
}

/**
 * The figures of a canteen's day in a handful of statements, whatever the number of meals and readers; undefined when
 * there is no such canteen in `scope` today.
 */
export async function canteenDay(
  manager: EntityManager,
  { canteenId, date }: { canteenId: number | undefined; date: Day },
  scope: Scope,
  today: Day,
): Promise<CanteenDay | undefined> {
  if (!(await mayReadCanteenDay(manager, canteenId, scope, today)) || canteenId === undefined)
    return undefined;
  const [totals]: Record<string, number | string | null>[] = await manager.query(
    `SELECT COUNT(*) AS meals,
            SUM(CASE WHEN mode = 'DELIVERY' THEN 1 ELSE 0 END) AS deliveries,
            SUM(s.grossFen) AS grossFen, SUM(${bornFen('s', 'subsidyFen')}) AS subsidyFen,
            SUM(${bornFen('s', 'discountFen')}) AS discountFen,
            SUM(${bornFen('s', 'selfPaidFen')}) AS selfPaidFen,
            (SELECT COUNT(*) FROM swipe_review waiting
              WHERE waiting.openCanteenId = ? AND waiting.mealDate = ?) AS forReview
       FROM swipe s
       ${joinedReview('s')}
      WHERE s.canteenId = ? AND s.mealDate = ? AND s.meal IS NOT NULL AND s.voidedAt IS NULL`,
    [canteenId, date, canteenId, date],
  );
  const figure = (name: string) => Number(totals?.[name] ?? 0);
  return {
    canteenId,
    date,
    meals: figure('meals'),
    deliveries: figure('deliveries'),
    grossFen: figure('grossFen'),
    subsidyFen: figure('subsidyFen'),
    discountFen: figure('discountFen'),
    selfPaidFen: figure('selfPaidFen'),
    forReview: figure('forReview'),
    missing: await countMissing(manager, canteenId, date),
  };
}

/** True when there is such a canteen in `scope` today. */
export async function mayReadCanteenDay(
  manager: EntityManager,
  canteenId: number | undefined,
  scope: Scope,
  today: Day,
): Promise<boolean> {
  const isInScope = await covers(manager, scope, canteenId ?? nowhere, today);
  // Which facilities there are is no secret; only beyond the caller's places nothing more is looked at.
  return isInScope && canteenId !== undefined && (await isCanteen(manager, canteenId));
}

async function isCanteen(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    "SELECT id FROM facility WHERE id = ? AND kind = 'ELDER_CANTEEN'",
    [facilityId],
  );
  return rows.length > 0;
}

async function countMissing(manager: EntityManager, canteenId: number, date: Day): Promise<number> {
  const missing = await missingOnDay(manager, canteenId, date);
  const total = [...missing.values()].reduce((sum, ranges) => sum + countOf(ranges), 0);
  // A reader that jumps to the end of its counter misses more than a number of the graph can say.
  return Math.min(total, 2 ** 31 - 1);
}
