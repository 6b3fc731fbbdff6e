import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { addDays, type Day } from '../shared/china-time.js';
import type { AdmissionTerms } from './bed.rules.js';
import { type LeaveSpan, leaveDaysUsed } from './stay-steps.rules.js';

/** What a day costs from a day on; null where the fee of the type counts. */
export interface FeeFrom {
  fromDay: Day;
  fenPerDay: number | null;
}

export interface ChargeFacts {
  /** The days of the stay in the month, [from, to). */
  from: Day;
  to: Day;
  /** Of the bed's type at its facility, in order of their days. */
  typeFees: readonly FeeFrom[];
  /** Of the bed itself, in order of their days. */
  ownFees: readonly FeeFrom[];
  /** All the resident's leaves of the year at the facility, by which the limit is counted. */
  leaves: readonly LeaveSpan[];
  terms: Pick<
    AdmissionTerms,
    'homeLeaveDaysMax' | 'hospitalLeaveDaysMax' | 'homeLeavePercent' | 'hospitalLeavePercent'
  >;
}

/** Days in a row that cost the same for the same reason. */
export interface ChargeLine {
  from: Day;
  to: Day;
  days: number;
  /** Null for days in the bed. */
  leave: LeaveKind | null;
  /** What one of the days costs, in fen. */
  fenPerDay: number;
  fen: number;
}

/** What a stay costs over some days, line by line. A day's part of a fee is rounded down to whole fen. */
export function chargeLines(facts: ChargeFacts): ChargeLine[] {
  const lines: ChargeLine[] = [];
  for (let day = facts.from; day < facts.to; day = addDays(day, 1)) {
    const { leave, fenPerDay } = costOf(day, facts);
    const last = lines.at(-1);
    if (last && last.leave === leave && last.fenPerDay === fenPerDay) {
      last.to = addDays(day, 1);
      last.days += 1;
      last.fen += fenPerDay;
    } else lines.push({ from: day, to: addDays(day, 1), days: 1, leave, fenPerDay, fen: fenPerDay });
  }
  return lines;
}

function costOf(
  day: Day,
  { typeFees, ownFees, leaves, terms }: ChargeFacts,
): Pick<ChargeLine, 'leave' | 'fenPerDay'> {
  const fen = feeOn(ownFees, day) ?? feeOn(typeFees, day) ?? 0;
  const leave = leaves.find(({ fromDay, toDay }) => fromDay <= day && (toDay === null || toDay > day));
  if (!leave) return { leave: null, fenPerDay: fen };
  const isHome = leave.kind === 'HOME';
  const daysMax = isHome ? terms.homeLeaveDaysMax : terms.hospitalLeaveDaysMax;
  const percent = isHome ? terms.homeLeavePercent : terms.hospitalLeavePercent;
  const isWithin = leaveDaysUsed(leaves, leave.kind, day) < daysMax;
  return { leave: leave.kind, fenPerDay: isWithin ? Math.floor((fen * percent) / 100) : fen };
}

function feeOn(fees: readonly FeeFrom[], day: Day): number | null {
  return fees.filter(({ fromDay }) => fromDay <= day).at(-1)?.fenPerDay ?? null;
}
