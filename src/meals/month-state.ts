import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/** A calendar month in China Standard Time, YYYY-MM. */
export type Month = string;

export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

/** A canteen in one month, as its statement is about it. */
export interface CanteenMonth {
  canteenId: number;
  month: Month;
}

/**
 * True while no statement of the canteen froze the month; then postings of that month may still be taken back.
 * The one place that knows of statements: none freezes a month yet.
 */
export async function isMonthOpen(_manager: EntityManager, _asked: CanteenMonth): Promise<boolean> {
  return true;
}
