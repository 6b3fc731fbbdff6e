export interface RoundsOptions {
  /** How long it rests after a round, in milliseconds. */
  pauseMs: number;
  /** One round; it asks between two pieces of work whether to stop. */
  work(isStopped: () => boolean): Promise<unknown>;
  /** Told of a round that failed; the next one comes all the same. */
  onFailure(error: unknown): void;
}

/** Does something again and again while the server runs, one round after the other. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: RoundsOptions) {}

  start(): void {
    this.plan();
  }

  /** Ends after the piece of work under way; the rest waits for the next round, of this server or of another. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private plan(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.tick().finally(() => this.plan());
    }, this.options.pauseMs);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    try {
      await this.options.work(() => this.stopped);
    } catch (error) {
      this.options.onFailure(error);
    }
  }
}
