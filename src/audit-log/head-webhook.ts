import { setTimeout as sleep } from 'node:timers/promises';
import { postJson, repeated, signatureOf } from '../shared/signed-post.js';
import type { OutsideHead } from './outside-heads.js';

export interface WebhookOptions {
  url: string;
  /** The key of the signature, which the receiver has too. */
  secret: string;
  /** How long the first repetition waits, in milliseconds; each further one twice as long. */
  retryMs?: number;
  onFailure(error: unknown): void;
}

/** Heads that wait for a receiver that is away. A newer head vouches for all before it, so old ones are let go. */
const waitingMax = 100;
const attemptsMax = 6;

/** Posts heads of the chain to a receiver outside, one after another, while nobody waits for it. */
export class HeadWebhook {
  private waiting: OutsideHead[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly options: WebhookOptions) {}

  /** Returns at once. */
  post(head: OutsideHead): void {
    this.waiting = [...this.waiting, head].slice(-waitingMax);
    this.sending ??= this.sendAll();
  }

  /** Resolves when everything was sent or given up, or when the time is over. */
  async settledWithin(milliseconds: number): Promise<void> {
    if (this.sending) await Promise.race([this.sending, sleep(milliseconds, undefined, { ref: false })]);
  }

  private async sendAll(): Promise<void> {
    for (let head = this.waiting.shift(); head; head = this.waiting.shift()) await this.send(head);
    this.sending = undefined;
  }

  private async send(head: OutsideHead): Promise<void> {
    const { retryMs = 1000, onFailure } = this.options;
    await repeated(() => this.sendOnce(head), { attemptsMax, retryMs }).catch(onFailure);
  }

  private async sendOnce({ seq, hash, at }: OutsideHead): Promise<void> {
    const { url, secret } = this.options;
    const body = JSON.stringify({ seq, hash, at });
    const headers = { 'x-yinling-signature': signatureOf(body, secret) };
    await postJson(url, { body, headers, what: "the log's heads" });
  }
}
