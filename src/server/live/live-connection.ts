import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { charge } from '../../access/rate.rules.js';
import { isOutage } from '../../shared/database.js';
import type { Text } from '../../shared/text.js';
import { nameOf } from '../apollo.js';
import type { AskedRequest, RequestContext } from '../context.js';
import type { GraphqlErrors } from '../graphql-errors.js';
import type { RateLimits } from '../rate-limits.js';
import { type Arrival, type CallerServices, LiveCaller } from './live-caller.js';
import { type LiveClosing, labelOf, liveCodes } from './live-codes.js';
import type { LiveMetrics } from './live-metrics.js';
import type { LiveResults } from './live-results.js';
import type { CountedSocket, LiveSockets } from './live-sockets.js';
import { type OpenSubscription, subscribe } from './live-subscription.js';
import { coded, type Preparing, prepareSubscription, type Subscribing } from './prepare-subscription.js';
import { shownErrors } from './shown-errors.js';

/** What all connections of a server share. */
export interface LiveServer extends CallerServices {
  limits: RateLimits;
  errors: GraphqlErrors;
  sockets: LiveSockets;
  metrics: LiveMetrics;
  preparing: Preparing;
  log: FastifyBaseLogger;
}

interface Subscription {
  asked: AskedRequest;
  field: string;
  startedMs: number;
  delivered: number;
  open?: OpenSubscription;
}

/** So much may lie unread for a client, beyond what the system holds, before it is let go of. */
export const unreadBytesMax = 1_048_576;
/** So many seconds' worth of messages may come at once. */
const burstSeconds = 10;

const tooMany: Text = { zh: '此连接上的订阅过多', en: 'There are too many subscriptions on this connection' };

/** One WebSocket connection: who is behind it, what it listens to, and whether it may go on. */
export class LiveConnection implements CountedSocket {
  private readonly caller: LiveCaller;
  /** By what the client sent to begin each: it may use an id again. */
  private readonly subscriptions = new Map<Subscribing, Subscription>();
  private readonly openedMs = performance.now();
  private readonly timers: NodeJS.Timeout[] = [];
  private idle: NodeJS.Timeout | undefined;
  private messagesFullAtMs: number | undefined;
  private answers = true;
  private gone = false;
  private rechecking = false;

  constructor(
    private readonly server: LiveServer,
    private readonly socket: WebSocket,
    private readonly arrival: Arrival,
  ) {
    this.caller = new LiveCaller(server, arrival);
    server.sockets.add(this, arrival.address);
    this.every(server.settings.livePingSeconds, () => this.ping());
    socket.on('pong', () => {
      this.answers = true;
    });
  }

  /** Lets the client in; false when it is not, and the connection is closed. */
  async begin(params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { sockets, metrics, settings } = this.server;
    const caller = await this.caller.identify(params);
    if (this.gone) return false;
    if (typeof caller === 'string') {
      metrics.refused('token');
      return this.close(caller === 'none' ? liveCodes.unauthenticated : liveCodes.tokenOver);
    }
    if (!sockets.takeAccount(caller.accountId)) {
      metrics.refused('caller');
      return this.close(liveCodes.tooManyConnections);
    }
    this.caller.accountId = caller.accountId;
    // Thousands that came back together after a restart must not be looked at together for ever.
    const recheckSeconds = settings.liveRecheckSeconds * (0.8 + 0.2 * Math.random());
    this.every(recheckSeconds, () => void this.recheck());
    this.awaitSubscription();
    return true;
  }

  /** False, and the connection is closed, when the client sends more than it may, or reads none of its answers. */
  accepts(): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    const perSecond = this.server.settings.liveMessagesPerSecond;
    const rate = { perSecond, burst: perSecond * burstSeconds };
    const { fullAtMs, retryAfterMs } = charge(this.messagesFullAtMs, performance.now(), rate);
    this.messagesFullAtMs = fullAtMs;
    if (retryAfterMs !== null) {
      this.server.metrics.refused('messages');
      return this.close(liveCodes.tooManyMessages);
    }
    return this.socket.bufferedAmount <= unreadBytesMax || this.close(liveCodes.tooSlow);
  }

  /** Begins a subscription, or says why not. `open` is how many there are with this one. */
  async subscribe(
    sent: Subscribing,
    open: number,
  ): Promise<{ args: ExecutionArgs; results: LiveResults } | readonly GraphQLError[]> {
    const { settings, limits, preparing } = this.server;
    const asked: AskedRequest = { id: randomUUID(), operation: undefined };
    const subscription: Subscription = { asked, field: 'none', startedMs: performance.now(), delivered: 0 };
    // What is refused from here on names its request too, so it is known until that is sent.
    this.subscriptions.set(sent, subscription);
    if (open > settings.liveSubscriptionsPerConnection) {
      return [coded('TOO_MANY_SUBSCRIPTIONS', tooMany[this.caller.language])];
    }
    const prepared = prepareSubscription(sent, preparing, this.caller.language);
    if (Array.isArray(prepared)) return prepared;
    asked.operation = nameOf(prepared.operation);
    const contextNow = () => this.contextNow(asked);
    const contextValue = await contextNow();
    if (!contextValue) return [coded('UNAUTHENTICATED', liveCodes.tokenOver[1])];
    try {
      await limits.chargeAccount(contextValue, prepared.operation);
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
    const args: ExecutionArgs = { ...prepared.args, contextValue };
    const begun = await subscribe(args, { contextNow, onFailure: (met) => this.failed(met) });
    if (!('results' in begun)) {
      this.failed(begun.errors);
      return begun.errors;
    }
    this.opened(subscription, prepared.field, begun);
    return { args, results: begun.results };
  }

  /** What is sent of an answer. */
  shown(sent: Subscribing, { errors, ...result }: ExecutionResult) {
    const subscription = this.subscriptions.get(sent);
    if (subscription && this.socket.readyState === this.socket.OPEN) {
      subscription.delivered += 1;
      this.server.metrics.delivered.inc({ field: subscription.field });
    }
    return { ...result, ...(errors ? { errors: this.shownErrors(sent, errors) } : {}) };
  }

  shownErrors(sent: Subscribing, errors: readonly GraphQLError[]) {
    const { id, operation } = this.subscriptions.get(sent)?.asked ?? {};
    const failed = { requestId: id ?? this.arrival.id, language: this.caller.language, operation };
    return shownErrors(errors, failed, this.server.errors);
  }

  /** The subscription is over, or was never begun. */
  completed(sent: Subscribing): void {
    const subscription = this.subscriptions.get(sent);
    if (!subscription || !this.subscriptions.delete(sent)) return;
    const { asked, field, delivered, startedMs, open } = subscription;
    const { metrics, log } = this.server;
    if (open) metrics.subscriptions.dec({ field });
    const ms = Math.round(performance.now() - startedMs);
    const request = { connectionId: this.arrival.id, requestId: asked.id, operation: asked.operation };
    log.info({ ...request, delivered, ms }, 'subscription');
    this.awaitSubscription();
  }

  /** A failure that nobody foresaw. When it is an outage, the client does better to come back later. */
  failedWith(error: unknown): void {
    const isOut = isOutage(error);
    const line = { err: error, connectionId: this.arrival.id };
    if (!isOut) this.server.log.error(line, 'unexpected error');
    this.close(isOut ? liveCodes.later : liveCodes.internal);
  }

  close([code, reason]: LiveClosing): false {
    if (this.gone) return false;
    this.socket.close(code, reason);
    return false;
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** The connection is gone. */
  closed(code: number): void {
    this.gone = true;
    for (const timer of this.timers) clearTimeout(timer);
    clearTimeout(this.idle);
    const { sockets, metrics, log } = this.server;
    sockets.remove(this, this.arrival.address, this.caller.accountId);
    metrics.closed.inc({ code: labelOf(code) });
    const ms = Math.round(performance.now() - this.openedMs);
    log.info({ connectionId: this.arrival.id, url: '/graphql', code, ms }, 'live connection');
  }

  private opened(subscription: Subscription, field: string, open: OpenSubscription): void {
    subscription.field = field;
    subscription.open = open;
    this.server.metrics.subscriptions.inc({ field });
    clearTimeout(this.idle);
  }

  /** The connection is closed when the token counts no more, or nobody can tell whether it does. */
  private async contextNow(asked: AskedRequest): Promise<RequestContext | undefined> {
    try {
      const context = await this.caller.contextNow(asked);
      if (!context) this.close(liveCodes.tokenOver);
      return context;
    } catch (error) {
      this.failedWith(error);
      return undefined;
    }
  }

  /** What the client may not hear any more ends, even where nothing is told for long. */
  private async recheck(): Promise<void> {
    if (this.rechecking) return;
    this.rechecking = true;
    try {
      if (!(await this.contextNow({ id: this.arrival.id, operation: undefined }))) return;
      await Promise.all([...this.subscriptions.values()].map(({ open }) => open?.recheck()));
    } catch (error) {
      this.failedWith(error);
    } finally {
      this.rechecking = false;
    }
  }

  /** With an outage behind it every subscription would fail: the client comes back when it is over. */
  private failed(errors: readonly GraphQLError[]): void {
    const isPassing = ({ originalError, extensions }: GraphQLError) =>
      isOutage(originalError) || extensions.code === 'OPERATION_TOO_LONG';
    if (errors.some(isPassing)) this.close(liveCodes.later);
  }

  private ping(): void {
    if (this.answers) {
      this.answers = false;
      this.socket.ping();
    } else this.terminate();
  }

  private awaitSubscription(): void {
    if (this.gone || this.subscriptions.size > 0) return;
    clearTimeout(this.idle);
    const ms = this.server.settings.liveIdleSeconds * 1000;
    this.idle = setTimeout(() => this.close(liveCodes.idle), ms).unref();
  }

  private every(seconds: number, work: () => void): void {
    this.timers.push(setInterval(work, seconds * 1000).unref());
  }
}
