import type { VisitTerms as VisitTermsRow } from '../../entities/visits/visit-terms.entity.js';
import { addDays, dayOf, instantOn } from '../shared/china-time.js';

/** On which terms visits are booked and called off. */
export type VisitTerms = Pick<
  VisitTermsRow,
  'leadMinutes' | 'horizonDays' | 'rasterMinutes' | 'noticeMinutes'
>;

/** Where nobody said otherwise; our assumption, for no rule of a government names them. */
export const usualTerms: VisitTerms = {
  leadMinutes: 60,
  horizonDays: 90,
  rasterMinutes: 30,
  noticeMinutes: 24 * 60,
};

/** Within which each of them may be set. */
export const visitTermsRanges: Readonly<Record<keyof VisitTerms, readonly [min: number, max: number]>> = {
  leadMinutes: [0, 7 * 24 * 60],
  horizonDays: [1, 366],
  rasterMinutes: [5, 240],
  noticeMinutes: [0, 7 * 24 * 60],
};

/** The first term that is out of its range. */
export function visitTermAtFault(terms: VisitTerms): keyof VisitTerms | undefined {
  const names = Object.keys(visitTermsRanges) as (keyof VisitTerms)[];
  return names.find((name) => {
    const [min, max] = visitTermsRanges[name];
    return !Number.isInteger(terms[name]) || terms[name] < min || terms[name] > max;
  });
}

/** As far ahead as anybody may ask about free times at once. */
export const slotDaysMax = 31;
export const slotsMax = 200;
/** Visits that may be booked as one series. */
export const occurrencesMax = 60;
/** As the column holds them encrypted, in characters. */
export const noteLengthMax = 200;
export const flexMinutesMax = 720;
export const alternativesMax = 5;

/** The first start that may still be booked: a station may book at once, a family after the lead. */
export function firstStart(now: Date, { leadMinutes }: VisitTerms, isStation: boolean): Date {
  return isStation ? now : new Date(now.getTime() + leadMinutes * 60_000);
}

/** Everything that people are told is in whole minutes, and plans count in them. */
export function isWholeMinute(at: Date): boolean {
  return at.getTime() % 60_000 === 0;
}

/** The first start that is too far off: the midnight in China after the last day of the horizon. */
export function horizonEnd(now: Date, { horizonDays }: VisitTerms): Date {
  return instantOn(addDays(dayOf(now), horizonDays + 1), 0);
}

/** True when a family may no more move the visit, or call it off. */
export function isTooLate(startsAt: Date, now: Date, { noticeMinutes }: VisitTerms): boolean {
  return now.getTime() > startsAt.getTime() - noticeMinutes * 60_000;
}

/** Words that a column keeps: not too long, on one line. */
export function isKeepable(text: string): boolean {
  return [...text].length <= noteLengthMax && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}
