import { type AwaySpans, noSpans } from '../elders/institution-stays.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { callOffAllAway } from './call-off-away.js';
import { dropOldPositions } from './drop-positions.js';
import { type AlertRound, newHolder, raiseAlerts, takeTurn } from './raise-alerts.js';

export interface MissedVisitScannerOptions {
  database: Database;
  clock: Clock;
  /** How long it rests after a round, in seconds. */
  pauseSeconds: number;
  /** How long the positions of taps are kept, in days. */
  positionDays: number;
  /** Who is not at home, as those know who keep stays; nobody without it. */
  awaySpans?: AwaySpans;
  onFailure(error: unknown): void;
}

/** Looks, in rounds, for visits that nobody began or ended. Of several servers one at a time has the turn. */
export class MissedVisitScanner {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private readonly holder = newHolder();

  constructor(private readonly options: MissedVisitScannerOptions) {}

  start(): void {
    this.plan();
  }

  /** Ends after the visit under way; the rest waits for the next round, of this server or of another. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private plan(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.tick().finally(() => this.plan());
    }, this.options.pauseSeconds * 1000);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    try {
      await this.scan();
    } catch (error) {
      this.options.onFailure(error);
    }
  }

  /** One round; undefined when another server has the turn. */
  async scan(): Promise<AlertRound | undefined> {
    const { database, clock, pauseSeconds, positionDays, awaySpans = noSpans, onFailure } = this.options;
    const now = clock.now();
    // A little less than the rest, so that a server alone has every turn.
    const turn = { holder: this.holder, now, turnMs: Math.max(1, pauseSeconds * 900) };
    if (!(await database.write((manager) => takeTurn(manager, turn)))) return undefined;
    const looking = { isStopped: () => this.stopped, onFailure };
    // First, so that nobody is alarmed about an elder of whom it is known where it is.
    await callOffAllAway(database, awaySpans, now, looking);
    const found = await raiseAlerts(database, now, looking);
    if (!this.stopped) await dropOldPositions(database, { now, days: positionDays });
    return found;
  }
}
