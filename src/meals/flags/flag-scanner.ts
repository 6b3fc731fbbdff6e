import type { InstitutionStays } from '../../elders/institution-stays.js';
import { addDays, dayOf } from '../../shared/china-time.js';
import type { Clock } from '../../shared/clock.js';
import { type Database, isOutage } from '../../shared/database.js';
import { Rounds } from '../../shared/rounds.js';
import { dueDays, scanCanteenDay } from './scan-flags.js';

export interface FlagScannerOptions {
  database: Database;
  clock: Clock;
  stays: InstitutionStays;
  /** How long it rests after a round, in minutes. */
  pauseMinutes: number;
  /** How many days before today are counted: as long as readers may stay offline. */
  daysMax: number;
  onFailure(error: unknown): void;
}

/**
 * Looks through the days that are over, in rounds: yesterday once it is, and earlier days when late swipes came or
 * something became known. One canteen's day at a time, so that it holds little and can stop between two.
 */
export class FlagScanner {
  private readonly rounds: Rounds;

  constructor(private readonly options: FlagScannerOptions) {
    const { pauseMinutes, onFailure } = options;
    this.rounds = new Rounds({
      pauseMs: pauseMinutes * 60_000,
      work: (isStopped) => this.scan(isStopped),
      onFailure,
    });
  }

  start(): void {
    this.rounds.start();
  }

  /** Ends after the canteen's day under way; the rest waits for the next round, of this server or of another. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Looks through every day that is due; how many flags are new or opened again. */
  async scan(isStopped = () => false): Promise<number> {
    const { database, clock, stays, daysMax } = this.options;
    const now = clock.now();
    const toDay = dayOf(now);
    let flags = 0;
    for await (const due of dueDays(database, { fromDay: addDays(toDay, -daysMax - 1), toDay })) {
      if (isStopped()) return flags;
      try {
        const { found, reopened } = await scanCanteenDay(database, due, { stays, now });
        flags += found + reopened;
      } catch (error) {
        if (isOutage(error)) throw error;
        // It stays due. The days behind it would wait for as long as it cannot be looked through.
        this.options.onFailure(error);
      }
    }
    return flags;
  }
}
