import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { SentSwipe } from './stubborn-reader.js';
import { NotAnswered, type SwipeClient } from './swipe-client.js';
import { isForReview } from './taps.js';

/** A void or a decision as its manager keeps it, with every answer that it got: 'done' or the code of a refusal. */
export interface SentDecision {
  swipeId: string;
  kind: 'VOID' | 'REVIEW';
  bornBy: 'CANTEEN' | 'FUNDER' | null;
  times: number;
  answers: string[];
}

const voidText = `mutation Void($swipeId: ID!) {
  result: voidSwipe(swipeId: $swipeId, reason: "错刷") { __typename ... on VoidRefusal { code } }
}`;
const decideText = `mutation Decide($requestId: ID!, $swipeId: ID!, $bornBy: ReviewBearer!, $funderCode: String) {
  result: decideReview(
    requestId: $requestId, swipeId: $swipeId, bornBy: $bornBy, funderCode: $funderCode, note: "核实"
  ) { __typename ... on ReviewRefusal { code } }
}`;
const funderCode = 'CIVIL-AFFAIRS';

/** One accepted swipe in so many that a manager looks at is voided. */
const voidEvery = 5;
const restMsMax = 150;
const doubtShare = 0.2;
const waitMs = 200;

/** A manager who voids swipes and decides reviews, sends each until it is answered, and now and then once more. */
export class StubbornManager {
  readonly sent: SentDecision[] = [];
  /** How many requests ended without an answer, by reason. */
  readonly errors = new Map<string, number>();
  private looked = 0;

  constructor(
    private readonly client: SwipeClient,
    private readonly token: string,
    /** Whose swipes it looks through, one after the other, in the order in which they were tapped. */
    private readonly swipes: () => readonly SentSwipe[],
  ) {}

  async work(closed: AbortSignal, givenUp: AbortSignal): Promise<void> {
    while (!closed.aborted) {
      const swipe = this.swipes()[this.looked];
      if (swipe && swipe.answers.length > 0) {
        this.looked += 1;
        await this.settle(swipe, givenUp);
      } else await wait(waitMs);
    }
  }

  private async settle({ input }: SentSwipe, givenUp: AbortSignal): Promise<void> {
    const { swipeId } = input;
    const decided = isForReview(input);
    if (!decided && this.looked % voidEvery !== 1) return;
    const sent: SentDecision = {
      swipeId,
      kind: decided ? 'REVIEW' : 'VOID',
      bornBy: decided ? (this.looked % 2 === 0 ? 'FUNDER' : 'CANTEEN') : null,
      times: 0,
      answers: [],
    };
    this.sent.push(sent);
    const { bornBy } = sent;
    const variables = decided
      ? { requestId: randomUUID(), swipeId, bornBy, funderCode: bornBy === 'FUNDER' ? funderCode : null }
      : { swipeId };
    const request = JSON.stringify({ query: decided ? decideText : voidText, variables });
    await this.send(sent, request, givenUp);
    if (Math.random() < doubtShare) await this.send(sent, request, givenUp);
    await wait(Math.random() * restMsMax);
  }

  private async send(sent: SentDecision, request: string, givenUp: AbortSignal): Promise<void> {
    while (!givenUp.aborted) {
      sent.times += 1;
      try {
        const { __typename, code } = await this.client.decide(request, this.token);
        sent.answers.push(code ?? (__typename === undefined ? 'nothing' : 'done'));
        return;
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw error;
        this.errors.set(error.reason, (this.errors.get(error.reason) ?? 0) + 1);
      }
      await wait(waitMs * (0.5 + Math.random()));
    }
  }
}
