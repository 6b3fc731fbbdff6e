import { totalmem } from 'node:os';
import { openDatabase } from '../../ormconfig.js';
import type { Engine } from '../../src/shared/database.js';
import { brokenInvariants } from '../support/broken-invariants.js';
import { fillDemo } from '../support/demo-database.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { LoadGenerator, type LoadResult, median, rounded } from '../support/load.js';
import { Lunches, Magazine } from '../support/lunches.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { type FilledPast, fillPast } from './fill-past.js';

export interface PastOptions {
  past: number;
  seconds: number;
  rounds: number;
  connections: number;
  /** Whether the filled database is audited in the end, which takes minutes for millions. */
  audit: boolean;
}

/** Rates in swipes a second, times in milliseconds; medians over the rounds, and of the ratios within them. */
export interface PastReport {
  engine: Engine;
  past_swipes: number;
  fill_seconds: number;
  /** What each of the two MariaDBs may keep of its tables in memory. */
  buffer_mb?: number;
  filled_mb: number;
  empty_per_s: number;
  past_per_s: number;
  past_to_empty: number;
  empty_p50_ms: number;
  empty_p99_ms: number;
  past_p50_ms: number;
  past_p99_ms: number;
  errors: number;
  audit: string;
}

/** With fewer elders for it, a past would reach back for many years. */
const lunchesPerElderMax = 100;
const swipesPerSecondMax = 10_000;

/** A city's database has memory of its own; here two of them share a machine with all the rest. */
const bufferMb = Math.min(4096, Math.floor(totalmem() / 6 / 1e6));

/** Swipes a request on a database without a past and on one with this past, in turns. */
export async function benchPast(engine: Engine, options: PastOptions): Promise<PastReport> {
  const needed = swipesPerSecondMax * (options.seconds * (options.rounds + 1) + 2);
  const elders = Math.max(Math.ceil(options.past / lunchesPerElderMax), Lunches.eldersFor(needed));
  const empty = await Site.open(engine, elders);
  try {
    const filled = await Site.open(engine, elders);
    try {
      const past = await fillPast(filled.bench, options.past);
      return await measure(engine, { empty, filled, past }, options);
    } finally {
      await filled.close();
    }
  } finally {
    await empty.close();
  }
}

async function measure(
  engine: Engine,
  { empty, filled, past }: { empty: Site; filled: Site; past: FilledPast },
  { seconds, rounds, connections, audit }: PastOptions,
): Promise<PastReport> {
  for (const site of [empty, filled]) await site.warmUp(connections);
  const results: Record<'empty' | 'filled', LoadResult>[] = [];
  for (let round = 0; round < rounds; round++) {
    // Each goes first every other time, so that neither has always what the other left behind.
    const [one, other] = round % 2 === 0 ? ([empty, filled] as const) : ([filled, empty] as const);
    const first = await one.run(seconds, connections);
    const second = await other.run(seconds, connections);
    results.push(one === empty ? { empty: first, filled: second } : { empty: second, filled: first });
  }
  const of = (site: 'empty' | 'filled', figure: keyof LoadResult) =>
    median(results.map((each) => each[site][figure]));
  return {
    engine,
    past_swipes: past.swipes,
    fill_seconds: Math.round(past.seconds),
    ...(engine === 'mysql' && { buffer_mb: bufferMb }),
    filled_mb: past.megabytes,
    empty_per_s: Math.round(of('empty', 'perSecond')),
    past_per_s: Math.round(of('filled', 'perSecond')),
    past_to_empty: rounded(median(results.map((each) => each.filled.perSecond / each.empty.perSecond))),
    empty_p50_ms: rounded(of('empty', 'p50Ms')),
    empty_p99_ms: rounded(of('empty', 'p99Ms')),
    past_p50_ms: rounded(of('filled', 'p50Ms')),
    past_p99_ms: rounded(of('filled', 'p99Ms')),
    errors: results.reduce((sum, each) => sum + each.empty.errors + each.filled.errors, 0),
    audit: audit ? await filled.audit() : 'not asked',
  };
}

/** A demo city with a database and a server of its own. */
class Site {
  private server: ServerProcess | undefined;
  private readonly shots: Magazine;

  private constructor(
    readonly bench: BenchDatabase,
    lunches: Lunches,
  ) {
    this.shots = new Magazine(() => lunches.swipe());
  }

  static async open(engine: Engine, elders: number): Promise<Site> {
    const bench = await benchDatabase(engine, bufferMb);
    try {
      return new Site(bench, new Lunches(await fillDemo(bench, elders), elders));
    } catch (error) {
      await bench.drop();
      throw error;
    }
  }

  async warmUp(connections: number): Promise<void> {
    this.server = await startServer(this.bench.databaseUrl);
    await this.run(2, connections);
  }

  async run(seconds: number, connections: number): Promise<LoadResult> {
    if (!this.server) throw new Error('the server of this city was not started');
    this.shots.fill(seconds * swipesPerSecondMax);
    return new LoadGenerator(this.server.origin, connections).run(seconds, this.shots.next);
  }

  async audit(): Promise<string> {
    await this.server?.stop();
    const { database } = await openDatabase(this.bench.databaseUrl);
    try {
      const problems = await database.read(brokenInvariants);
      return problems.length === 0 ? 'clean' : problems.join('\n');
    } finally {
      await database.close();
    }
  }

  async close(): Promise<void> {
    await this.server?.stop();
    await this.bench.drop();
  }
}
