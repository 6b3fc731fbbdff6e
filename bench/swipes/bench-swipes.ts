import { openDatabase } from '../../ormconfig.js';
import type { Engine } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { type BareLoops, bareLoops } from '../bare/bare-loops.js';
import { BareSwipes } from '../bare/bare-rows.js';
import { brokenInvariants } from '../support/broken-invariants.js';
import { fillDemo } from '../support/demo-database.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { LoadGenerator, type LoadResult, type Shot } from '../support/load.js';
import { Lunches, Magazine } from '../support/lunches.js';
import { startServer } from '../support/server-process.js';
import { type Round, reportOf, type SwipesReport } from './report.js';

export interface SwipesOptions {
  seconds: number;
  rounds: number;
  connections: number;
}

const batchSize = 100;

/** So many bring a hundred at once: what a thousand of them bring is ten seconds' work, longer than a round. */
const uploadersMax = 256;

/** More than two cores do. A hundred at a time use up the lunches fast, so they get half the time. */
const swipesPerSecondMax = 10_000;
const batchesPerSecondMax = 150;
const plainPerSecondMax = 1500;
const barePerSecondMax = 6000;
const bareBatchPerSecondMax = 30_000;

/**
 * Swipes that arrive one a request and a hundred a request, beside an authenticated query that does nothing, the
 * plain way on a server that is otherwise the same, and loops by hand without a server: in turns on one database,
 * so that a slow moment of the machine slows all of them.
 */
export async function benchSwipes(engine: Engine, options: SwipesOptions): Promise<SwipesReport> {
  const bench = await benchDatabase(engine);
  try {
    const elders = Lunches.eldersFor(lunchesOf(options));
    const lunches = new Lunches(await fillDemo(bench, elders), elders);
    return await withServers(bench, lunches, options);
  } finally {
    await bench.drop();
  }
}

/** How many a run may use: what each workload may in its time, and the first half second or two of it. */
function lunchesOf({ seconds, rounds }: SwipesOptions): number {
  const perRound = seconds * (swipesPerSecondMax + plainPerSecondMax + barePerSecondMax);
  const perBatches = (seconds / 2) * (batchesPerSecondMax * batchSize + bareBatchPerSecondMax);
  return Math.ceil((perRound + perBatches) * (rounds + 1) * 0.8) + 100_000;
}

async function withServers(
  bench: BenchDatabase,
  lunches: Lunches,
  options: SwipesOptions,
): Promise<SwipesReport> {
  const { engine, databaseUrl } = bench;
  const platform = await startServer(databaseUrl);
  // Beside the platform's, whose tables it finds made; whoever is not asked costs nothing.
  const plain = await startServer(databaseUrl, {}, 'plain');
  const { database } = await openDatabase(databaseUrl);
  const bareSwipes = await BareSwipes.of(database, new IdBlocks(database), () => lunches.next());
  const bare = bareLoops(databaseUrl, bareSwipes);
  const generators = {
    platform: new LoadGenerator(platform.origin, options.connections),
    uploads: new LoadGenerator(platform.origin, Math.min(options.connections, uploadersMax)),
    plain: new LoadGenerator(plain.origin, options.connections),
  };
  try {
    const contest = new Contest(lunches, bareSwipes, bare, generators, options.seconds);
    await contest.warmUp();
    const rounds: Round[] = [];
    for (let round = 0; round < options.rounds; round++) rounds.push(await contest.round());
    await Promise.all([platform.stop(), plain.stop()]);
    return reportOf(rounds, {
      engine,
      bareLoops: bare.loops(1),
      bareBatchLoops: bare.loops(batchSize),
      auditProblems: await database.read(brokenInvariants),
    });
  } finally {
    await bare.close();
    await database.close();
    await Promise.all([platform.stop(), plain.stop()]);
  }
}

class Contest {
  private readonly swipes = new Magazine(() => this.lunches.swipe());
  private readonly batches = new Magazine(() => this.lunches.batch(batchSize));
  private readonly noop = (): Shot => this.lunches.noop();

  constructor(
    private readonly lunches: Lunches,
    private readonly bareSwipes: BareSwipes,
    private readonly bare: BareLoops,
    private readonly generators: Record<'platform' | 'uploads' | 'plain', LoadGenerator>,
    private readonly seconds: number,
  ) {}

  /** The first calls compile code and fill caches; nobody's lunch begins with them. */
  async warmUp(): Promise<void> {
    const seconds = Math.min(this.seconds, 2);
    const { platform, uploads, plain } = this.generators;
    for (const next of [this.noop, this.swipes.next]) await platform.run(seconds, next);
    await uploads.run(seconds, this.batches.next);
    await plain.run(seconds, this.swipes.next);
    for (const size of [1, batchSize]) {
      await this.bareSwipes.fill((size === 1 ? barePerSecondMax : bareBatchPerSecondMax) * 2);
      await this.bare.tune(0.4, size);
    }
  }

  async round(): Promise<Round> {
    const { seconds } = this;
    const { platform, uploads, plain } = this.generators;
    const noop = await platform.run(seconds, this.noop);
    const swipe = await this.swiping(swipesPerSecondMax, () => platform.run(seconds, this.swipes.next));
    const plainly = await this.swiping(plainPerSecondMax, () => plain.run(seconds, this.swipes.next));
    await this.bareSwipes.fill(seconds * barePerSecondMax);
    const bare = await this.bare.run(seconds, 1);
    this.batches.fill((seconds / 2) * batchesPerSecondMax);
    const batch = await uploads.run(seconds / 2, this.batches.next);
    await this.bareSwipes.fill((seconds / 2) * bareBatchPerSecondMax);
    const bareBatch = await this.bare.run(seconds / 2, batchSize);
    // Each at half of what it just did when nothing held it back.
    const noopHalf = await platform.runAtRate(seconds, noop.perSecond / 2, this.noop);
    const swipeHalf = await this.swiping(swipe.perSecond / 2, () =>
      platform.runAtRate(seconds, swipe.perSecond / 2, this.swipes.next),
    );
    return {
      noop,
      swipe,
      plain: plainly,
      bare,
      batch,
      bare_batch: bareBatch,
      noop_half_load: noopHalf,
      swipe_half_load: swipeHalf,
    };
  }

  private swiping(perSecondMax: number, run: () => Promise<LoadResult>): Promise<LoadResult> {
    this.swipes.fill(this.seconds * perSecondMax);
    return run();
  }
}
