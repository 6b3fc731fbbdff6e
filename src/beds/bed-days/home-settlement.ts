import type { EntityManager } from 'typeorm';
import { isHomeSql } from '../../settlement/kind-of-facility.js';
import type { DisputedLine, SettlementKind } from '../../settlement/settlement-kind.js';
import { forUpdate } from '../../shared/database.js';
import type { Month } from '../../shared/month.js';
import { insertRows } from '../../shared/statements.js';
import { daysIn } from './bed-day.rules.js';
import { findLines } from './find-home-lines.js';
import { homeDocument } from './home-document.js';
import {
  draftShares,
  draftSums,
  earlierOpenMonth,
  fixParts,
  lineShares,
  ownCounts,
  unsettledLines,
} from './home-lines.js';

/** What homes bring to the statements of a month. */
export const homeSettlement: SettlementKind = {
  name: 'HOME',
  lines: {
    name: 'home_line',
    parts: 'home_line_part',
    columns: [
      'facilityId',
      'stayId',
      'bedType',
      'level',
      'daysMonth',
      'homeLeaveDays',
      'hospitalDays',
      'countedDays',
      'days',
    ],
    source: 'NULL',
  },
  facilitiesSql: `SELECT facility.id AS facilityId FROM facility WHERE ${isHomeSql}`,
  lock: lockHome,
  earlierOpenMonth,
  unsettledLines,
  fixParts,
  lineShares,
  draftSums,
  draftShares,
  ownCounts,
  findLines,
  document: homeDocument,
  // What a home gets for its beds are the lines themselves.
  operatorShares: async () => [],
  owe: async () => {
    throw new Error('the operator of a home gets nothing beside its lines');
  },
  bornByFunders,
  canUphold: async () => true,
  uphold,
};

/**
 * Stays pass by it: whatever is entered while a month is submitted is in it, or comes as a correction, because lines are
 * differences.
 */
async function lockHome(manager: EntityManager, facilityId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT facility.id FROM facility WHERE facility.id = ? AND ${isHomeSql}${forUpdate(manager)}`,
    [facilityId],
  );
  return rows.length > 0;
}

interface LineOfDispute {
  stayId: number | string;
  month: Month;
  days: string;
  grossFen: number | string;
  earlierDays: string | null;
}

/** A line that is written down, with what the statements before it said of the same days. */
async function lineOf(manager: EntityManager, postingId: number): Promise<LineOfDispute | undefined> {
  const rows: LineOfDispute[] = await manager.query(
    `SELECT line.stayId, line.daysMonth AS month, line.days, line.grossFen,
            (SELECT earlier.days FROM home_line earlier
              WHERE earlier.stayId = line.stayId AND earlier.daysMonth = line.daysMonth
                AND COALESCE(earlier.level, -1) = COALESCE(line.level, -1) AND earlier.postingId < line.postingId
              ORDER BY earlier.postingId DESC LIMIT 1) AS earlierDays
       FROM home_line line WHERE line.postingId = ?`,
    [postingId],
  );
  return rows[0];
}

/** The days that the line is about: those that it says something new of. */
function doubted({ days, earlierDays, month }: LineOfDispute): string {
  const letters = Array.from({ length: daysIn(month) }, (_, index) => {
    const letter = days[index] ?? '-';
    return letter !== '-' && letter !== (earlierDays?.[index] ?? '-') ? 'X' : '-';
  });
  return letters.join('');
}

/** Nothing of a line that brings no day: there is none to doubt. */
async function bornByFunders(manager: EntityManager, postingId: number): Promise<number> {
  const line = await lineOf(manager, postingId);
  return line && doubted(line).includes('X') ? Number(line.grossFen) : 0;
}

/** From now on nobody pays for these days, so that the open month has what was paid for them as a correction. */
async function uphold(manager: EntityManager, { disputeId, postingId }: DisputedLine): Promise<void> {
  const line = await lineOf(manager, postingId);
  if (!line) throw new Error(`there is no line ${postingId}`);
  const columns = ['disputeId', 'stayId', 'month', 'days'];
  await insertRows(manager, 'denied_bed_days', columns, [
    [disputeId, line.stayId, line.month, doubted(line)],
  ]);
}
