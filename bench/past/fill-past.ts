import { statSync } from 'node:fs';
import { openDatabase } from '../../ormconfig.js';
import { showProgress } from '../../seeds/progress.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import type { BenchDatabase } from '../support/engines.js';
import { daysPerTopUp, dinersOn, lunchesOf, type PastCity, readPastCity, topUpsOf } from './past-city.js';
import { type RowWriter, rowWriter } from './row-writer.js';

export interface FilledPast {
  swipes: number;
  seconds: number;
  megabytes: number;
}

/** Neither is measured: those of the last week may still be tapped by the load. */
const newestDaysAgo = 8;

/** Lunches in a transaction. */
const lunchesPerPart = 5000;

/**
 * Gives the demo city a past of so many lunches or a few more: whole months, in which its elders ate every other
 * day, paid in once a month what they ate, and ended with what they have now.
 */
export async function fillPast(bench: BenchDatabase, swipes: number): Promise<FilledPast> {
  const { database } = await openDatabase(bench.databaseUrl);
  const writer = await rowWriter(bench.databaseUrl);
  const startedMs = performance.now();
  try {
    const city = await database.read(readPastCity);
    const months = Math.ceil((swipes * 2) / (city.diners.length * daysPerTopUp));
    const filler = new Filler(writer, new IdBlocks(database), city, months * daysPerTopUp);
    const progress = showProgress(true, '填充 Filling', months * daysPerTopUp);
    for (let dayNumber = 0; dayNumber < months * daysPerTopUp; dayNumber++) {
      await filler.fillDay(dayNumber);
      progress.update(dayNumber + 1);
    }
    progress.stop();
    const seconds = (performance.now() - startedMs) / 1000;
    await writer.close();
    await database.write((manager) => manager.query(analysis(database)));
    return { swipes: filler.swipes, seconds, megabytes: await megabytesOf(bench, database) };
  } finally {
    await database.close();
  }
}

class Filler {
  swipes = 0;
  private readonly firstDay;

  constructor(
    private readonly writer: RowWriter,
    private readonly ids: IdBlocks,
    private readonly city: PastCity,
    days: number,
  ) {
    this.firstDay = addDays(dayOf(systemClock.now()), -newestDaysAgo - days + 1);
  }

  async fillDay(dayNumber: number): Promise<void> {
    const day = addDays(this.firstDay, dayNumber);
    if (dayNumber % daysPerTopUp === 0) await this.topUp(day);
    const diners = dinersOn(dayNumber, this.city);
    for (let from = 0; from < diners.length; from += lunchesPerPart) {
      const part = diners.slice(from, from + lunchesPerPart);
      const firstId = await this.ids.take(part.length);
      await this.writer.write(lunchesOf(this.city, part, { day, firstId, dayNumber }));
      this.swipes += part.length;
    }
  }

  private async topUp(day: string): Promise<void> {
    const { length } = this.city.diners;
    for (let from = 0; from < length; from += lunchesPerPart) {
      const to = Math.min(from + lunchesPerPart, length);
      const firstId = await this.ids.take((to - from) * 2);
      await this.writer.write(topUpsOf(this.city, { day, from, to, firstId }));
    }
  }
}

/** Tables that grew a thousandfold in minutes are looked up by stale statistics until they are counted. */
function analysis({ engine }: Database): string {
  return engine === 'mysql' ? 'ANALYZE TABLE swipe, ledger_posting, ledger_entry, top_up' : 'PRAGMA optimize';
}

async function megabytesOf({ engine, databaseUrl }: BenchDatabase, database: Database): Promise<number> {
  if (engine === 'sqlite') return Math.round(statSync(databaseUrl).size / 1e6);
  const rows: { bytes: number | string }[] = await database.read((manager) =>
    manager.query(
      'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE()',
    ),
  );
  return Math.round(Number(rows[0]?.bytes) / 1e6);
}
