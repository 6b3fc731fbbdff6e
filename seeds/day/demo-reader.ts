import { randomUUID } from 'node:crypto';
import { instantOn } from '../../src/shared/china-time.js';
import { demoElder } from '../elders/demo-elder.js';
import type { GraphClient } from './graph-client.js';
import type { PlannedTap } from './lunch-plan.js';

export interface Receipt {
  serial: string;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

export interface Answer {
  swipeId: string;
  outcome: string;
  replayed: boolean;
  receipt: Receipt | null;
}

/** A tap that the reader has given its id and number, and stored before it sends it. */
export interface StoredTap {
  tap: PlannedTap;
  input: { swipeId: string; sequence: number };
  answer?: Answer;
}

const answerFields =
  'swipeId outcome replayed receipt { serial grossFen subsidyFen discountFen selfPaidFen }';
const recordSwipe = `mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { ${answerFields} } }`;
const recordSwipes = `mutation Swipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${answerFields} } }`;

/** How many stored taps go up in one request. */
const uploadSize = 100;

/** A card reader of the demo city: it numbers and stores each tap, and sends it until it has an answer. */
export class DemoReader {
  readonly stored: StoredTap[] = [];
  /** Answers to taps that were sent again, beside the first ones. */
  readonly repeated: { first: Answer; again: Answer }[] = [];

  constructor(
    private readonly client: GraphClient,
    readonly facilityId: string,
    private readonly token: string,
    private readonly day: string,
    /** The last number it has used. */
    private sequence: number,
    /** Runs a request, and again after an outage: a tap is safe to send as often as it takes. */
    private readonly untilAnswered: <T>(request: () => Promise<T>) => Promise<T>,
  ) {}

  /** The card is tapped: the reader stores it, and sends it at once unless it has no network. */
  async tap(tap: PlannedTap): Promise<void> {
    const stored = this.store(tap);
    if (tap.offline) return;
    stored.answer = await this.send(stored);
    if (tap.sentTwice) this.repeated.push({ first: stored.answer, again: await this.send(stored) });
  }

  /** The network is back: what was stored goes up in batches, the first of them twice. */
  async catchUp(): Promise<void> {
    const waiting = this.stored.filter(({ answer }) => !answer);
    for (let start = 0; start < waiting.length; start += uploadSize) {
      const batch = waiting.slice(start, start + uploadSize);
      const answers = await this.upload(batch);
      batch.forEach((stored, index) => {
        stored.answer = answers[index];
      });
      if (start > 0) continue;
      (await this.upload(batch)).forEach((again, index) => {
        const first = answers[index];
        if (first) this.repeated.push({ first, again });
      });
    }
  }

  private store(tap: PlannedTap): StoredTap {
    this.sequence += 1;
    const { grossFen, mode, offline } = tap;
    const swipedAt = instantOn(this.day, tap.minute).toISOString();
    const { cardUid } = demoElder(tap.elder);
    const input = {
      swipeId: randomUUID(),
      sequence: this.sequence,
      cardUid,
      swipedAt,
      grossFen,
      mode,
      offline,
    };
    const stored: StoredTap = { tap, input };
    this.stored.push(stored);
    return stored;
  }

  private async send({ input }: StoredTap): Promise<Answer> {
    const data = await this.untilAnswered(() =>
      this.client.ask<{ recordSwipe: Answer }>(recordSwipe, { input }, this.token),
    );
    return data.recordSwipe;
  }

  private async upload(batch: readonly StoredTap[]): Promise<Answer[]> {
    const inputs = batch.map(({ input }) => input);
    const data = await this.untilAnswered(() =>
      this.client.ask<{ recordSwipes: Answer[] }>(recordSwipes, { inputs }, this.token),
    );
    return data.recordSwipes;
  }
}
