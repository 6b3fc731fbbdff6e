import { createClient } from '@redis/client';

/** Messages that may be on their way to Redis and not confirmed. */
const unconfirmedMax = 1_000;
const reconnectMsMax = 5_000;

export interface LineEvents {
  onMessage(text: string): void;
  /** Both ways are open. */
  onReady(): void;
  onDown(error: unknown): void;
}

/** Two connections to Redis, for a channel's listener may not speak; each comes back by itself. */
export class RedisLine {
  private readonly speaker;
  private readonly listener;
  private closed = false;

  constructor(
    url: string,
    private readonly channel: string,
    { onMessage, onReady, onDown }: LineEvents,
  ) {
    const socket = {
      connectTimeout: 5_000,
      reconnectStrategy: (tries: number) =>
        Math.min(reconnectMsMax, 50 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2),
    };
    const options = { url, socket, disableOfflineQueue: true, commandsQueueMaxLength: unconfirmedMax };
    this.speaker = createClient(options);
    this.listener = createClient({ url, socket });
    for (const client of [this.speaker, this.listener]) {
      client.on('error', (error: unknown) => {
        if (!this.closed) onDown(error);
      });
      client.on('ready', () => {
        if (!this.closed && this.speaker.isReady && this.listener.isReady) onReady();
      });
      // It tries again by itself, and tells of each failure by 'error'.
      client.connect().catch(() => undefined);
    }
    // Kept through every reconnection.
    this.listener
      .subscribe(channel, (text) => {
        if (!this.closed) onMessage(text);
      })
      // Such as a user who may not read the channel: nothing else would tell of it.
      .catch((error: unknown) => {
        if (!this.closed) onDown(error);
      });
  }

  /** Undefined when it cannot be sent now. */
  publish(text: string): Promise<unknown> | undefined {
    return this.speaker.isReady ? this.speaker.publish(this.channel, text) : undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const client of [this.speaker, this.listener]) if (client.isOpen) client.destroy();
  }
}
