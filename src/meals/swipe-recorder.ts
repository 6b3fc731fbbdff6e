import { type InstitutionStays, noStays } from '../elders/institution-stays.js';
import { dayOf } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import { type Database, isOutage } from '../shared/database.js';
import type { IdBlocks } from '../shared/ids.js';
import { CanteenTermsCache } from './canteen-terms.js';
import { recordSwipes, type SwipeRequest } from './record-swipes.js';
import { isTimely, type SwipeLimits } from './swipe.rules.js';
import type { SwipeAnswer } from './swipe-receipt.js';

export interface SwipeRecorderOptions {
  database: Database;
  ids: IdBlocks;
  limits: SwipeLimits;
  /** Who lives in an institution; nobody without it. */
  stays?: InstitutionStays;
  /** How long prices, windows and rules may be kept, in milliseconds. */
  termsAgeMsMax?: number;
}

/** Records batches of swipes, each in one transaction. */
export class SwipeRecorder {
  private readonly terms: CanteenTermsCache;

  constructor(private readonly options: SwipeRecorderOptions) {
    this.terms = new CanteenTermsCache(options.database, options.termsAgeMsMax);
  }

  /**
   * Should a batch fail for a reason that no rule foresaw, it is halved until the swipe at fault stands
   * alone: that one's caller gets the error, and its neighbours are recorded. When the database is out of
   * reach all of them get it, and their readers send again.
   */
  async record(requests: SwipeRequest[], now: Date): Promise<(SwipeAnswer | Error)[]> {
    try {
      return await this.recordTogether(requests, now);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (requests.length === 1 || isOutage(error)) return requests.map(() => failure);
      const middle = Math.ceil(requests.length / 2);
      return [
        ...(await this.record(requests.slice(0, middle), now)),
        ...(await this.record(requests.slice(middle), now)),
      ];
    }
  }

  private async recordTogether(requests: SwipeRequest[], now: Date): Promise<SwipeAnswer[]> {
    const { database, ids, limits, stays = noStays } = this.options;
    // Only of timely taps, whose days are few: a reader with a mad clock must not make us read a century.
    const keys = requests
      .filter(({ command }) => isTimely({ command, now, limits }))
      .map(({ canteenId, command }) => ({ canteenId, day: dayOf(command.swipedAt) }));
    const terms = await this.terms.of(keys);
    const firstId = await ids.take(requests.length + 1);
    const recording = { firstId, now, limits, terms, stays, recordedAt: systemClock.now() };
    // Should another server have written one of the ids or meals first, `write` runs it all again, and then
    // that row is read and answered as a replay or a double.
    return database.write((manager) => recordSwipes(manager, requests, recording));
  }
}
