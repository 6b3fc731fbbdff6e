import { Counter, Gauge, type Registry } from 'prom-client';

/** Why a connection was not taken, or a message not looked at. */
export type LiveRefusal = 'origin' | 'address' | 'full' | 'leaving' | 'token' | 'caller' | 'messages';

/** What is counted of WebSocket connections and of what is told over them. */
export class LiveMetrics {
  readonly sockets: Gauge;
  readonly subscriptions: Gauge<'field'>;
  readonly delivered: Counter<'field'>;
  readonly dropped: Counter;
  readonly closed: Counter<'code'>;
  readonly redisConnected: Gauge;
  readonly redisEvents: Counter<'result'>;
  private readonly refusals: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.sockets = new Gauge({
      name: 'yinling_live_sockets',
      help: 'WebSocket connections that are open.',
      registers,
    });
    this.subscriptions = new Gauge({
      name: 'yinling_live_subscriptions',
      help: 'Subscriptions that are open, by field.',
      labelNames: ['field'],
      registers,
    });
    this.delivered = new Counter({
      name: 'yinling_live_delivered_total',
      help: 'Answers that were sent to subscribers, by field.',
      labelNames: ['field'],
      registers,
    });
    this.dropped = new Counter({
      name: 'yinling_live_dropped_total',
      help: 'Changes that made way for one resync because a client read too slowly.',
      registers,
    });
    this.closed = new Counter({
      name: 'yinling_live_closed_total',
      help: 'WebSocket connections that ended, by close code.',
      labelNames: ['code'],
      registers,
    });
    this.refusals = new Counter({
      name: 'yinling_live_refused_total',
      help: 'WebSocket connections that were refused or cut off, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.redisConnected = new Gauge({
      name: 'yinling_live_redis_connected',
      help: '1 while this server hears the others through Redis, 0 while it does not or has no REDIS_URL.',
      registers,
    });
    this.redisEvents = new Counter({
      name: 'yinling_live_redis_events_total',
      help: 'Changes told to or heard from other servers, by result: sent, lost, heard, malformed.',
      labelNames: ['result'],
      registers,
    });
  }

  refused(reason: LiveRefusal): void {
    this.refusals.inc({ reason });
  }
}
