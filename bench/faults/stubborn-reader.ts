import { NotAnswered, type SwipeAnswer, type SwipeClient, type SwipeInput } from './swipe-client.js';
import type { Taps } from './taps.js';

/** A swipe as its reader keeps it, with every answer that it got. */
export interface SentSwipe {
  input: SwipeInput;
  /** How often it was sent. */
  times: number;
  answers: SwipeAnswer[];
}

export interface ReaderHabits {
  /** Taps in a request. */
  batchSize: number;
  /** The longest rest after a request, in milliseconds. */
  restMsMax: number;
  /** The share of requests after which earlier, answered taps are sent once more. */
  doubtShare: number;
}

const firstWaitMs = 50;
const longestWaitMs = 400;

/** A card reader that stores each tap and sends it until it has an answer, and now and then once more. */
export class StubbornReader {
  readonly sent: SentSwipe[] = [];
  /** How many requests ended without an answer, by reason. */
  readonly errors = new Map<string, number>();

  constructor(
    private readonly client: SwipeClient,
    private readonly token: string,
    private readonly habits: ReaderHabits,
  ) {}

  /** Taps until `closed`; what was tapped by then is sent until it is answered or `givenUp`. */
  async work(taps: Taps, closed: AbortSignal, givenUp: AbortSignal): Promise<void> {
    const { batchSize, restMsMax, doubtShare } = this.habits;
    while (!closed.aborted) {
      const fresh = taps.next(batchSize, this.sent.length + 1);
      const swipes = fresh.map((input): SentSwipe => ({ input, times: 0, answers: [] }));
      this.sent.push(...swipes);
      await this.send(swipes, givenUp);
      const doubts = fresh.length === 0 || Math.random() < doubtShare;
      if (doubts) await this.send(someOf(this.sent, batchSize), givenUp);
      await rest(Math.random() * restMsMax);
    }
  }

  private async send(swipes: readonly SentSwipe[], givenUp: AbortSignal): Promise<void> {
    let waitMs = firstWaitMs;
    while (swipes.length > 0 && !givenUp.aborted) {
      for (const swipe of swipes) swipe.times += 1;
      try {
        const answers = await this.client.record(
          swipes.map(({ input }) => input),
          this.token,
        );
        swipes.forEach((swipe, index) => {
          swipe.answers.push(answers[index] as SwipeAnswer);
        });
        return;
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw error;
        this.errors.set(error.reason, (this.errors.get(error.reason) ?? 0) + 1);
      }
      await rest(waitMs * (0.5 + Math.random()));
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }
}

/** Different ones, sent long ago or just now; they need not have been sent together. */
function someOf(swipes: readonly SentSwipe[], count: number): SentSwipe[] {
  const drawn = new Set<SentSwipe>();
  for (let draw = 0; draw < count && swipes.length > 0; draw++)
    drawn.add(swipes[Math.floor(Math.random() * swipes.length)] as SentSwipe);
  return [...drawn];
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
