import { dayOf } from '../shared/china-time.js';
import type { Clock } from '../shared/clock.js';
import { type Database, isOutage } from '../shared/database.js';
import { Gatherer } from '../shared/gatherer.js';
import type { IdBlocks } from '../shared/ids.js';
import { CanteenTermsCache } from './canteen-terms.js';
import { recordSwipes, type SwipeRequest } from './record-swipes.js';
import { isTimely, type SwipeLimits } from './swipe.rules.js';
import type { SwipeAnswer } from './swipe-receipt.js';

export interface SwipeIntakeOptions {
  database: Database;
  ids: IdBlocks;
  clock: Clock;
  limits: SwipeLimits;
  /** How many swipes share a transaction at most. */
  batchSizeMax: number;
  /** Told of every batch that was committed. */
  onBatch?(answers: readonly SwipeAnswer[]): void;
  /** How long prices, windows and rules may be kept, in milliseconds. */
  termsAgeMsMax?: number;
}

/** While MySQL works on one batch, this process can make up the next; SQLite works within this process. */
const batchesMaxOnMysql = 2;

/**
 * Takes swipes as they arrive and records them in shared transactions. A swipe is answered after the commit
 * of its transaction, so an answer that was given is on the disk.
 */
export class SwipeIntake {
  readonly terms: CanteenTermsCache;
  private readonly gatherer: Gatherer<SwipeRequest, SwipeAnswer>;

  constructor(private readonly options: SwipeIntakeOptions) {
    this.terms = new CanteenTermsCache(options.database, options.termsAgeMsMax);
    this.gatherer = new Gatherer(
      (requests) => this.recordSparing(requests),
      options.batchSizeMax,
      options.database.engine === 'mysql' ? batchesMaxOnMysql : 1,
    );
  }

  record(request: SwipeRequest): Promise<SwipeAnswer> {
    return this.gatherer.add(request);
  }

  /** The swipes of one upload, decided in their order; answers in the same order. */
  recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    return this.gatherer.addAll(requests);
  }

  get limits(): SwipeLimits {
    return this.options.limits;
  }

  /** Resolves when everything that was taken is written and answered. */
  settled(): Promise<void> {
    return this.gatherer.settled();
  }

  /**
   * Should a batch fail for a reason that no rule foresaw, it is halved until the swipe at fault stands
   * alone: that one's caller gets the error, and its neighbours are recorded. When the database is out of
   * reach all of them get it, and their readers send again.
   */
  private async recordSparing(requests: SwipeRequest[]): Promise<(SwipeAnswer | Error)[]> {
    try {
      const answers = await this.recordTogether(requests);
      this.options.onBatch?.(answers);
      return answers;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (requests.length === 1 || isOutage(error)) return requests.map(() => failure);
      const middle = Math.ceil(requests.length / 2);
      return [
        ...(await this.recordSparing(requests.slice(0, middle))),
        ...(await this.recordSparing(requests.slice(middle))),
      ];
    }
  }

  private async recordTogether(requests: SwipeRequest[]): Promise<SwipeAnswer[]> {
    const { database, ids, clock, limits } = this.options;
    const now = clock.now();
    // Only of timely taps, whose days are few: a reader with a mad clock must not make us read a century.
    const keys = requests
      .filter(({ command }) => isTimely({ command, now, limits }))
      .map(({ canteenId, command }) => ({ canteenId, day: dayOf(command.swipedAt) }));
    const terms = await this.terms.of(keys);
    const firstId = await ids.take(requests.length);
    // Should another server have written one of the ids or meals first, `write` runs it all again, and then
    // that row is read and answered as a replay or a double.
    return database.write((manager) => recordSwipes(manager, requests, { firstId, now, limits, terms }));
  }
}
