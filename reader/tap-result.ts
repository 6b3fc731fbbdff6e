import type { Meal } from '../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind, SwipeOutcome } from '../entities/meals/swipe.entity.js';
import type { Split } from '../src/meals/subsidy.rules.js';
import type { SwipeAnswer } from './operations.js';
import type { ReaderState } from './reader-state.rules.js';

/**
 * TAKEN: the meal is recorded, or will be, at the prices shown. STORED: it was handed out, and the server judges
 * it when it hears of it. UNSURE: the clerk has to say whether it is handed out.
 */
export type Verdict = 'TAKEN' | 'STORED' | 'REFUSED' | 'UNSURE';

/** Why the reader answers as it does, beside what a server would answer. */
export const readerReasons = [
  'SNAPSHOT_TOO_OLD',
  'DAY_NOT_COVERED',
  'CARD_NOT_LISTED',
  'NO_SNAPSHOT',
  'UNBOUND',
  'CLOCK_WRONG',
  'REVOKED',
  'NOT_UNDERSTOOD',
  'NOT_STORED',
] as const;
export type ReaderReason = (typeof readerReasons)[number];

/** What the display says of the money. Of a tap that was decided alone, only the server knows the rest. */
export interface ShownReceipt {
  mealDate: string | null;
  meal: Meal;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  balanceFen: number | null;
  elderName: string | null;
  serial: string | null;
}

/** What a tap did, as it is shown and, with `--json`, printed. */
export interface TapResult {
  sequence: number | null;
  swipeId: string | null;
  cardUid: string;
  swipedAt: string | null;
  grossFen: number;
  mode: DiningMode;
  menu: MenuKind;
  state: ReaderState;
  verdict: Verdict;
  /** Who decided. */
  by: 'SERVER' | 'READER';
  code: SwipeOutcome | ReaderReason;
  receipt: ShownReceipt | null;
  /** The same card was held against the reader a moment ago: this is what was said then. */
  repeated: boolean;
}

export function receiptOf({ receipt }: SwipeAnswer): ShownReceipt | null {
  if (!receipt) return null;
  const { gave, ...shown } = receipt;
  return shown;
}

export function receiptAlone(day: string, meal: Meal, split: Split): ShownReceipt {
  const { subsidyFen, discountFen, selfPaidFen } = split;
  const unknown = { balanceFen: null, elderName: null, serial: null };
  return { mealDate: day, meal, subsidyFen, discountFen, selfPaidFen, ...unknown };
}
