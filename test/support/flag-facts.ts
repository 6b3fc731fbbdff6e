import type { SwipeFact } from '../../src/meals/flags/flag-findings.rules.js';
import type { Thresholds } from '../../src/meals/flags/flag-thresholds.rules.js';

export const thresholds: Thresholds = {
  MANY_CARDS_COUNT: 3,
  MANY_CARDS_SECONDS: 10,
  TRAVEL_KMH: 60,
  TRAVEL_METERS_MIN: 1000,
  TRAVEL_COUNTY_MINUTES: 30,
  STAY_SWIPES: 1,
  ENDED_SWIPES: 1,
  OUTSIDE_COUNT: 2,
  BACKFILL_HOURS: 24,
  BACKFILL_COUNT: 2,
  SEATS_PERCENT: 100,
  ORDER_CARDS: 5,
  ORDER_PERCENT: 80,
  ORDER_DAYS: 3,
  OWN_DELIVERIES_COUNT: 3,
};

export const noonMs = Date.parse('2026-03-10T12:00:00+08:00');
export const second = 1000;
export const minute = 60 * second;

let made = 0;

/** A lunch eaten in at canteen 1 and reader 11, `afterMs` after noon, of a card that nobody else has. */
export function swiped(afterMs: number, given: Partial<SwipeFact> = {}): SwipeFact {
  made += 1;
  return {
    id: made,
    canteenId: 1,
    readerId: 11,
    ownHandId: null,
    elderId: made,
    cardUid: `CARD${made}`,
    swipedAtMs: noonMs + afterMs,
    receivedAtMs: noonMs + afterMs,
    mode: 'DINE_IN',
    outcome: 'ACCEPTED',
    reviewReason: null,
    meal: 'LUNCH',
    elderEndedOn: null,
    ...given,
  };
}

/** What of findings a test looks at: about what, how much was measured, and from how much on it is a sign. */
export const of = (findings: { subject: string; measured: number; threshold: number }[]) =>
  findings.map(({ subject, measured, threshold }) => `${subject} ${measured}/${threshold}`);
