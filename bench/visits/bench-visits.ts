import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../ormconfig.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import type { Engine } from '../../src/shared/database.js';
import { migrate } from '../../src/shared/migrate.js';
import { visitsChecks } from '../../src/visits/audit.js';
import { testKeys } from '../../test/support/test-keys.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { LoadGenerator, type LoadResult, median, rounded, type Shot } from '../support/load.js';
import { startServer } from '../support/server-process.js';
import { bareBookings } from './bare-visits.js';
import { buildVisitCity, caregiversEach, families, fillVisits, type VisitCity } from './visit-city.js';

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
  slots_per_second: number;
  slots_p99_ms: number;
  slots_to_noop: number;
  /** With the visits behind, to without; below 1 is slower with them. */
  bookings_with_past_to_without: number;
  slots_with_past_to_without: number;
  /** Invariants that do not hold in the end. */
  audit_problems: number;
}

const settings = { CALLER_RATE_PER_SECOND: '0', ADDRESS_RATE_PER_SECOND: '0', OBJECT_RATE_PER_MINUTE: '0' };
const noop = JSON.stringify({ query: 'query Noop { viewer { id } }' });
const book = `mutation Book($input: BookVisitInput!) { bookVisit(input: $input) { ... on Visit { id status startsAt } ... on VisitRefusal { code } } }`;
const slots = `query Slots($e: ID!, $f: DateTime!, $t: DateTime!) { visitSlots(elderId: $e, serviceCode: "COMPANY", from: $f, to: $t) { startsAt endsAt caregivers } }`;

/** A family takes the hours of an afternoon one after the other, day by day, each at a caregiver of its own. */
class Wishes {
  private count = 0;

  constructor(
    private readonly city: VisitCity,
    private readonly from: string,
    /** By how much later the families come for whom there is no caregiver of their own. */
    private readonly overflowDays = 0,
  ) {}

  next(): { family: number; startMs: number; turn: number } {
    const family = this.count % families;
    const turn = Math.floor(this.count / families);
    this.count += 1;
    // Each takes three of four starts of an afternoon, which leaves some caregivers free at every one of them.
    const day = addDays(this.from, Math.floor(turn / 3) + (family < caregiversEach ? 0 : this.overflowDays));
    const minute = 900 + ((turn + family) % 4) * 75;
    return { family, turn, startMs: instantOn(day, minute).getTime() };
  }

  shot = (): Shot => {
    const { family, startMs } = this.next();
    const input = {
      requestId: randomUUID(),
      elderId: String(this.city.elderIds[family]),
      serviceCode: 'COMPANY',
      startsAt: new Date(startMs).toISOString(),
    };
    const body = JSON.stringify({ query: book, variables: { input } });
    const token = this.city.tokens[family] as string;
    return { body, token, units: 1, done: (text) => (text.includes('"ASSIGNED"') ? 1 : 0) };
  };
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
    const withPast = await contest(bench, city, options, 52);
    return {
      engine,
      families,
      caregivers: caregiversEach,
      visits_behind: visits,
      ...without.figures,
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

/** The workloads in turns, so that a slow moment of the machine slows all of them; each contest books days of its own. */
async function contest(
  { databaseUrl, engine }: BenchDatabase,
  city: VisitCity,
  { seconds, rounds }: VisitsOptions,
  daysAhead: number,
) {
  const server = await startServer(databaseUrl, settings);
  const today = dayOf(new Date());
  const wishes = new Wishes(city, addDays(today, daysAhead));
  const bareWishes = new Wishes(city, addDays(today, 400 * daysAhead), 2000);
  const generator = new LoadGenerator(server.origin, families);
  let asked = 0;
  const token = () => city.tokens[asked++ % families] as string;
  const noopShot = (): Shot => ({
    body: noop,
    token: token(),
    units: 1,
    done: (text) => (text.includes('"id"') ? 1 : 0),
  });
  const slotsShot = (): Shot => {
    const family = asked % families;
    const [f, t] = [new Date(), new Date(Date.now() + 14 * 86_400_000)].map((instant) =>
      instant.toISOString(),
    );
    const body = JSON.stringify({ query: slots, variables: { e: String(city.elderIds[family]), f, t } });
    return { body, token: token(), units: 1, done: (text) => (text.includes('"caregivers"') ? 1 : 0) };
  };
  const results: Record<'noop' | 'book' | 'slots' | 'bare', LoadResult[]> = {
    noop: [],
    book: [],
    slots: [],
    bare: [],
  };
  const nextBare = () => {
    const { family, startMs } = bareWishes.next();
    const caregiverId = city.caregiverIds[family % caregiversEach] as number;
    return { elderId: city.elderIds[family] as number, caregiverId, startMs };
  };
  try {
    for (let round = 0; round <= rounds; round++) {
      const inRound = round === 0 ? Math.min(1, seconds) : seconds;
      const each = {
        noop: await generator.run(inRound, noopShot),
        book: await generator.run(inRound, wishes.shot),
        slots: await generator.run(inRound, slotsShot),
        bare:
          engine === 'mysql'
            ? await bareBookings(databaseUrl, city, { seconds: inRound, loops: families, next: nextBare })
            : undefined,
      };
      // The first calls compile code and fill caches; they are counted for nothing.
      if (round === 0) continue;
      results.noop.push(each.noop);
      results.book.push(each.book);
      results.slots.push(each.slots);
      if (each.bare) results.bare.push(each.bare);
    }
  } finally {
    await server.stop();
  }
  return figuresOf(results);
}

function figuresOf(results: Record<'noop' | 'book' | 'slots' | 'bare', LoadResult[]>) {
  const rate = (name: keyof typeof results) => median(results[name].map(({ perSecond }) => perSecond));
  const p99 = (name: keyof typeof results) => rounded(median(results[name].map(({ p99Ms }) => p99Ms)));
  const [noops, bookings, free] = [rate('noop'), rate('book'), rate('slots')];
  const bare = results.bare.length > 0 ? rate('bare') : null;
  return {
    bookings,
    slots: free,
    figures: {
      noop_per_second: rounded(noops),
      bookings_per_second: rounded(bookings),
      bookings_p99_ms: p99('book'),
      bookings_refused: results.book.reduce((total, { errors }) => total + errors, 0),
      bare_per_second: bare === null ? null : rounded(bare),
      bookings_to_bare: bare === null ? null : rounded(bookings / bare),
      slots_per_second: rounded(free),
      slots_p99_ms: p99('slots'),
      slots_to_noop: rounded(free / noops),
    },
  };
}
