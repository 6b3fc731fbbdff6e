import type { SwipeOutcome } from '../entities/meals/swipe.entity.js';

/** What a reader knows of a tap that it stored. */
export interface TapFate {
  /** By the server's clock. */
  swipedAtMs: number;
  offline: boolean;
  /** The meal was handed out, because the display said so. */
  mealGiven: boolean;
}

/** How old a tap of a reader that has a network may be when the server hears of it, by its own default. */
const liveMsMax = 10 * 60_000;
const slackMs = 60_000;

/** A card that is tapped again so soon was held against the reader for too long. */
export const repeatMsMax = 5_000;

/**
 * When a stored tap may be sent. A live one that nobody saw taken, because its answer was lost or the power went,
 * waits until the server no longer takes it as new: then it is answered as it was, if it had arrived, and
 * refused otherwise, and nobody pays for a meal that was not handed out.
 */
export function mayBeSentAt({ swipedAtMs, offline, mealGiven }: TapFate): number {
  return offline || mealGiven ? 0 : swipedAtMs + liveMsMax + slackMs;
}

/**
 * True for an answer after which the tap has to be handed in once more, under an id and a number of its own, as one that
 * was decided offline. The meal was handed out because no answer came, but the server had the live tap and had refused
 * it: offline, such a meal is recorded for a manager to decide on. Or the server knows its id, but not this tap.
 *
 * @param sent the tap as it was when it was sent, which is what the answer speaks of
 */
export function needsSecondTap(
  { mealGiven }: Pick<TapFate, 'mealGiven'>,
  sent: Pick<TapFate, 'offline'>,
  outcome: SwipeOutcome,
): boolean {
  if (!mealGiven || isSettled(outcome)) return false;
  return outcome === 'SWIPE_ID_REUSED' || (!sent.offline && !hopeless.includes(outcome));
}

/** True for an answer after which the meal stands in the books. */
export function isSettled(outcome: SwipeOutcome): boolean {
  return outcome === 'ACCEPTED' || outcome === 'RECORDED_FOR_REVIEW';
}

/** Offline they would be answered the same. */
const hopeless: readonly SwipeOutcome[] = ['INPUT_MALFORMED', 'CARD_UNKNOWN', 'READER_NOT_ACTIVE'];

/** False for an answer that another time may be another: the tap goes on waiting. */
export function isFinal(outcome: SwipeOutcome): boolean {
  return outcome !== 'READER_NOT_ACTIVE';
}

/**
 * True for a live tap on which no meal was handed out and which has no answer: the server may have it all the same, so
 * it is what the card is asked about when it comes again, and not a second meal.
 */
export function isOpen({ offline, mealGiven, outcome }: TapFate & { outcome: SwipeOutcome | null }): boolean {
  return outcome === null && !offline && !mealGiven;
}

/** True when the same card comes again so soon, or before anybody saw what became of it. */
export function isSameTap(earlier: { swipedAtMs: number; shown: boolean }, nowMs: number): boolean {
  const ageMs = nowMs - earlier.swipedAtMs;
  if (ageMs < 0) return false;
  return earlier.shown ? ageMs <= repeatMsMax : ageMs <= liveMsMax - slackMs;
}
