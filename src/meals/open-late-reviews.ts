import type { EntityManager } from 'typeorm';
import type { LateReason } from '../../entities/meals/swipe-review.entity.js';
import type { AfterEnding } from '../elders/end-elder.js';
import { type ElderDays, type InstitutionStays, stayKey } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import { announceCanteenDay } from './canteen-news.js';
import { type ChargedSwipe, lockSwipes, type RecordedSwipe, readCharged } from './charged-swipes.js';
import { readDiners } from './diner-facts.js';
import { doubtedOfResident } from './doubted-subsidy.rules.js';
import { markDays } from './flags/mark-days.js';
import { nextReview } from './next-review.rules.js';
import { givingRules, readRuleCatalog } from './rules/rule-catalog.js';
import { writeReviews } from './write-reviews.js';

/** Days on which an elder was not entitled, as became known after them. */
export interface LateEntry extends ElderDays {
  reason: LateReason;
}

/**
 * Opens a review of every swipe of these days that funders bear something of, whoever decided that they do, and answers
 * how many. Called in the transaction that writes the stay or the end: the elder's row is locked, behind which every
 * swipe is recorded too, so one that arrives at the same moment either is found here, or finds what is being written;
 * and so does a decision, behind the swipe.
 *
 * What was looked at for the same reason keeps what was decided, so calling it again opens nothing. The days are marked
 * to be looked through for signs of fraud once more.
 *
 * @param stays days of a stay are left out on which these say that the elder lives at home; none without it
 */
export async function openLateReviews(
  manager: EntityManager,
  entry: LateEntry,
  stays?: InstitutionStays,
): Promise<number> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [entry.elderId]);
  await markDays(manager, entry.elderId, entry);
  const swipes = await lockSwipes(manager, entry);
  const meant = stays ? await withinStays(manager, entry.elderId, swipes, stays) : swipes;
  const charged = await readCharged(manager, meant);
  const doubted =
    entry.reason === 'STAY_ENTERED_LATE' ? await withoutPaidStays(manager, entry.elderId, charged) : charged;
  const reviews = doubted.map((swipe) => nextReview(swipe, entry)).filter((review) => review !== undefined);
  await writeReviews(manager, reviews);
  for (const canteenId of new Set(reviews.map(({ swipe }) => swipe.canteenId))) {
    announceCanteenDay(manager, canteenId);
  }
  return reviews.length;
}

/**
 * Those who swiped on any of the days: nobody else has anything to look at. One statement, however many. The elders'
 * rows are locked, behind which swipes are recorded, so none comes in after the look.
 */
export async function withSwipes<Days extends ElderDays>(
  manager: EntityManager,
  days: readonly Days[],
): Promise<Days[]> {
  if (days.length === 0) return [];
  const from = days.map(({ fromDay }) => fromDay).reduce((one, other) => (one < other ? one : other));
  const rows: { elderId: number; last: Day }[] = await manager.query(
    `SELECT elderId, CAST(MAX(mealDate) AS CHAR) AS last FROM swipe
      WHERE elderId IN (${placeholders(days)}) AND mealDate >= ? GROUP BY elderId`,
    [...days.map(({ elderId }) => elderId), from],
  );
  const last = new Map(rows.map((row) => [row.elderId, row.last]));
  return days.filter(({ elderId, fromDay }) => (last.get(elderId) ?? '') >= fromDay);
}

/** What meals do about a file that ended: whatever was paid for from that day on is looked at. */
export const openReviewsAfterEnd: AfterEnding = (manager, { elderId, on }) =>
  openLateReviews(manager, { elderId, reason: 'END_ENTERED_LATE', fromDay: on, toDay: null });

async function withinStays(
  manager: EntityManager,
  elderId: number,
  swipes: readonly RecordedSwipe[],
  stays: InstitutionStays,
): Promise<RecordedSwipe[]> {
  const days = [...new Set(swipes.map(({ mealDate }) => mealDate))];
  const living = await stays.on(manager, [elderId], days);
  return swipes.filter(({ mealDate }) => living.has(stayKey(elderId, mealDate)));
}

/** Without what came of rules that pay for residents of institutions too. */
async function withoutPaidStays(
  manager: EntityManager,
  elderId: number,
  charged: readonly ChargedSwipe[],
): Promise<ChargedSwipe[]> {
  if (charged.length === 0) return [];
  const { versions, funders } = await readRuleCatalog(manager);
  const residence = (await readDiners(manager, [elderId])).get(elderId)?.residence ?? null;
  const canteenIds = [...new Set(charged.map(({ canteenId }) => canteenId))];
  const rows: { id: number; divisionCode: string }[] = await manager.query(
    `SELECT id, divisionCode FROM facility WHERE id IN (${placeholders(canteenIds)})`,
    canteenIds,
  );
  const divisions = new Map(rows.map(({ id, divisionCode }) => [id, divisionCode]));
  return charged.flatMap((swipe) => {
    const places = { residence, canteen: divisions.get(swipe.canteenId) ?? '' };
    const meal = { grossFen: swipe.grossFen, places, funders };
    const borne = doubtedOfResident(swipe.borne, givingRules(swipe, versions), meal);
    return borne.size === 0 ? [] : [{ ...swipe, borne }];
  });
}
