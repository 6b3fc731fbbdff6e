import type { EntityManager } from 'typeorm';
import { announce } from '../shared/live/announce.js';
import type { LiveBus } from '../shared/live/live-bus.js';
import { topicKind } from '../shared/live/live-event.js';
import { PacedTopics } from '../shared/live/paced-topics.js';
import type { SwipeRequest } from './record-swipes.js';
import type { TakesSwipes } from './swipe-intake.js';
import type { SwipeAnswer } from './swipe-receipt.js';

/** Something in the figures of a canteen's day changed. */
export const canteenDayOf = topicKind<{ canteenId: number }>('meals/canteen-day');

/** The least time between two pieces of news of one canteen, in milliseconds. */
export const canteenNewsMs = 1000;

/** For what changes the figures beside a swipe, such as a void: told when the transaction is committed. */
export function announceCanteenDay(manager: EntityManager, canteenId: number): void {
  announce(manager, canteenDayOf(canteenId), { canteenId });
}

/**
 * An intake that tells when swipes were recorded in a canteen. At noon there are hundreds a second, so one canteen is
 * spoken of once a second at most, and where nobody listens nothing is done at all.
 */
export class TellingIntake implements TakesSwipes {
  private readonly days: PacedTopics<{ canteenId: number }>;

  constructor(
    private readonly intake: TakesSwipes,
    bus: LiveBus,
  ) {
    this.days = new PacedTopics(bus, canteenDayOf, (canteenId) => ({ canteenId }), canteenNewsMs);
  }

  async record(request: SwipeRequest): Promise<SwipeAnswer> {
    const answer = await this.intake.record(request);
    if (!answer.replayed) this.days.touch(request.canteenId);
    return answer;
  }

  async recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    const answers = await this.intake.recordAll(requests);
    for (const [index, { canteenId }] of requests.entries()) {
      if (!answers[index]?.replayed) this.days.touch(canteenId);
    }
    return answers;
  }

  settled(): Promise<void> {
    return this.intake.settled();
  }
}
