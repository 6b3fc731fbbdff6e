import { awaySpansOfBeds } from '../beds/away-spans.js';
import { staysInInstitutions } from '../beds/stays-in-institutions.js';
import type { AfterStay, AwaySpans, InstitutionStays } from '../elders/institution-stays.js';
import { openLateReviews, withSwipes } from '../meals/open-late-reviews.js';
import { withdrawReviews } from '../meals/withdraw-reviews.js';

/**
 * Who lives in an institution, for every place of the server that asks: swipes in their own thread and in this one,
 * explanations, previews and signs of fraud.
 */
export const institutionStays: InstitutionStays = staysInInstitutions;

/** For how long elders are not at home, for visits that were booked before it was known. */
export const awaySpans: AwaySpans = awaySpansOfBeds;

/**
 * What meals do about days that became known late: what was paid for in a stay is looked at, and nothing any more of what
 * proves to be none.
 */
export const openReviewsAfterStay: AfterStay = async (manager, days) => {
  for (const each of await withSwipes(manager, days)) {
    await withdrawReviews(manager, each, institutionStays);
    await openLateReviews(manager, { ...each, reason: 'STAY_ENTERED_LATE' }, institutionStays);
  }
};
