import { randomUUID } from 'node:crypto';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import type { SwipeCommand, SwipeLimits } from '../../src/meals/swipe.rules.js';
import { SwipeIntake, type SwipeIntakeOptions } from '../../src/meals/swipe-intake.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import type { Clock } from '../../src/shared/clock.js';
import { noon, type Town } from './town.js';

export const limits: SwipeLimits = {
  liveSwipeAgeMinutesMax: 10,
  offlineSwipeAgeDaysMax: 7,
  clockSkewSecondsMax: 60,
};

export const noonClock: Clock = { now: () => noon };

/** An intake that reads prices, windows and rules anew for each batch. */
export function intakeOf(town: Town, options: Partial<SwipeIntakeOptions> = {}): SwipeIntake {
  const { database, ids } = town;
  const recorder = new SwipeRecorder({ database, ids, limits, termsAgeMsMax: 0 });
  const batchesMax = database.engine === 'mysql' ? 2 : 1;
  const usual = { recorder, clock: noonClock, batchSizeMax: 256, batchesMax };
  return new SwipeIntake({ ...usual, ...options });
}

let sequence = 0;

/** A tap at a canteen at noon for 12 yuan, unless said otherwise. */
export function tap(
  town: Town,
  command: Partial<SwipeCommand> & { cardUid: string },
  { canteen = 0, readerActive = true }: { canteen?: 0 | 1; readerActive?: boolean } = {},
): SwipeRequest {
  sequence += 1;
  return {
    readerId: town.readerIds[canteen],
    canteenId: town.canteenIds[canteen],
    readerActive,
    command: {
      swipeId: randomUUID(),
      sequence,
      swipedAt: noon,
      grossFen: 1200,
      mode: 'DINE_IN',
      offline: false,
      ...command,
    },
  };
}
