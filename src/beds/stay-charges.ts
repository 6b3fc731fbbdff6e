import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { covers, nowhere } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { firstDayOf, type Month, monthOf, nextMonth } from '../shared/month.js';
import { insertRows } from '../shared/statements.js';
import { admissionTerms } from './admission-terms.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type ChargeLine, chargeLines, type FeeFrom } from './charge.rules.js';
import type { Acting, BedReach } from './lock-elder.js';
import { lockStay } from './lock-stay.js';
import { bedsById } from './read-beds.js';
import { type Stay, stayById } from './read-stays.js';
import type { LeaveSpan } from './stay-steps.rules.js';

/** What a stay costs for a month: as it was put on the bill, or as it would be now. Amounts in fen. */
export interface StayCharges {
  stayId: number;
  month: Month;
  lines: readonly ChargeLine[];
  days: number;
  leaveDays: number;
  fen: number;
  /** Null while it is on no bill. */
  chargedAt: Date | null;
}

/** Undefined for a stay that there is not within reach, and for a hold. Reads what makes up the sum anew. */
export async function stayCharges(
  manager: EntityManager,
  { stayId, month, now }: { stayId: number; month: Month; now: Date },
  scope: Scope,
): Promise<StayCharges | undefined> {
  const stay = await stayById(manager, stayId, now);
  const isCovered = await covers(manager, scope, stay?.facilityId ?? nowhere, dayOf(now));
  if (!isCovered || stay?.kind !== 'STAY') return undefined;
  return computeCharges(manager, stay, month);
}

async function computeCharges(manager: EntityManager, stay: Stay, month: Month): Promise<StayCharges> {
  const { from, to } = daysIn(stay, month);
  const { facilityId, bedId, elderId } = stay;
  const bedType = (await bedsById(manager, [bedId])).get(bedId)?.type ?? 'GENERAL';
  const typeFees = await fees(
    manager,
    'SELECT CAST(fromDay AS CHAR) AS fromDay, fenPerDay FROM bed_fee WHERE facilityId = ? AND bedType = ? ORDER BY fromDay',
    [facilityId, bedType],
  );
  const ownFees = await fees(
    manager,
    'SELECT CAST(fromDay AS CHAR) AS fromDay, fenPerDay FROM bed_own_fee WHERE bedId = ? ORDER BY fromDay',
    [bedId],
  );
  const leaves: LeaveSpan[] = await manager.query(
    `SELECT l.kind, CAST(l.fromDay AS CHAR) AS fromDay, CAST(l.toDay AS CHAR) AS toDay
       FROM bed_stay s JOIN stay_leave l ON l.stayId = s.id
      WHERE s.elderId = ? AND s.facilityId = ? AND l.fromDay < ? AND (l.toDay IS NULL OR l.toDay > ?)`,
    [elderId, facilityId, to, `${month.slice(0, 4)}-01-01`],
  );
  const terms = await admissionTerms(manager, { facilityId, bedType, on: firstDayOf(month) });
  const lines = chargeLines({ from, to, typeFees, ownFees, leaves, terms });
  const [row]: { chargedAt: number | string; fen: number | string }[] = await manager.query(
    'SELECT chargedAt, fen FROM stay_charge WHERE stayId = ? AND month = ?',
    [stay.id, month],
  );
  const sum = (of: (line: ChargeLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    stayId: stay.id,
    month,
    lines,
    days: sum(({ days }) => days),
    leaveDays: sum(({ days, leave }) => (leave === null ? 0 : days)),
    // A fee that was changed afterwards changes no bill.
    fen: row ? Number(row.fen) : sum(({ fen }) => fen),
    chargedAt: row ? new Date(Number(row.chargedAt)) : null,
  };
}

/** The days of the stay in the month; none when it has none there. */
function daysIn({ from, to }: Stay, month: Month): { from: Day; to: Day } {
  const first = firstDayOf(month);
  const next = firstDayOf(nextMonth(month));
  const begins = from > first ? from : first;
  const ends = to !== null && to < next ? to : next;
  return { from: begins, to: ends > begins ? ends : begins };
}

async function fees(manager: EntityManager, sql: string, parameters: unknown[]): Promise<FeeFrom[]> {
  const rows: { fromDay: Day; fenPerDay: number | string | null }[] = await manager.query(sql, parameters);
  return rows.map(({ fromDay, fenPerDay }) => ({
    fromDay,
    fenPerDay: fenPerDay === null ? null : Number(fenPerDay),
  }));
}

/**
 * Puts a month of a stay on the bill, as it stands now; again is as once. A month that goes on is charged when the stay
 * has ended in it. From then on the stay cannot end, nor a leave begin or end, before the days that were charged.
 */
export async function chargeStay(
  manager: EntityManager,
  { stayId, month, byId, now }: { stayId: number; month: Month } & Acting,
  reach: BedReach,
): Promise<StayCharges | BedRefusal> {
  const today = dayOf(now);
  const found = await lockStay(manager, stayId, reach, { byId, now });
  if ('refused' in found) return found;
  const { stay } = found.locked;
  if (stay.kind !== 'STAY') return refuseBed('WRONG_STATE', ['stayId']);
  const charges = await computeCharges(manager, stay, month);
  if (charges.chargedAt !== null) return charges;
  const isOver = month < monthOf(today) || (stay.to !== null && stay.to <= today);
  if (!isOver || charges.days === 0) {
    const text = {
      zh: '只能对已结束且有入住日的月份收费',
      en: 'Only a month that is over, with days of the stay in it, is charged',
    };
    return refuseBed('DAY_OUT_OF_RANGE', ['month'], text);
  }
  const { days, leaveDays, fen } = charges;
  await insertRows(
    manager,
    'stay_charge',
    ['stayId', 'month', 'untilDay', 'days', 'leaveDays', 'fen', 'chargedAt', 'chargedById'],
    [[stayId, month, daysIn(stay, month).to, days, leaveDays, fen, now.getTime(), byId]],
  );
  return { ...charges, chargedAt: now };
}
