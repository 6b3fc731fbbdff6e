import type { EntityManager } from 'typeorm';
import type { SqlPart } from '../network/tree.js';
import type { Line } from '../settlement/settlement-kind.js';
import { firstDayOf, lastDayOf, type Month, monthOf } from '../shared/month.js';
import { openEntriesSql, type Reach } from './open-entries.js';

/** What a driver hands over of a line: 64-bit numbers and sums may be texts. */
type RawLine = { [name in keyof MealLine]: MealLine[name] extends string ? string : number | string | null };

/** A line of a canteen, with the row of the swipe that it is about. */
type MealLine = Line & { sourceId: number | null };

/**
 * The postings that touch these canteens' accounts and belong into their statements of `month`, but are in no
 * statement yet: those booked in it, and those of earlier months that came after these were submitted. The
 * columns are those of a line and `facilityId`, `day` being a text. Whatever the kind of a posting, its
 * amounts are what it says of the canteen, the funders and the elder. What a donor bears is no subsidy of a
 * government: it stands with what the canteen bears, as on the receipt.
 */
export async function unsettledSql(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  { afterId, reach }: { afterId: number; reach: Reach } = { afterId: 0, reach: 'OPEN' },
): Promise<SqlPart> {
  const touching = await touchingSql(manager, canteenIds, month, { afterId, reach });
  return {
    sql: `SELECT touching.facilityId AS facilityId, touching.postingId AS postingId, touching.kind AS kind,
                 swipe.id AS sourceId, swipe.elderId AS elderId,
                 COALESCE(CAST(swipe.mealDate AS CHAR), touching.bookedOn) AS day,
                 CASE touching.kind WHEN 'SWIPE' THEN 1 WHEN 'VOID' THEN -1 ELSE 0 END AS units,
                 SUM(CASE WHEN account.kind = 'CANTEEN_RECEIVABLE' THEN entry.fen ELSE 0 END) AS grossFen,
                 SUM(CASE WHEN account.kind = 'FUNDER' AND COALESCE(funder.level, '') <> 'DONOR'
                          THEN -entry.fen ELSE 0 END) AS subsidyFen,
                 SUM(CASE WHEN account.kind = 'CANTEEN_DISCOUNT' OR funder.level = 'DONOR'
                          THEN -entry.fen ELSE 0 END) AS discountFen,
                 SUM(CASE WHEN account.kind = 'ELDER' THEN -entry.fen ELSE 0 END) AS selfPaidFen
            FROM (${touching.sql}) touching
            LEFT JOIN statement_dispute dispute
              ON touching.kind = 'DISPUTE' AND dispute.id = touching.sourceId
            LEFT JOIN swipe_review review ON touching.kind = 'REVIEW' AND review.id = touching.sourceId
            LEFT JOIN swipe
              ON swipe.id = COALESCE(dispute.sourceId, review.swipeRowId, touching.sourceId)
            JOIN ledger_entry entry ON entry.postingId = touching.postingId
            JOIN ledger_account account ON account.id = entry.accountId
            LEFT JOIN funder ON account.kind = 'FUNDER' AND funder.id = account.ownerId
           WHERE ${isDueSql}
           GROUP BY touching.facilityId, touching.postingId, touching.kind, touching.bookedOn,
                    swipe.id, swipe.elderId, swipe.mealDate`,
    parameters: [...touching.parameters, firstDayOf(month)],
  };
}

/** Booked in the month, or late for an earlier one that was submitted; takes the first day of the month. */
const isDueSql = `(touching.bookedOn >= ? OR EXISTS (
  SELECT 1 FROM month_statement earlier
   WHERE earlier.kind = 'CANTEEN' AND earlier.facilityId = touching.facilityId
     AND earlier.month = SUBSTR(touching.bookedOn, 1, 7) AND earlier.state <> 'DRAFT'))`;

/**
 * Postings of these canteens booked up to the end of the month that are in no statement. The LEFT JOINs, and
 * that nothing is asked of what they join but whether it is there, make MySQL begin with the entries, which are bounded.
 */
async function touchingSql(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  bounds: { afterId: number; reach: Reach },
): Promise<SqlPart> {
  const open = await openEntriesSql(manager, canteenIds, month, bounds);
  return {
    sql: `SELECT DISTINCT own.ownerId AS facilityId, posting.id AS postingId, posting.kind AS kind,
                 posting.sourceId AS sourceId, CAST(posting.bookedOn AS CHAR) AS bookedOn
            FROM ledger_entry touch
            LEFT JOIN ledger_account own ON own.id = touch.accountId
            LEFT JOIN statement_line settled ON settled.postingId = touch.postingId
            LEFT JOIN ledger_posting posting ON posting.id = touch.postingId
           WHERE ${open.sql} AND settled.postingId IS NULL
             AND COALESCE(CAST(posting.bookedOn AS CHAR), '') <= ?`,
    parameters: [...open.parameters, lastDayOf(month)],
  };
}

/**
 * The lines to be written down in the order of their postings: at most `rowsMax` after `afterId`. They are looked for in all
 * that was ever booked, so that whatever was left behind is settled by the next submission.
 */
export async function unsettledLines(
  manager: EntityManager,
  canteenId: number,
  month: Month,
  { afterId, rowsMax }: { afterId: number; rowsMax: number },
): Promise<(MealLine & Record<string, number | string | null>)[]> {
  const { sql, parameters } = await unsettledSql(manager, [canteenId], month, { afterId, reach: 'EVER' });
  const rows: RawLine[] = await manager.query(
    `${sql} ORDER BY touching.postingId LIMIT ${rowsMax}`,
    parameters,
  );
  return rows.map((row) => lineOf(row, month));
}

function lineOf(raw: RawLine, month: Month): MealLine & Record<string, number | string | null> {
  const mealMonth = monthOf(raw.day);
  return {
    postingId: Number(raw.postingId),
    kind: raw.kind,
    sourceId: raw.sourceId === null ? null : Number(raw.sourceId),
    day: raw.day,
    correctsMonth: mealMonth < month ? mealMonth : null,
    elderId: raw.elderId === null ? null : Number(raw.elderId),
    units: Number(raw.units),
    grossFen: Number(raw.grossFen),
    subsidyFen: Number(raw.subsidyFen),
    discountFen: Number(raw.discountFen),
    selfPaidFen: Number(raw.selfPaidFen),
  };
}

/** The earliest month before `month` that has unsettled postings and no submitted statement. */
export async function earlierOpenMonth(
  manager: EntityManager,
  canteenId: number,
  month: Month,
): Promise<Month | undefined> {
  const { sql, parameters } = await touchingSql(manager, [canteenId], month, { afterId: 0, reach: 'EVER' });
  const rows: { month: Month | null }[] = await manager.query(
    `SELECT MIN(SUBSTR(touching.bookedOn, 1, 7)) AS month FROM (${sql}) touching WHERE NOT ${isDueSql}`,
    [...parameters, firstDayOf(month)],
  );
  return rows[0]?.month ?? undefined;
}
