export interface RoundsOptions {
  /** How long it rests before each round. */
  pauseMs: number;
  /** One round; what it throws is told and waits for the next one. */
  work(): Promise<unknown>;
  onFailure(error: unknown): void;
}

/** Does the same work in rounds, one after the other with a rest before each, until it is stopped. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: RoundsOptions) {}

  /** True once it is to end: long work asks between two steps. */
  get isStopped(): boolean {
    return this.stopped;
  }

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.tick().finally(() => this.start());
    }, this.options.pauseMs);
    // Nothing stays awake for the next round: what is due waits in the database.
    this.timer.unref();
  }

  /** Begins no other round, and ends with the one under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private async tick(): Promise<void> {
    try {
      await this.options.work();
    } catch (error) {
      this.options.onFailure(error);
    }
  }
}
