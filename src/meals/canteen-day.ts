import type { EntityManager } from 'typeorm';
import { covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';

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
  /** Meals among them that a manager has to decide on. */
  forReview: number;
  /** Sequence numbers missing between the first and the last received that day, all readers together. */
  missing: number;
}

/**
 * The figures of a canteen's day in two statements, whatever the number of meals and readers; undefined when
 * there is no such canteen in `scope` today.
 */
export async function canteenDay(
  manager: EntityManager,
  { canteenId, date }: { canteenId: number | undefined; date: Day },
  scope: Scope,
  today: Day,
): Promise<CanteenDay | undefined> {
  const isInScope = await covers(manager, scope, canteenId ?? nowhere, today);
  // Which facilities there are is no secret; only beyond the caller's places nothing more is looked at.
  if (!isInScope || canteenId === undefined || !(await isCanteen(manager, canteenId))) return undefined;
  const [totals]: Record<string, number | string | null>[] = await manager.query(
    `SELECT COUNT(*) AS meals,
            SUM(CASE WHEN mode = 'DELIVERY' THEN 1 ELSE 0 END) AS deliveries,
            SUM(grossFen) AS grossFen, SUM(subsidyFen) AS subsidyFen,
            SUM(discountFen) AS discountFen, SUM(selfPaidFen) AS selfPaidFen,
            SUM(CASE WHEN outcome = 'RECORDED_FOR_REVIEW' THEN 1 ELSE 0 END) AS forReview
       FROM swipe
      WHERE canteenId = ? AND mealDate = ? AND meal IS NOT NULL AND voidedAt IS NULL`,
    [canteenId, date],
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
    missing: await missingSequences(manager, canteenId, date),
  };
}

async function isCanteen(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    "SELECT id FROM facility WHERE id = ? AND kind = 'ELDER_CANTEEN'",
    [facilityId],
  );
  return rows.length > 0;
}

/**
 * A number that a reader used on another day, as for a meal of yesterday that it uploaded late, is not
 * missing, so the range comes from the day and the numbers found in it from the reader's whole life.
 */
async function missingSequences(manager: EntityManager, canteenId: number, date: Day): Promise<number> {
  const rows: { missing: number | string }[] = await manager.query(
    `SELECT r.lastSequence - r.firstSequence + 1 - COUNT(DISTINCT s.sequence) AS missing
       FROM (SELECT readerId, MIN(sequence) AS firstSequence, MAX(sequence) AS lastSequence
               FROM swipe
              WHERE canteenId = ? AND mealDate = ?
              GROUP BY readerId) r
       JOIN swipe s
         ON s.readerId = r.readerId AND s.sequence BETWEEN r.firstSequence AND r.lastSequence
      GROUP BY r.readerId, r.firstSequence, r.lastSequence`,
    [canteenId, date],
  );
  // A reader that jumps to the end of its counter misses more than a number of the graph can say.
  return Math.min(
    rows.reduce((total, { missing }) => total + Number(missing), 0),
    2 ** 31 - 1,
  );
}
