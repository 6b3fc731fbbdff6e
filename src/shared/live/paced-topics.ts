import type { LiveBus } from './live-bus.js';
import { type LivePayload, liveEvent, type Topic } from './live-event.js';

/** Ids whose last time is remembered before the old ones are forgotten. */
const rememberedMax = 1000;

/**
 * Publishes that something with an id changed, at most once in so many milliseconds for each id however often it is
 * touched, and the last touch always. Where nobody listens a touch costs a look at two fields.
 */
export class PacedTopics<Payload extends LivePayload> {
  private readonly planned = new Set<number>();
  private readonly lastAtMs = new Map<number, number>();

  constructor(
    private readonly bus: LiveBus,
    private readonly topicOf: (id: number) => Topic<Payload>,
    private readonly payloadOf: (id: number) => Payload,
    private readonly everyMs: number,
  ) {}

  touch(id: number): void {
    const { bus, planned, topicOf } = this;
    if (planned.has(id) || bus.isDeaf || !bus.isHeard(topicOf(id))) return;
    planned.add(id);
    const nowMs = performance.now();
    const dueMs = (this.lastAtMs.get(id) ?? nowMs - this.everyMs) + this.everyMs;
    // The touches of one turn of the event loop, such as the swipes of an upload, are one.
    setTimeout(() => this.publish(id), Math.max(0, dueMs - nowMs)).unref();
  }

  private publish(id: number): void {
    const { bus, planned, lastAtMs, topicOf, payloadOf } = this;
    planned.delete(id);
    const nowMs = performance.now();
    if (lastAtMs.size >= rememberedMax) {
      for (const [old, atMs] of lastAtMs) if (atMs + this.everyMs <= nowMs) lastAtMs.delete(old);
    }
    lastAtMs.set(id, nowMs);
    bus.publish([liveEvent(topicOf(id), payloadOf(id))]);
  }
}
