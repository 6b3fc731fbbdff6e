import type { Day } from '../../shared/china-time.js';
import type { Finding, SwipeFact } from './flag-findings.rules.js';
import { manyCards } from './flag-many-cards.rules.js';
import { afterEnd, duringStay } from './flag-not-entitled.rules.js';
import { ownDeliveries } from './flag-own-deliveries.rules.js';
import { longBackfill, outsideWindows } from './flag-reader-habits.rules.js';
import { type EarlierTap, sameOrder } from './flag-same-order.rules.js';
import { beyondSeats, type Seats } from './flag-seats.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';
import { type CanteenPlace, tooFastTravel } from './flag-travel.rules.js';

/** A canteen's day with everything that the signs of fraud ask. */
export interface CanteenDayFacts {
  day: Day;
  thresholds: Thresholds;
  /** At this canteen. */
  swipes: readonly SwipeFact[];
  /** Those of the day of elders who swiped at another canteen too, here and there. */
  travels: readonly SwipeFact[];
  /** What the same elders did on the day before. */
  eve: readonly SwipeFact[];
  /** Of these canteens. */
  places: ReadonlyMap<number, CanteenPlace>;
  /** Recorded meals of the days before. */
  earlier: readonly EarlierTap[];
  seats: Seats;
  livesInInstitution(elderId: number): boolean;
}

/** Every sign that a canteen's day shows. */
export function detectFlags(facts: CanteenDayFacts): Finding[] {
  const { day, thresholds, swipes } = facts;
  return [
    ...manyCards(swipes, thresholds),
    ...tooFastTravel(facts.travels, facts.places, thresholds, facts.eve),
    ...duringStay(swipes, facts.livesInInstitution, thresholds),
    ...afterEnd(swipes, day, thresholds),
    ...outsideWindows(swipes, thresholds),
    ...longBackfill(swipes, thresholds),
    ...beyondSeats(swipes, facts.seats, thresholds),
    ...ownDeliveries(swipes, thresholds),
    ...sameOrder(swipes, facts.earlier, thresholds),
  ];
}
