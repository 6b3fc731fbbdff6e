import { openDatabase } from '../../ormconfig.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import type { Engine } from '../../src/shared/database.js';
import { migrate } from '../../src/shared/migrate.js';
import { visitsChecks } from '../../src/visits/audit.js';
import { testKeys } from '../../test/support/test-keys.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { rounded } from '../support/load.js';
import { contest } from './contest.js';
import { buildVisitCity, caregiversEach, families, fillVisits } from './visit-city.js';

export interface VisitsOptions {
  seconds: number;
  rounds: number;
  /** Days of visits behind the second measurement. */
  pastDays: number;
}

export interface VisitsReport {
  engine: Engine;
  families: number;
  caregivers: number;
  visits_behind: number;
  noop_per_second: number;
  bookings_per_second: number;
  bookings_p99_ms: number;
  bookings_refused: number;
  /** A transaction of the same rows by hand; null on SQLite. */
  bare_per_second: number | null;
  bookings_to_bare: number | null;
  /** Milliseconds of a core for one booking, of server and database; and of the loop by hand with its database. */
  bookings_cpu_ms: number | null;
  bare_cpu_ms: number | null;
  /** What the database was asked for one booking; null on SQLite. */
  bookings_statements: number | null;
  slots_per_second: number;
  slots_p99_ms: number;
  slots_cpu_ms: number | null;
  slots_to_noop: number;
  bookings_to_bare_with_past: number | null;
  slots_to_noop_with_past: number;
  bookings_cpu_ms_with_past: number | null;
  slots_cpu_ms_with_past: number | null;
  /** With the visits behind, to without; below 1 is slower with them. */
  bookings_with_past_to_without: number;
  slots_with_past_to_without: number;
  /** Invariants that do not hold in the end. */
  audit_problems: number;
}

/** Bookings and free times of one station, without visits behind it and with a year of them. */
export async function benchVisits(engine: Engine, options: VisitsOptions): Promise<VisitsReport> {
  const bench = await benchDatabase(engine);
  try {
    return await measured(bench, options);
  } finally {
    await bench.drop();
  }
}

async function measured(bench: BenchDatabase, options: VisitsOptions): Promise<VisitsReport> {
  const { databaseUrl, engine } = bench;
  const { database, writer } = await openDatabase(databaseUrl, { identityKeys: testKeys });
  try {
    await migrate(writer);
    const city = await buildVisitCity(database);
    const today = dayOf(new Date());
    // What is to come of a fortnight is there in both measurements: a station that nobody visits is none.
    const ahead = { from: addDays(today, 1), to: addDays(today, 15), today, firstId: 1 };
    await fillVisits(databaseUrl, database, city, ahead);
    const without = await contest(bench, city, options, 20);
    const behind = { from: addDays(today, -options.pastDays), to: today, today, firstId: 10_000_000 };
    const visits = await fillVisits(databaseUrl, database, city, behind);
    const withPast = await contest(bench, city, options, 190);
    return {
      engine,
      families,
      caregivers: caregiversEach,
      visits_behind: visits,
      ...without.figures,
      bookings_to_bare_with_past: withPast.figures.bookings_to_bare,
      slots_to_noop_with_past: withPast.figures.slots_to_noop,
      bookings_cpu_ms_with_past: withPast.figures.bookings_cpu_ms,
      slots_cpu_ms_with_past: withPast.figures.slots_cpu_ms,
      bookings_with_past_to_without: rounded(withPast.bookings / without.bookings),
      slots_with_past_to_without: rounded(withPast.slots / without.slots),
      audit_problems: await problems(database),
    };
  } finally {
    await database.close();
  }
}

async function problems(database: Awaited<ReturnType<typeof openDatabase>>['database']): Promise<number> {
  const said: string[] = [];
  await database.read((manager) => runChecks(manager, visitsChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).length;
}
