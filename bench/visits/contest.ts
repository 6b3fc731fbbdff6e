import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import type { BenchDatabase } from '../support/engines.js';
import { LoadGenerator, type LoadResult, median, rounded, type Shot } from '../support/load.js';
import { figuresOf } from '../support/process-figures.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { bareBookings } from './bare-visits.js';
import { caregiversEach, families, type VisitCity } from './visit-city.js';

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

/** What takes turns within a round; only on MySQL there is a loop by hand. */
type Workload = 'noop' | 'book' | 'slots' | 'bare';

interface Measured extends LoadResult {
  /** Milliseconds of a core, and statements, for each unit; undefined where they cannot be known. */
  cpuMs: number | undefined;
  statements: number | undefined;
}
type Round = Partial<Record<Workload, Measured>>;

/** The workloads in turns, so that a slow moment of the machine slows all of them; each contest books days of its own. */
export async function contest(
  bench: BenchDatabase,
  city: VisitCity,
  { seconds, rounds }: { seconds: number; rounds: number },
  daysAhead: number,
) {
  const server = await startServer(bench.databaseUrl, settings);
  const works = workloads(bench, server, city, daysAhead);
  const measured: Round[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const results: Round = {};
      for (const [name, work] of works) {
        const inRound = round === 0 ? Math.min(1, seconds) : seconds;
        results[name] = await costOf(bench, name === 'bare' ? undefined : server, () => work(inRound));
      }
      // The first calls compile code and fill caches; they are counted for nothing.
      if (round > 0) measured.push(results);
    }
  } finally {
    await server.stop();
  }
  return figures(measured);
}

function workloads(
  { databaseUrl, engine }: BenchDatabase,
  server: ServerProcess,
  city: VisitCity,
  daysAhead: number,
): [Workload, (seconds: number) => Promise<LoadResult>][] {
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
  const next = () => {
    const { family, startMs } = bareWishes.next();
    const caregiverId = city.caregiverIds[family % caregiversEach] as number;
    return { elderId: city.elderIds[family] as number, caregiverId, startMs };
  };
  const all: [Workload, (seconds: number) => Promise<LoadResult>][] = [
    ['noop', (seconds) => generator.run(seconds, noopShot)],
    ['book', (seconds) => generator.run(seconds, wishes.shot)],
    ['slots', (seconds) => generator.run(seconds, slotsShot)],
  ];
  if (engine === 'mysql') {
    all.push(['bare', (seconds) => bareBookings(databaseUrl, city, { seconds, loops: families, next })]);
  }
  return all;
}

/** Runs a workload and looks at what it took of whoever does the work: the server, or this process by hand. */
async function costOf(
  bench: BenchDatabase,
  server: ServerProcess | undefined,
  work: () => Promise<LoadResult>,
): Promise<Measured> {
  const pids = [
    server ? server.process.pid : process.pid,
    ...(bench.mariadb ? [bench.mariadb.process.pid] : []),
  ];
  const cpuSeconds = () =>
    pids.reduce<number>((sum, pid) => sum + (figuresOf(pid)?.cpuSeconds ?? Number.NaN), 0);
  const cpuBefore = cpuSeconds();
  const asked = await questions(bench);
  const result = await work();
  const cpu = cpuSeconds() - cpuBefore;
  const statements = ((await questions(bench)) ?? 0) - (asked ?? 0);
  const each = (total: number) => (result.done > 0 ? total / result.done : Number.NaN);
  return {
    ...result,
    cpuMs: Number.isNaN(cpu) ? undefined : each(cpu * 1000),
    statements: asked === undefined ? undefined : each(statements),
  };
}

/** How many statements clients have sent until now, each of several that were sent together; none on SQLite. */
async function questions({ engine, databaseUrl }: BenchDatabase): Promise<number | undefined> {
  if (engine !== 'mysql') return undefined;
  const connection = await createConnection(databaseUrl);
  try {
    const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number((rows as { Value: string }[])[0]?.Value);
  } finally {
    await connection.end();
  }
}

/** Medians over the rounds; the ratios are medians of those within a round, which cancel how fast the machine was. */
function figures(rounds: readonly Round[]) {
  const all = (name: Workload, figure: 'perSecond' | 'p99Ms' | 'cpuMs' | 'statements') =>
    rounds.flatMap((round) => round[name]?.[figure] ?? []);
  const middle = (values: readonly number[]) => (values.length > 0 ? rounded(median(values)) : null);
  const ratio = (of: Workload, to: Workload) =>
    middle(
      rounds.flatMap(({ [of]: one, [to]: other }) => (one && other ? one.perSecond / other.perSecond : [])),
    );
  const rate = (name: Workload) => median(all(name, 'perSecond'));
  return {
    bookings: rate('book'),
    slots: rate('slots'),
    figures: {
      noop_per_second: rounded(rate('noop')),
      bookings_per_second: rounded(rate('book')),
      bookings_p99_ms: rounded(median(all('book', 'p99Ms'))),
      bookings_refused: rounds.reduce((total, { book: { errors = 0 } = {} }) => total + errors, 0),
      bare_per_second: middle(all('bare', 'perSecond')),
      bookings_to_bare: ratio('book', 'bare'),
      bookings_cpu_ms: middle(all('book', 'cpuMs')),
      bare_cpu_ms: middle(all('bare', 'cpuMs')),
      bookings_statements: middle(all('book', 'statements')),
      slots_per_second: rounded(rate('slots')),
      slots_p99_ms: rounded(median(all('slots', 'p99Ms'))),
      slots_cpu_ms: middle(all('slots', 'cpuMs')),
      slots_to_noop: ratio('slots', 'noop') as number,
    },
  };
}
