import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { findElder } from '../elders/find-elder.js';
import type { Day } from '../shared/china-time.js';
import { firstDayOf, type Month, nextMonth } from '../shared/month.js';
import type { MovementKind } from './movement-texts.rules.js';

/** An elder's own money in one month, as the ledger has it; amounts in fen. */
export interface AccountStatement {
  elderId: number;
  month: Month;
  /** Before the first movement of the month. */
  openingFen: number;
  movements: Movement[];
  /** After the last one: openingFen and all movements together. */
  closingFen: number;
}

/** What one posting added to the account, or took from it when negative. */
export interface Movement {
  /** The day on which it was booked. */
  bookedOn: Day;
  postedAt: Date;
  kind: MovementKind;
  fen: number;
  /** The account after it. */
  balanceFen: number;
  /** The canteen and the meal that it is about; null for money paid in or out at a counter. */
  meal: { canteenId: number; meal: Meal; mealDate: Day } | null;
}

/**
 * The statement of one month. Undefined when there is no elder in `scope`, or one without an account: that one line
 * is who may see it. Two statements of SQL beside the look at the elder.
 */
export async function accountStatement(
  manager: EntityManager,
  { elderId, month }: { elderId: number; month: Month },
  scope: ElderScope,
  today: Day,
): Promise<AccountStatement | undefined> {
  const elder = await findElder(manager, elderId, scope, today);
  if (!elder) return undefined;
  const from = firstDayOf(month);
  const [opening]: { accountId: number; fen: number | string }[] = await manager.query(
    `SELECT a.id AS accountId, COALESCE(SUM(CASE WHEN p.bookedOn < ? THEN n.fen ELSE 0 END), 0) AS fen
       FROM ledger_account a
       LEFT JOIN ledger_entry n ON n.accountId = a.id
       LEFT JOIN ledger_posting p ON p.id = n.postingId
      WHERE a.kind = 'ELDER' AND a.ownerId = ?
      GROUP BY a.id`,
    [from, elderId],
  );
  if (!opening) return undefined;
  const rows: MovementRow[] = await manager.query(
    `SELECT CAST(p.bookedOn AS CHAR) AS bookedOn, p.postedAt, p.kind, n.fen,
            s.canteenId, s.meal, CAST(s.mealDate AS CHAR) AS mealDate
       FROM ledger_entry n
       JOIN ledger_posting p ON p.id = n.postingId
       LEFT JOIN swipe_review r ON r.id = CASE WHEN p.kind = 'REVIEW' THEN p.sourceId END
       LEFT JOIN swipe s ON s.id = CASE WHEN p.kind IN ('SWIPE', 'VOID') THEN p.sourceId ELSE r.swipeRowId END
      WHERE n.accountId = ? AND p.bookedOn >= ? AND p.bookedOn < ?
      ORDER BY p.bookedOn, p.postedAt, p.id, n.line`,
    [opening.accountId, from, firstDayOf(nextMonth(month))],
  );
  const openingFen = Number(opening.fen);
  let balanceFen = openingFen;
  const movements = rows.map((row) => {
    balanceFen += Number(row.fen);
    return movementOf(row, balanceFen);
  });
  return { elderId, month, openingFen, movements, closingFen: balanceFen };
}

interface MovementRow {
  bookedOn: Day;
  postedAt: number | string;
  kind: MovementKind;
  fen: number | string;
  canteenId: number | null;
  meal: Meal | null;
  mealDate: Day | null;
}

function movementOf(row: MovementRow, balanceFen: number): Movement {
  const { bookedOn, kind, canteenId, meal, mealDate } = row;
  return {
    bookedOn,
    postedAt: new Date(Number(row.postedAt)),
    kind,
    fen: Number(row.fen),
    balanceFen,
    meal: canteenId !== null && meal !== null && mealDate !== null ? { canteenId, meal, mealDate } : null,
  };
}
