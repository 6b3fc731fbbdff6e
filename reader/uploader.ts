import { recordSwipes, type SwipeAnswer, swipeInput } from './operations.js';
import type { ReaderClock } from './reader-clock.js';
import type { Reply, ServerClient } from './server-client.js';
import { isFinal } from './tap-fate.rules.js';
import type { ServerAnswer, StoredTap, TapStore } from './tap-store.js';

/** DONE when nothing is left that may be sent now. */
export type Uploading = { kind: 'DONE' } | UploadFailure;
export type UploadFailure = Extract<Reply<never>, { kind: 'NO_ANSWER' | 'KEY_REFUSED' }>;

/** What became of one tap that was sent later than it was tapped. */
export interface Uploaded {
  tap: StoredTap;
  answer: SwipeAnswer;
  /** The number of the tap that was stored in its place, where it has to be handed in once more. */
  secondSequence: number | null;
}

export interface UploaderOptions {
  client: ServerClient;
  taps: TapStore;
  clock: ReaderClock;
  /** The live tap that somebody waits for is sent by itself. */
  inFlight: ReadonlySet<number>;
  onUploaded(uploaded: Uploaded): void;
  onStuck(tap: StoredTap, reason: string): void;
}

/** So that a weak network gets something through. */
const batchMax = 100;
const batchMin = 20;
const uploadDeadlineMs = 60_000;

/** Sends what is stored until it is answered: the same taps again and again, never other ones in their place. */
export class Uploader {
  private batchSize = batchMax;

  constructor(private readonly options: UploaderOptions) {}

  async upload(): Promise<Uploading> {
    for (;;) {
      const { taps, clock, inFlight } = this.options;
      const nowMs = clock.nowMs();
      if (nowMs === undefined) return { kind: 'DONE' };
      const batch = taps.waiting(nowMs, this.batchSize, inFlight);
      if (batch.length === 0) return { kind: 'DONE' };
      const failure = await this.send(batch);
      if (failure) {
        // A network that loses large requests may carry smaller ones.
        this.batchSize = Math.max(batchMin, Math.floor(this.batchSize / 2));
        return failure;
      }
      this.batchSize = Math.min(batchMax, this.batchSize * 2);
    }
  }

  /** Undefined when every tap of the batch was answered, or set aside because no server can read it. */
  private async send(batch: readonly StoredTap[]): Promise<UploadFailure | undefined> {
    const reply = await this.options.client.ask(
      recordSwipes,
      { inputs: batch.map(swipeInput) },
      uploadDeadlineMs,
    );
    if (reply.kind === 'NOT_UNDERSTOOD') return this.sendHalves(batch, reply.reason);
    if (reply.kind !== 'DATA') return reply;
    const answers = reply.data.recordSwipes;
    const areTheirs = batch.every(({ swipeId }, index) => answers[index]?.swipeId === swipeId);
    if (!areTheirs || answers.length !== batch.length)
      return { kind: 'NO_ANSWER', reason: 'answers to other swipes', retryAfterMs: 0 };
    return this.keep(batch, answers);
  }

  /** What spoils a whole request may be one tap of it, so that one is looked for by halves. */
  private async sendHalves(batch: readonly StoredTap[], reason: string): Promise<UploadFailure | undefined> {
    const [first] = batch;
    if (batch.length === 1 && first) {
      this.putAside(first, reason);
      return undefined;
    }
    const half = Math.ceil(batch.length / 2);
    return (await this.send(batch.slice(0, half))) ?? this.send(batch.slice(half));
  }

  /** It is kept, and a person looks at it: the server will refuse it for as long as it is the same. */
  private putAside(tap: StoredTap, reason: string): void {
    this.options.taps.setStuck(tap.sequence, reason);
    this.options.onStuck(tap, reason);
  }

  private keep(batch: readonly StoredTap[], answers: readonly SwipeAnswer[]): UploadFailure | undefined {
    const { taps, clock, onUploaded } = this.options;
    let failure: UploadFailure | undefined;
    batch.forEach((tap, index) => {
      const answer = answers[index] as SwipeAnswer;
      if (!isFinal(answer.outcome)) {
        failure = { kind: 'KEY_REFUSED', reason: answer.outcome };
        return;
      }
      if (answer.outcome === 'INPUT_MALFORMED') {
        this.putAside(tap, `${answer.outcome} ${answer.field ?? ''}`.trim());
        return;
      }
      if (answer.outcome === 'SWIPE_ID_REUSED' && tap.sentLive) {
        taps.askAsLive(tap.sequence);
        return;
      }
      if (answer.outcome === 'SWIPE_ID_REUSED' && taps.isAnewOfReused(tap)) {
        this.putAside(tap, answer.outcome);
        return;
      }
      const second = taps.answer(tap, storedAnswer(answer, clock));
      onUploaded({ tap, answer, secondSequence: second?.sequence ?? null });
    });
    return failure;
  }
}

/** The answer as it is stored, with what it says of the meal. */
export function storedAnswer({ outcome, receipt }: SwipeAnswer, clock: ReaderClock): ServerAnswer {
  const answeredAtMs = clock.nowMs() ?? clock.read().wallMs;
  if (!receipt) return { outcome, answeredAtMs };
  const { mealDate: day, meal, selfPaidFen } = receipt;
  const gave = Object.fromEntries(receipt.gave.map(({ rule, fen }) => [rule, fen]));
  return { outcome, answeredAtMs, taken: { day, meal, selfPaidFen, gave } };
}
