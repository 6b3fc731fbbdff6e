import type { LiveEvent, LivePayload, Topic } from './live-event.js';
import { type FeedOptions, LiveFeed } from './live-feed.js';

/** Carries events to the other servers of the platform, and theirs to this one. */
export interface LiveRelay {
  /** Never waits and never throws: an event that cannot be carried is made up for by a resync later. */
  send(events: readonly LiveEvent[]): void;
}

/** What a server keeps in memory, and forgets when it is told that it changed. */
export interface LiveWatcher {
  hear(event: LiveEvent): void;
  /** Something may have been missed. */
  forget(): void;
}

/** When all have to read again at once, their reads are spread over this many milliseconds at most. */
const spreadMsMax = 2000;
const spreadMsEach = 2;

/**
 * Tells the listeners of this server what changed, and the other servers by way of a relay where there is one. Events
 * of one topic arrive in the order in which they were published.
 */
export class LiveBus {
  private readonly feeds = new Map<string, Set<LiveFeed>>();
  private open = 0;
  private relay: LiveRelay | undefined;
  private readonly watchers: LiveWatcher[] = [];

  /** From now on the other servers are told too. */
  relayBy(relay: LiveRelay): void {
    this.relay = relay;
  }

  /** True when there may be somebody to tell of the topic: on this server, or on another. */
  isHeard(topic: Topic<never>): boolean {
    return this.relay !== undefined || (this.open > 0 && this.feeds.has(topic.name));
  }

  /** True when nobody at all could be told of anything. */
  get isDeaf(): boolean {
    return this.relay === undefined && this.open === 0;
  }

  /** How many listen on this server. */
  get listeners(): number {
    return this.open;
  }

  publish(events: readonly LiveEvent[]): void {
    this.deliver(events);
    this.relay?.send(events);
  }

  /** From now on it hears of everything, before any listener does. It must neither wait nor throw. */
  watchedBy(watcher: LiveWatcher): void {
    this.watchers.push(watcher);
  }

  /** To this server's listeners alone, as with what another server told. */
  deliver(events: readonly LiveEvent[]): void {
    for (const watcher of this.watchers) for (const event of events) watcher.hear(event);
    if (this.open === 0) return;
    for (const event of events) for (const feed of this.feeds.get(event.topic) ?? []) feed.push(event);
  }

  /** What happens from now on; close it by `return()`. */
  listen<Payload extends LivePayload>(
    topics: readonly Topic<Payload>[],
    options: FeedOptions,
  ): LiveFeed<Payload> {
    const feed = new LiveFeed<Payload>({
      ...options,
      onClose: () => {
        this.leave(topics, feed);
        options.onClose?.();
      },
    });
    this.open += 1;
    for (const { name } of topics) {
      const listening = this.feeds.get(name) ?? new Set();
      this.feeds.set(name, listening.add(feed as unknown as LiveFeed));
    }
    return feed;
  }

  /** After a gap in what the other servers told, all listeners read again, not all in the same moment. */
  resync(): void {
    for (const watcher of this.watchers) watcher.forget();
    const all = new Set([...this.feeds.values()].flatMap((listening) => [...listening]));
    const spreadMs = Math.min(spreadMsMax, all.size * spreadMsEach);
    for (const feed of all) setTimeout(() => feed.resync(), Math.random() * spreadMs).unref();
  }

  private leave<Payload extends LivePayload>(
    topics: readonly Topic<Payload>[],
    feed: LiveFeed<Payload>,
  ): void {
    this.open -= 1;
    for (const { name } of topics) {
      const listening = this.feeds.get(name);
      listening?.delete(feed as unknown as LiveFeed);
      if (listening?.size === 0) this.feeds.delete(name);
    }
  }
}
