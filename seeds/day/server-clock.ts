import { instantOn } from '../../src/shared/china-time.js';
import { type GraphClient, ServerUnreachable } from './graph-client.js';

/** How long a server that went away may take to come back. */
const absenceSecondsMax = 120;

const setClock = 'mutation SetClock($at: DateTime, $rate: Float!) { setClock(at: $at, rate: $rate) }';

/**
 * Holds the server's clock at a minute of the played day. A server that was restarted has its own time again,
 * so after an outage nobody sends before the clock is set anew.
 */
export class ServerClock {
  private at: Date | null = null;
  private released = false;
  /** The setting under way: two at once could arrive in either order. */
  private lastApplied: Promise<unknown> = Promise.resolve();
  private recovery: Promise<void> | undefined;
  /** How often the server had to be waited for. */
  outages = 0;

  constructor(
    private readonly client: GraphClient,
    private readonly adminToken: string,
  ) {}

  async setTo(day: string, minute: number): Promise<void> {
    // What is still under way when a day is broken off must not stop the clock again.
    if (this.released) throw new Error("The server's clock was given back.");
    this.at = instantOn(day, minute);
    await this.untilAnswered(() => this.apply());
  }

  /** Lets the server's clock run again, for good. A server that is away has its own time when it is back. */
  async release(): Promise<void> {
    this.at = null;
    this.released = true;
    try {
      await this.apply();
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) throw error;
    }
  }

  /** Runs a request; when the server does not answer, waits for it, sets its clock, and runs it again. */
  async untilAnswered<T>(request: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.recovery;
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof ServerUnreachable)) throw error;
        this.recovery ??= this.recover().finally(() => {
          this.recovery = undefined;
        });
      }
    }
  }

  private async recover(): Promise<void> {
    this.outages += 1;
    const deadline = Date.now() + absenceSecondsMax * 1000;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      try {
        await this.apply();
        return;
      } catch (error) {
        if (!(error instanceof ServerUnreachable) || Date.now() > deadline) throw error;
      }
    }
  }

  private apply(): Promise<unknown> {
    const turn = this.lastApplied.then(() => {
      const rate = this.at === null ? 1 : 0;
      return this.client.ask(setClock, { at: this.at, rate }, this.adminToken);
    });
    this.lastApplied = turn.catch(ignoreForTheNext);
    return turn;
  }
}

function ignoreForTheNext(): void {
  // Whoever asked for that setting holds the same rejected promise and deals with it.
}
