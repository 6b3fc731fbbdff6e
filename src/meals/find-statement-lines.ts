import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { SqlPart } from '../network/tree.js';
import type { Statement } from '../settlement/read-statement.js';
import {
  disputeColumns,
  disputedSql,
  disputeOf,
  fundersByPosting,
  type LineFilter,
  type MealOfLine,
  type RawDispute,
  type ShownLine,
} from '../settlement/shown-line.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { unsettledSql } from './statement-lines.js';

/** Lines in the order of their postings, fixed or as a draft has them now; a fixed number of statements, however many. */
export async function findLines(
  manager: EntityManager,
  statement: Statement,
  filter: LineFilter,
  page: { afterId: number; rowsMax: number },
): Promise<ShownLine[]> {
  const source = await sourceOf(manager, statement, page.afterId);
  const conditions = conditionsOf(filter, statement);
  const rows: RawShownLine[] = await manager.query(
    `SELECT line.postingId AS id, line.kind, line.day, line.grossFen, line.subsidyFen, line.discountFen,
            line.selfPaidFen, line.elderId, swipe.swipeId, swipe.meal, swipe.mode, swipe.swipedAt,
            elder.name AS elderName, ${disputeColumns}
       FROM (${source.sql}) line
       LEFT JOIN swipe ON swipe.id = line.sourceId
       LEFT JOIN elder ON elder.id = line.elderId
       LEFT JOIN statement_dispute dispute ON dispute.kind = 'CANTEEN' AND dispute.postingId = line.postingId
      WHERE line.postingId > ?${conditions.map(({ sql }) => ` AND ${sql}`).join('')}
      ORDER BY line.postingId LIMIT ${page.rowsMax}`,
    [...source.parameters, page.afterId, ...conditions.flatMap(({ parameters }) => parameters)],
  );
  const funders = await fundersOf(
    manager,
    rows.map(({ id }) => Number(id)),
  );
  return rows.map((row) => shownLine(row, statement, funders.get(Number(row.id)) ?? []));
}

async function sourceOf(
  manager: EntityManager,
  { id, state, facilityId, month }: Statement,
  afterId: number,
): Promise<SqlPart> {
  if (state === 'DRAFT' || id === null) {
    return unsettledSql(manager, [facilityId], month, { afterId, reach: 'OPEN' });
  }
  return {
    sql: `SELECT postingId, kind, sourceId, CAST(day AS CHAR) AS day, elderId,
                 grossFen, subsidyFen, discountFen, selfPaidFen
            FROM statement_line WHERE statementId = ?`,
    parameters: [id],
  };
}

function conditionsOf(filter: LineFilter, { month }: Statement): SqlPart[] {
  const { corrections, disputed, elderId, fromDay, toDay } = filter;
  const given: (SqlPart | undefined)[] = [
    corrections === undefined
      ? undefined
      : { sql: `line.day ${corrections ? '<' : '>='} ?`, parameters: [`${month}-01`] },
    disputed && { sql: disputedSql[disputed], parameters: [] },
    elderId === undefined ? undefined : { sql: 'line.elderId = ?', parameters: [elderId] },
    fromDay === undefined ? undefined : { sql: 'line.day >= ?', parameters: [fromDay] },
    toDay === undefined ? undefined : { sql: 'line.day <= ?', parameters: [toDay] },
  ];
  return given.filter((condition) => condition !== undefined);
}

interface RawShownLine extends RawDispute {
  id: number | string;
  kind: string;
  day: Day;
  grossFen: number | string;
  subsidyFen: number | string;
  discountFen: number | string;
  selfPaidFen: number | string;
  elderId: number | null;
  elderName: string | null;
  swipeId: string | null;
  meal: Meal | null;
  mode: DiningMode | null;
  swipedAt: number | string | null;
}

function shownLine(row: RawShownLine, { month }: Statement, funders: ShownLine['funders']): ShownLine {
  const { kind, day, elderId, elderName } = row;
  return {
    id: Number(row.id),
    kind,
    day,
    correctsMonth: day < `${month}-01` ? day.slice(0, 7) : null,
    meal: mealOf(row),
    visit: null,
    stay: null,
    elderId,
    elderName,
    grossFen: Number(row.grossFen),
    subsidyFen: Number(row.subsidyFen),
    discountFen: Number(row.discountFen),
    selfPaidFen: Number(row.selfPaidFen),
    funders,
    dispute: disputeOf(row),
  };
}

function mealOf({ meal, mode, swipeId, swipedAt }: RawShownLine): MealOfLine | null {
  if (meal === null || mode === null || swipeId === null) return null;
  return { meal, mode, swipeId, swipedAt: new Date(Number(swipedAt)) };
}

/**
 * What each funder bears of postings; a posting is never changed, so this is as it was submitted. The LEFT
 * JOINs keep engines from beginning with the funders, whose accounts have the entries of the whole city.
 */
async function fundersOf(
  manager: EntityManager,
  postingIds: readonly number[],
): Promise<Map<number, ShownLine['funders']>> {
  if (postingIds.length === 0) return new Map();
  const rows: { postingId: number | string; code: string | null; fen: number | string }[] =
    await manager.query(
      `SELECT entry.postingId, funder.code, -entry.fen AS fen
       FROM ledger_entry entry
       LEFT JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
       LEFT JOIN funder ON funder.id = account.ownerId
      WHERE entry.postingId IN (${placeholders(postingIds)})
      ORDER BY entry.postingId, funder.code`,
      [...postingIds],
    );
  return fundersByPosting(rows);
}
