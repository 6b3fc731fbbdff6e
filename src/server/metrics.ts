import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { SwipeAnswer } from '../meals/swipe-receipt.js';
import { LiveMetrics } from './live/live-metrics.js';

/** What the process counts for Prometheus. docs/operations.md says what each of them is good for. */
export class Metrics {
  private readonly registry = new Registry();

  private readonly requestSeconds = new Histogram({
    name: 'yinling_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  private readonly swipes = new Counter({
    name: 'yinling_swipes_total',
    help: 'Swipes answered, by outcome; replayed ones had been answered before.',
    labelNames: ['outcome', 'replayed'],
    registers: [this.registry],
  });

  private readonly swipeBatchSize = new Histogram({
    name: 'yinling_swipe_batch_size',
    help: 'Swipes that shared one transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers: [this.registry],
  });

  private readonly travelFallbacks = new Counter({
    name: 'yinling_travel_fallbacks_total',
    help: 'Ways taken from the straight line because the server of ways did not tell them, by reason.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  private readonly plans = new Counter({
    name: 'yinling_plans_total',
    help: 'Searches for plans of visits that ended, by state.',
    labelNames: ['state'],
    registers: [this.registry],
  });

  private readonly notices = new Counter({
    name: 'yinling_notices_total',
    help: 'Messages to families that ended, by outcome: SENT, GIVEN_UP, STALE, or NO_PHONE.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  /** Of the connections over which changes are told. */
  readonly live = new LiveMetrics(this.registry);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  requestAnswered(route: string, status: number, seconds: number): void {
    this.requestSeconds.observe({ route, status }, seconds);
  }

  batchRecorded(size: number): void {
    this.swipeBatchSize.observe(size);
  }

  swipesAnswered(answers: readonly SwipeAnswer[]): void {
    for (const { outcome, replayed } of answers) this.swipes.inc({ outcome, replayed: String(replayed) });
  }

  waysFellBack(reason: string, ways: number): void {
    this.travelFallbacks.inc({ reason }, ways);
  }

  planEnded(state: string): void {
    this.plans.inc({ state });
  }

  noticeEnded(outcome: string): void {
    this.notices.inc({ outcome });
  }

  /** Everything, in the text format of Prometheus. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }
}
