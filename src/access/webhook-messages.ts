import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../shared/clock.js';
import { PostRefused, postJson, repeated, signatureOf } from '../shared/signed-post.js';
import type { Message, SendsMessages } from './messages.js';

export interface WebhookMessagesOptions {
  url: string;
  /** The key of the signature, which the receiver has too. */
  key: string;
  clock: Clock;
  /** How long the first repetition waits, in milliseconds. */
  retryMs?: number;
}

const attemptsMax = 4;

/** Messages on their way at once. A receiver that hangs must not fill the memory. */
const underWayMax = 1000;

/**
 * Posts messages to the city's sender of SMS. The signature covers the instant of the attempt and the body,
 * so that a post that somebody recorded can be told from a new one.
 */
export class WebhookMessages implements SendsMessages {
  private readonly underWay = new Set<Promise<void>>();

  /** Told of a message that was given up; the server sets it to its log. */
  onFailure: (error: unknown) => void = () => undefined;

  constructor(private readonly options: WebhookMessagesOptions) {}

  send(message: Message): void {
    if (this.underWay.size >= underWayMax) {
      this.onFailure(new Error(`${underWayMax} messages are on their way already`));
      return;
    }
    const { retryMs = 500 } = this.options;
    const sending = repeated(() => this.post(message), { attemptsMax, retryMs, isFinal })
      .catch((error: unknown) => this.onFailure(error))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  async deliver(message: Message): Promise<'TAKEN' | 'REFUSED'> {
    try {
      await this.post(message);
      return 'TAKEN';
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.onFailure(error);
      return 'REFUSED';
    }
  }

  async settledWithin(milliseconds: number): Promise<void> {
    await Promise.race([Promise.all(this.underWay), sleep(milliseconds, undefined, { ref: false })]);
  }

  private post({ id, phone, text }: Message): Promise<void> {
    const { url, key, clock } = this.options;
    const body = JSON.stringify({ id, phone, text });
    const timestamp = String(Math.floor(clock.now().getTime() / 1000));
    const headers = {
      'idempotency-key': id,
      'x-yinling-timestamp': timestamp,
      'x-yinling-signature': signatureOf(`${timestamp}.${body}`, key),
    };
    return postJson(url, { body, headers, what: 'messages' });
  }
}

/** A receiver that says no will say it again; one that is too busy, or broken, may not. */
function isFinal(error: unknown): boolean {
  return error instanceof PostRefused && error.status < 500 && error.status !== 408 && error.status !== 429;
}
