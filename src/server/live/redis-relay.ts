import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { LiveBus, LiveRelay } from '../../shared/live/live-bus.js';
import type { LiveEvent } from '../../shared/live/live-event.js';
import type { LiveMetrics } from './live-metrics.js';
import { RedisLine } from './redis-line.js';
import { type RelayMessage, readMessage, writeMessage } from './relay-message.js';

export interface RedisRelayOptions {
  url: string;
  channel: string;
  bus: LiveBus;
  metrics: Pick<LiveMetrics, 'redisConnected' | 'redisEvents'>;
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  /** How often the line is tested, in milliseconds. */
  testEveryMs?: number;
}

/** What is announced within so many milliseconds travels together. */
const gatherMs = 5;
/** What waits for that; beyond it the others are told to read again instead. */
const outboxMax = 1_000;
/** After so many tests without an answer the line is given up, and another one opened. */
const testsMissedMax = 3;
/** Gaps are mended together, so that three servers that come back are one rereading and not three. */
const mendMs = 500;
const serversMax = 1_000;

const away = new Error('Redis is away');

/**
 * Carries events between the servers of one database through a channel of Redis, which keeps nothing: what did not
 * arrive is made up for by a resync, of which every server learns by gaps in the count of messages, by what the other
 * says when it is back, and by its own line having been down. Nobody ever waits for Redis.
 */
export class RedisRelay implements LiveRelay {
  private readonly from = randomUUID();
  private readonly heard = new Map<string, number>();
  private readonly tests: NodeJS.Timeout;
  private line: RedisLine | undefined;
  private number = 0;
  private outbox: LiveEvent[] = [];
  private hears = false;
  private testsMissed = 0;
  private gathering: NodeJS.Timeout | undefined;
  private mending: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: RedisRelayOptions) {
    const { bus, testEveryMs = 2_000 } = options;
    bus.relayBy(this);
    this.open();
    this.tests = setInterval(() => this.test(), testEveryMs).unref();
  }

  /** True while what other servers tell arrives here, as the last test showed. */
  get connected(): boolean {
    return this.hears;
  }

  send(events: readonly LiveEvent[]): void {
    if (this.stopped) return;
    if (this.outbox.length + events.length > outboxMax) {
      this.lose(this.outbox.length + events.length);
      this.outbox = [];
    } else this.outbox.push(...events);
    this.gathering ??= setTimeout(() => this.flush(), gatherMs).unref();
  }

  async stop(): Promise<void> {
    if (this.outbox.length > 0) this.flush();
    this.stopped = true;
    clearInterval(this.tests);
    clearTimeout(this.gathering);
    clearTimeout(this.mending);
    this.setHears(false);
    await this.line?.close();
  }

  private open(): void {
    const { url, channel } = this.options;
    this.line = new RedisLine(url, channel, {
      onMessage: (text) => this.receive(text),
      onReady: () => this.publish({ hello: true }),
      onDown: (error) => this.setHears(false, error),
    });
  }

  /** Sends a test, after a look whether the last ones came back. */
  private test(): void {
    if (this.testsMissed >= testsMissedMax) {
      // It neither answers nor fails, as when a wall between swallows what is sent.
      this.testsMissed = 0;
      this.setHears(false);
      void this.line?.close();
      this.open();
      return;
    }
    this.testsMissed += 1;
    this.publish({ hello: true });
  }

  private flush(): void {
    this.gathering = undefined;
    const events = this.outbox;
    this.outbox = [];
    this.publish({ events });
  }

  private publish({ events = [], hello = false, resync = false }: Partial<RelayMessage>): void {
    this.number += 1;
    const message = { from: this.from, number: this.number, hello, resync, events };
    const sent = this.line?.publish(writeMessage(message)) ?? Promise.reject(away);
    sent.then(
      () => this.options.metrics.redisEvents.inc({ result: 'sent' }, events.length),
      () => this.lose(events.length),
    );
  }

  /** The count goes on, so the others notice what they did not hear. */
  private lose(count: number): void {
    this.number += 1;
    this.options.metrics.redisEvents.inc({ result: 'lost' }, count);
  }

  private receive(text: string): void {
    const message = readMessage(text);
    if (!message) this.options.metrics.redisEvents.inc({ result: 'malformed' });
    else if (message.from === this.from) this.heardItself();
    else this.heardOther(message);
  }

  private heardOther(message: RelayMessage): void {
    const { bus, metrics } = this.options;
    const last = this.heard.get(message.from);
    if (this.heard.size >= serversMax) this.heard.clear();
    this.heard.set(message.from, message.number);
    const isGap = last !== undefined && message.number !== last + 1;
    if (isGap || message.resync) this.mend();
    metrics.redisEvents.inc({ result: 'heard' }, message.events.length);
    bus.deliver(message.events);
  }

  private heardItself(): void {
    this.testsMissed = 0;
    if (this.hears || this.stopped) return;
    this.setHears(true);
    // Each side may have missed what the other told meanwhile.
    this.publish({ resync: true });
    this.mend();
  }

  private mend(): void {
    this.mending ??= setTimeout(() => {
      this.mending = undefined;
      this.options.bus.resync();
    }, mendMs).unref();
  }

  private setHears(hears: boolean, error?: unknown): void {
    if (this.hears === hears) return;
    this.hears = hears;
    const { metrics, log } = this.options;
    metrics.redisConnected.set(hears ? 1 : 0);
    if (hears) log.info('Redis connects this server with the others');
    else if (!this.stopped) log.warn({ err: error }, 'Redis is away: this server tells only its own changes');
  }
}
