import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { ReviewBearer, ReviewReason } from '../../entities/meals/swipe-review.entity.js';
import { maskedName } from '../elders/masked-name.rules.js';
import { covers, narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import type { Statement } from '../shared/statements.js';

/** A meal that was recorded for review, or doubted later, and what was decided on it; amounts in fen. */
export interface Review {
  id: number;
  swipeRowId: number;
  /** 1 for the first review of the swipe, and so on. */
  number: number;
  swipeId: string;
  canteenId: number;
  elderName: string;
  mealDate: Day;
  meal: Meal;
  swipedAt: Date;
  grossFen: number;
  /** What funders bear that is in doubt; null for a meal recorded for review, of which the whole price is decided on. */
  doubtedFen: number | null;
  reason: ReviewReason;
  voided: boolean;
  /** True when it ended by itself: no stay of the elder covers the day of the meal any more. */
  withdrawn: boolean;
  decision: ReviewDecided | null;
}

export interface ReviewDecided {
  requestId: string;
  bornBy: ReviewBearer;
  /** The code of the funder that bears it; null when none does. */
  funderCode: string | null;
  funder: string | null;
  note: string;
  decidedAt: Date;
  decidedBy: string;
}

export interface ReviewFilter {
  /** This facility and everything beneath it today. */
  within?: number | undefined;
  reason?: ReviewReason | undefined;
  /** The days of the meals, [from, to). */
  from?: Day | undefined;
  to?: Day | undefined;
}

/** The place of a review in the order of the answer: by the day of the meal, then by id. */
export interface ReviewPosition {
  mealDate: Day;
  id: number;
}

export interface ReviewsPage {
  after: ReviewPosition | undefined;
  rowsMax: number;
}

const reviewColumns = `r.id, r.swipeRowId, r.number, r.withdrawn, s.swipeId, r.canteenId, e.name AS elderName, CAST(r.mealDate AS CHAR) AS mealDate,
            s.meal, s.swipedAt, s.grossFen, r.doubtedFen, r.reason, s.voidedAt, r.requestId, r.bornBy,
            f.code AS funderCode, f.name AS funder, r.note, r.decidedAt, a.name AS decidedBy`;

const reviewJoins = `JOIN swipe s ON s.id = r.swipeRowId
       JOIN elder e ON e.id = s.elderId
       LEFT JOIN funder f ON f.id = r.funderId
       LEFT JOIN account a ON a.id = r.decidedById`;

/** What waits for a decision in `scope` as the tree stands today, the oldest meal first. Two statements. */
export async function findOpenReviews(
  manager: EntityManager,
  filter: ReviewFilter,
  page: ReviewsPage,
  scope: Scope,
  today: Day,
): Promise<Review[]> {
  const places = await narrowed(manager, scope, filter.within, today);
  const { sql, parameters } = openReviewsQuery(filter, page, places, today);
  const rows: ReviewRow[] = await manager.query(sql, [...parameters]);
  return rows.map(reviewOf);
}

export function openReviewsQuery(
  { reason, from, to }: ReviewFilter,
  page: ReviewsPage,
  places: Scope,
  today: Day,
): Statement {
  const { after } = page;
  const beneath = places === 'everywhere' ? undefined : withBeneath(places, today);
  const conditions: [sql: string, parameters: unknown[]][] = [
    beneath
      ? ['r.openCanteenId IN (SELECT facilityId FROM beneath)', []]
      : ['r.openCanteenId IS NOT NULL', []],
  ];
  if (reason !== undefined) conditions.push(['r.reason = ?', [reason]]);
  if (from !== undefined) conditions.push(['r.mealDate >= ?', [from]]);
  if (to !== undefined) conditions.push(['r.mealDate < ?', [to]]);
  if (after) {
    const { mealDate, id } = after;
    conditions.push(['r.mealDate >= ? AND (r.mealDate > ? OR r.id > ?)', [mealDate, mealDate, id]]);
  }
  return {
    // The page is cut out before anything is joined to it.
    sql: `${beneath?.sql ?? ''}
     SELECT ${reviewColumns}
       FROM (SELECT r.* FROM swipe_review r
              WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
              ORDER BY r.mealDate, r.id LIMIT ${page.rowsMax}) r
       ${reviewJoins}
      ORDER BY r.mealDate, r.id`,
    parameters: [...(beneath?.parameters ?? []), ...conditions.flatMap(([, parameters]) => parameters)],
  };
}

/** The review of a swipe of this number, the last one without it, when its canteen lies in `scope` today. */
export async function findReview(
  manager: EntityManager,
  swipeId: string,
  scope: Scope,
  today: Day,
  number?: number,
): Promise<Review | undefined> {
  const numbered = number === undefined ? '' : ' AND r.number = ?';
  const rows: ReviewRow[] = await manager.query(
    `SELECT ${reviewColumns} FROM swipe_review r ${reviewJoins}
      WHERE s.swipeId = ?${numbered} ORDER BY r.number DESC LIMIT 1`,
    [swipeId.toLowerCase(), ...(number === undefined ? [] : [number])],
  );
  const isInScope = await covers(manager, scope, rows[0]?.canteenId ?? nowhere, today);
  return isInScope && rows[0] ? reviewOf(rows[0]) : undefined;
}

type Big = number | string;

interface ReviewRow {
  id: Big;
  swipeRowId: Big;
  number: number;
  withdrawn: boolean | number;
  swipeId: string;
  canteenId: number;
  elderName: string;
  mealDate: Day;
  meal: Meal;
  swipedAt: Big;
  grossFen: Big;
  doubtedFen: Big | null;
  reason: ReviewReason;
  voidedAt: Big | null;
  requestId: string | null;
  bornBy: ReviewBearer | null;
  funderCode: string | null;
  funder: string | null;
  note: string | null;
  decidedAt: Big | null;
  decidedBy: string | null;
}

function reviewOf(row: ReviewRow): Review {
  const { swipeId, canteenId, mealDate, meal, reason, requestId, bornBy, funderCode, funder } = row;
  return {
    id: Number(row.id),
    swipeRowId: Number(row.swipeRowId),
    number: row.number,
    swipeId,
    canteenId,
    elderName: maskedName(row.elderName),
    mealDate,
    meal,
    swipedAt: new Date(Number(row.swipedAt)),
    grossFen: Number(row.grossFen),
    doubtedFen: row.doubtedFen === null ? null : Number(row.doubtedFen),
    reason,
    voided: row.voidedAt !== null,
    withdrawn: Boolean(row.withdrawn),
    decision:
      bornBy === null || requestId === null
        ? null
        : {
            requestId,
            bornBy,
            funderCode,
            funder,
            note: row.note ?? '',
            decidedAt: new Date(Number(row.decidedAt)),
            decidedBy: row.decidedBy ?? '',
          },
  };
}
