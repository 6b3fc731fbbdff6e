import type { BedType } from '../../entities/beds/bed.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode } from '../../entities/meals/swipe.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import type { PaidBecause } from '../../entities/settlement/station-line.entity.js';
import type { Day } from '../shared/china-time.js';
import { type DisputeState, disputeStateOf } from './statement.rules.js';

/** Which lines a list holds; all that is given must hold. */
export interface LineFilter {
  /** Only corrections of earlier months, or only what belongs to the month itself. */
  corrections?: boolean | undefined;
  disputed?: DisputeState | undefined;
  elderId?: number | undefined;
  /** The meals or visits of [fromDay, toDay]; stays whose first day in the month is one of them. */
  fromDay?: Day | undefined;
  toDay?: Day | undefined;
}

/** A line with what a person needs to know it by. */
export interface ShownLine {
  id: number;
  kind: string;
  day: Day;
  correctsMonth: string | null;
  elderId: number | null;
  elderName: string | null;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  funders: { code: string; fen: number }[];
  dispute: LineDispute | null;
  meal: MealOfLine | null;
  visit: VisitOfLine | null;
  stay: StayOfLine | null;
}

/** What a canteen's line is about. */
export interface MealOfLine {
  meal: Meal;
  mode: DiningMode;
  swipeId: string;
  swipedAt: Date;
}

/** What a station's line is about. */
export interface VisitOfLine {
  visitId: number;
  serviceCode: string;
  serviceName: string;
  startsAt: Date;
  minutes: number;
  hoursMinutes: number;
  score: number | null;
  paidBecause: PaidBecause | null;
  /** What the family has paid for the visit until now, whatever the line says. */
  familyPaidFen: number;
}

/** What a home's line is about: days of a stay. Below zero where a correction takes days back. */
export interface StayOfLine {
  stayId: number;
  /** Building, room and bed. */
  bedName: string;
  bedType: BedType;
  /** The ability level that counted; null for none. */
  level: number | null;
  presentDays: number;
  homeLeaveDays: number;
  hospitalDays: number;
  countedDays: number;
  /** The month as it was known, a letter a day: P in the bed, L on leave at home, H in hospital, - neither. */
  days: string;
}

export interface LineDispute {
  id: number;
  state: DisputeState;
  reason: string;
  answer: string | null;
  decision: DisputeDecision | null;
  decisionReason: string | null;
}

/** The columns of a dispute that is joined to its line as `dispute`. */
export const disputeColumns = `dispute.id AS disputeId, dispute.reason, dispute.answer,
            dispute.decision, dispute.decisionReason`;

export interface RawDispute {
  disputeId: number | string | null;
  reason: string;
  answer: string | null;
  decision: DisputeDecision | null;
  decisionReason: string | null;
}

export function disputeOf({
  disputeId,
  reason,
  answer,
  decision,
  decisionReason,
}: RawDispute): LineDispute | null {
  if (disputeId === null) return null;
  const state = disputeStateOf({ answer, decision });
  return { id: Number(disputeId), state, reason, answer, decision, decisionReason };
}

export const disputedSql: Readonly<Record<DisputeState, string>> = {
  OPEN: 'dispute.id IS NOT NULL AND dispute.answer IS NULL',
  ANSWERED: 'dispute.answer IS NOT NULL AND dispute.decision IS NULL',
  DECIDED: 'dispute.decision IS NOT NULL',
};

/** What funders bear, by the postings of lines, from rows in the order in which they are to be shown. */
export function fundersByPosting(
  rows: readonly { postingId: number | string; code: string | null; fen: number | string }[],
): Map<number, ShownLine['funders']> {
  const funders = new Map<number, ShownLine['funders']>();
  for (const { postingId, code, fen } of rows) {
    if (code === null) continue;
    const shares = funders.get(Number(postingId)) ?? [];
    shares.push({ code, fen: Number(fen) });
    funders.set(Number(postingId), shares);
  }
  return funders;
}
