import type { LiveEvent, LivePayload } from './live-event.js';

/** Either that something changed, or that anything may have: then whoever listens reads everything again. */
export type LiveSignal<Payload extends LivePayload = LivePayload> =
  | { kind: 'event'; topic: string; payload: Payload }
  | { kind: 'resync' };

export interface FeedOptions {
  /** How many signals may wait for a slow listener before they make way for one resync. */
  waitingMax: number;
  /** The least time between two signals, in milliseconds; as they come without it. */
  everyMs?: number;
  /** Told once, when nobody listens any more. */
  onClose?(): void;
  /** Told of signals that were thrown away for a resync. */
  onDropped?(count: number): void;
}

const resync = { kind: 'resync' } as const;
const over: IteratorResult<never, undefined> = { done: true, value: undefined };

/**
 * What one listener has not yet heard. It begins with a resync, after which nothing is missed. A newer event takes the
 * place of an older one about the same thing, and when too many wait, one resync takes the place of all: so a listener
 * that cannot follow gets the newest state, and costs no more memory than a fast one.
 */
export class LiveFeed<Payload extends LivePayload = LivePayload>
  implements AsyncIterableIterator<LiveSignal<Payload>>
{
  /** By topic and key, in the order in which they are to be told. A resync stands alone. */
  private readonly waiting = new Map<string, LiveSignal<Payload>>([['', resync]]);
  private wake: (() => void) | undefined;
  private closed = false;
  private lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: FeedOptions) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  push({ topic, key, payload }: LiveEvent): void {
    // Who is about to read everything again will see this too.
    if (this.closed || this.waiting.has('')) return;
    const name = `${topic} ${key}`;
    this.waiting.delete(name);
    this.waiting.set(name, { kind: 'event', topic, payload: payload as Payload });
    if (this.waiting.size > this.options.waitingMax) {
      this.options.onDropped?.(this.waiting.size);
      this.resync();
    } else this.wake?.();
  }

  resync(): void {
    if (this.closed) return;
    this.waiting.clear();
    this.waiting.set('', resync);
    this.wake?.();
  }

  async next(): Promise<IteratorResult<LiveSignal<Payload>, undefined>> {
    for (;;) {
      if (this.closed) return over;
      const waitMs = this.lastAtMs + (this.options.everyMs ?? 0) - performance.now();
      const [first] = this.waiting;
      if (first && waitMs <= 0) {
        const [name, value] = first;
        this.waiting.delete(name);
        this.lastAtMs = performance.now();
        return { done: false, value };
      }
      await this.woken(first ? waitMs : undefined);
    }
  }

  async return(): Promise<IteratorResult<LiveSignal<Payload>, undefined>> {
    if (!this.closed) {
      this.closed = true;
      this.waiting.clear();
      this.options.onClose?.();
      this.wake?.();
    }
    return over;
  }

  /** Until there is something to look at: after so many milliseconds at the latest, when they are given. */
  private woken(withinMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      if (withinMs !== undefined) timer = setTimeout(this.wake, withinMs).unref();
    });
  }
}
