import type { EntityManager } from 'typeorm';
import type { LateReason } from '../../entities/meals/swipe-review.entity.js';
import type { AfterEnding } from '../elders/end-elder.js';
import type { ElderDays } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { announceCanteenDay } from './canteen-news.js';
import { markDays } from './flags/mark-days.js';
import { readRuleCatalog, readUses, type StoredUses } from './rules/rule-catalog.js';

/** Days on which an elder was not entitled, as became known after them. */
export interface LateEntry {
  elderId: number;
  reason: LateReason;
  /** Over [fromDay, toDay); null where no end is known. */
  fromDay: Day;
  toDay: Day | null;
}

/**
 * Opens a review of every accepted swipe of these days that funders were charged for, and answers how many. Called
 * in the transaction that writes the stay or the end: the elder's row is locked, behind which every swipe is
 * recorded too, so one that arrives at the same moment either is found here, or finds what is being written.
 *
 * A swipe that has a review keeps it, whatever was decided, and one that was voided or whose dispute was upheld
 * costs no funder anything: so calling it again opens nothing. The days are marked to be looked through for signs of
 * fraud once more.
 */
export async function openLateReviews(manager: EntityManager, entry: LateEntry): Promise<number> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [entry.elderId]);
  await markDays(manager, entry.elderId, entry);
  const ids = await lockSwipes(manager, entry);
  if (ids.length === 0) return 0;
  const charged = await readCharged(manager, ids);
  const doubted = entry.reason === 'STAY_ENTERED_LATE' ? await withoutPaidStays(manager, charged) : charged;
  await insertRows(
    manager,
    'swipe_review',
    ['id', 'canteenId', 'openCanteenId', 'mealDate', 'reason', 'doubtedFen'],
    doubted.map(({ id, canteenId, mealDate, doubtedFen }) => [
      Number(id),
      canteenId,
      canteenId,
      mealDate,
      entry.reason,
      Number(doubtedFen),
    ]),
  );
  for (const canteenId of new Set(doubted.map((swipe) => swipe.canteenId))) {
    announceCanteenDay(manager, canteenId);
  }
  return doubted.length;
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

/** Voids, disputes and decisions of these swipes wait until the transaction ends. */
async function lockSwipes(manager: EntityManager, { elderId, fromDay, toDay }: LateEntry): Promise<number[]> {
  const before = toDay === null ? '' : ' AND mealDate < ?';
  const rows: { id: number | string }[] = await manager.query(
    `SELECT id FROM swipe
      WHERE elderId = ? AND mealDate >= ?${before} AND claimedMeal IS NOT NULL AND outcome = 'ACCEPTED'
      ORDER BY id${forUpdate(manager)}`,
    toDay === null ? [elderId, fromDay] : [elderId, fromDay, toDay],
  );
  return rows.map(({ id }) => Number(id));
}

interface Charged extends StoredUses {
  id: number | string;
  canteenId: number;
  mealDate: Day;
  doubtedFen: number | string;
}

/** Those of the swipes that funders are charged for and that nobody reviews, with what they are charged. */
function readCharged(manager: EntityManager, ids: readonly number[]): Promise<Charged[]> {
  return manager.query(
    `SELECT s.id, s.canteenId, CAST(s.mealDate AS CHAR) AS mealDate, s.ruleId, s.subsidyFen, s.appliedRules,
            SUM(-n.fen) AS doubtedFen
       FROM swipe s
       JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
       JOIN ledger_entry n ON n.postingId = p.id
       JOIN ledger_account a ON a.id = n.accountId AND a.kind = 'FUNDER'
      WHERE s.id IN (${placeholders(ids)})
        AND NOT EXISTS (SELECT 1 FROM swipe_review r WHERE r.id = s.id)
        AND NOT EXISTS (SELECT 1 FROM statement_dispute d WHERE d.sourceId = s.id AND d.decision = 'UPHELD')
      GROUP BY s.id, s.canteenId, s.mealDate, s.ruleId, s.subsidyFen, s.appliedRules
      ORDER BY s.id`,
    [...ids],
  );
}

/** Without the swipes that only rules gave something for which pay for residents of institutions too. */
async function withoutPaidStays(manager: EntityManager, charged: readonly Charged[]): Promise<Charged[]> {
  if (charged.length === 0) return [];
  const { versions } = await readRuleCatalog(manager);
  const codesPaid = new Set(
    [...versions.values()].filter(({ document }) => document.institutions === 'PAID').map(({ code }) => code),
  );
  return charged.filter((swipe) => {
    const uses = readUses(swipe, versions);
    return uses.length === 0 || uses.some(({ setCode }) => !codesPaid.has(setCode));
  });
}
