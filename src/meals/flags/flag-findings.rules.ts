import type { FlagRule } from '../../../entities/meals/fraud-flag.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import type { DiningMode, SwipeOutcome } from '../../../entities/meals/swipe.entity.js';
import type { Day } from '../../shared/china-time.js';

/** A swipe as far as signs of fraud ask; one that was voided, or whose clock is not to be believed, is none. */
export interface SwipeFact {
  id: number;
  canteenId: number;
  /** Null for a meal that was handed over as ordered: who did so stands where otherwise the reader does. */
  readerId: number | null;
  /** The account that ordered a meal and handed it over itself; null for every other. */
  ownHandId: number | null;
  /** Null when the card is unknown. */
  elderId: number | null;
  cardUid: string;
  swipedAtMs: number;
  receivedAtMs: number;
  mode: DiningMode;
  outcome: SwipeOutcome;
  reviewReason: SwipeOutcome | null;
  /** Null when nothing was recorded. */
  meal: Meal | null;
  /** The first day on which the elder's file had ended. */
  elderEndedOn: Day | null;
}

/** A sign of fraud, before it is kept. */
export interface Finding {
  rule: FlagRule;
  /** What it is about; once for each rule and day. */
  subject: string;
  canteenId: number;
  elderId: number | null;
  readerId: number | null;
  measured: number;
  threshold: number;
  /** The swipes that show it. */
  swipeIds: readonly number[];
}

/**
 * Whether it was ordered and handed over at a door. A reader may say DELIVERY of any tap, and what it says alone is no
 * reason to look away: somebody with a pile of cards would say just that.
 */
export function isOrdered({ readerId }: SwipeFact): boolean {
  return readerId === null;
}

/** Taps in the order in which they were made. */
export function inOrder(swipes: readonly SwipeFact[]): SwipeFact[] {
  return [...swipes].sort((one, other) => one.swipedAtMs - other.swipedAtMs || one.id - other.id);
}

export function groupedBy<Key>(
  swipes: readonly SwipeFact[],
  keyOf: (swipe: SwipeFact) => Key | null,
): Map<Key, SwipeFact[]> {
  const groups = new Map<Key, SwipeFact[]>();
  for (const swipe of swipes) {
    const key = keyOf(swipe);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(swipe);
    else groups.set(key, [swipe]);
  }
  return groups;
}
