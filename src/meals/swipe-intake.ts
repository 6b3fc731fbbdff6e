import type { Clock } from '../shared/clock.js';
import { Gatherer } from '../shared/gatherer.js';
import type { SwipeRequest } from './record-swipes.js';
import type { SwipeAnswer } from './swipe-receipt.js';
import type { SwipeRecorder } from './swipe-recorder.js';

/** Where swipes are handed in. A swipe is answered after its commit, so an answer that was given is on the disk. */
export interface TakesSwipes {
  record(request: SwipeRequest): Promise<SwipeAnswer>;
  /** The swipes of one upload, decided in their order; answers in the same order. */
  recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]>;
  /** Resolves when everything that was taken is written and answered. */
  settled(): Promise<void>;
}

export interface SwipeIntakeOptions {
  recorder: SwipeRecorder;
  clock: Clock;
  /** How many swipes share a transaction at most. */
  batchSizeMax: number;
  /** How many batches may be under way at once. */
  batchesMax: number;
  /** Told of every batch that was recorded. */
  onBatch?(answers: readonly SwipeAnswer[]): void;
}

/** Takes swipes as they arrive and has them recorded in shared transactions. */
export class SwipeIntake implements TakesSwipes {
  private readonly gatherer: Gatherer<SwipeRequest, SwipeAnswer>;

  constructor(private readonly options: SwipeIntakeOptions) {
    const { batchSizeMax, batchesMax } = options;
    this.gatherer = new Gatherer((requests) => this.recordBatch(requests), batchSizeMax, batchesMax);
  }

  record(request: SwipeRequest): Promise<SwipeAnswer> {
    return this.gatherer.add(request);
  }

  recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    return this.gatherer.addAll(requests);
  }

  settled(): Promise<void> {
    return this.gatherer.settled();
  }

  private async recordBatch(requests: SwipeRequest[]): Promise<(SwipeAnswer | Error)[]> {
    const { recorder, clock, onBatch } = this.options;
    const results = await recorder.record(requests, clock.now());
    onBatch?.(results.filter((result): result is SwipeAnswer => !(result instanceof Error)));
    return results;
  }
}
