import type { MonthFacts, StayDays } from '../../src/beds/bed-days/bed-day.rules.js';
import type { BedSubsidyRule } from '../../src/beds/bed-days/bed-subsidy.rules.js';

export const april = '2026-04';
/** A stay since the beginning of the year. */
export const stay = (of: Partial<StayDays>): StayDays => ({
  ...{ stayId: 1, elderId: 1, bedType: 'NURSING', fromDay: '2026-01-01', toDay: null, leaves: [] },
  ...of,
});
/** 300 yuan a month for everybody, of whatever is not said otherwise. */
export const rule = (of: Partial<BedSubsidyRule>): BedSubsidyRule => ({
  ...{ fromDay: '2026-01-01', per: 'MONTH', wholeMonthDays: null, homeLeaveDaysMax: 0, hospitalDaysMax: 0 },
  rates: [{ bedType: null, levelMin: null, levelMax: null, fen: 30_000 }],
  ...of,
});
/** A stay throughout April, and one funder. */
export const facts = (of: Partial<MonthFacts>, terms = rule({})): MonthFacts => ({
  month: april,
  stays: [stay({})],
  levels: Array(31).fill(2),
  terms: [{ funderId: 7, byDay: Array(31).fill(terms) }],
  denied: new Map(),
  ...of,
});
