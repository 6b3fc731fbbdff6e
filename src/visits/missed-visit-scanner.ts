import { type AwaySpans, noSpans } from '../elders/institution-stays.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { Rounds } from '../shared/rounds.js';
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
  private readonly rounds: Rounds;
  private readonly holder = newHolder();

  constructor(private readonly options: MissedVisitScannerOptions) {
    const { pauseSeconds, onFailure } = options;
    this.rounds = new Rounds({ pauseMs: pauseSeconds * 1000, work: () => this.scan(), onFailure });
  }

  start(): void {
    this.rounds.start();
  }

  /** Ends after the visit under way; the rest waits for the next round, of this server or of another. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** One round; undefined when another server has the turn. */
  async scan(): Promise<AlertRound | undefined> {
    const { database, clock, pauseSeconds, positionDays, awaySpans = noSpans, onFailure } = this.options;
    const now = clock.now();
    // A little less than the rest, so that a server alone has every turn.
    const turn = { holder: this.holder, now, turnMs: Math.max(1, pauseSeconds * 900) };
    if (!(await database.write((manager) => takeTurn(manager, turn)))) return undefined;
    const looking = { isStopped: () => this.rounds.isStopped, onFailure };
    // First, so that nobody is alarmed about an elder of whom it is known where it is.
    await callOffAllAway(database, awaySpans, now, looking);
    const found = await raiseAlerts(database, now, looking);
    if (!this.rounds.isStopped) await dropOldPositions(database, { now, days: positionDays });
    return found;
  }
}
