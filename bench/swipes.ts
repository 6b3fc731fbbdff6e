import { randomUUID } from 'node:crypto';
import type { DemoCredentials } from '../seeds/demo-credentials.js';
import { demoElder } from '../seeds/elders/demo-elder.js';
import { addDays, dayOf, instantOn } from '../src/shared/china-time.js';
import { systemClock } from '../src/shared/clock.js';
import type { Engine } from '../src/shared/database.js';
import { fillDemo } from './support/demo-database.js';
import { benchDatabase } from './support/engines.js';
import { LoadGenerator, type LoadResult, median, type Shot } from './support/load.js';
import { startServer } from './support/server-process.js';

export interface SwipesOptions {
  seconds: number;
  rounds: number;
  connections: number;
}

/** What one engine did: medians over the rounds, rates in units a second, times in milliseconds. */
export interface SwipesReport {
  engine: Engine;
  noop_per_s: number;
  swipe_per_s: number;
  batch_per_s: number;
  /** Medians of the ratios within each round, which cancel out how fast the machine was just then. */
  swipe_to_noop: number;
  batch_to_noop: number;
  noop_p50_ms: number;
  noop_p99_ms: number;
  swipe_p50_ms: number;
  swipe_p99_ms: number;
  errors: number;
}

/** Enough elders and days that no swipe of a run is a second meal. */
const elders = 100_000;
const days = 6;
const batchSize = 100;

/** More than two cores do. */
const swipesPerSecondMax = 10_000;
const batchesPerSecondMax = 200;

/**
 * Swipes that arrive one a request, and a hundred a request, beside an authenticated query that does nothing,
 * in turns on one server, so that a slow moment of the machine slows all of them.
 */
export async function benchSwipes(engine: Engine, options: SwipesOptions): Promise<SwipesReport> {
  const bench = await benchDatabase(engine);
  try {
    const credentials = await fillDemo(bench, elders);
    const server = await startServer(bench.databaseUrl);
    const generator = new LoadGenerator(server.origin, options.connections);
    try {
      return await measure(engine, generator, new Taps(credentials), options);
    } finally {
      generator.close();
      await server.stop();
    }
  } finally {
    await bench.drop();
  }
}

async function measure(
  engine: Engine,
  generator: LoadGenerator,
  taps: Taps,
  { seconds, rounds }: SwipesOptions,
): Promise<SwipesReport> {
  const workloads = [() => taps.noop(), () => taps.swipe(), () => taps.batch()] as const;
  taps.prepare(seconds);
  // The first calls compile code and fill caches; nobody's lunch begins with them.
  for (const next of workloads) await generator.run(Math.min(seconds, 2), next);
  const noop: LoadResult[] = [];
  const swipe: LoadResult[] = [];
  const batch: LoadResult[] = [];
  for (let round = 0; round < rounds; round++) {
    taps.prepare(seconds);
    noop.push(await generator.run(seconds, workloads[0]));
    swipe.push(await generator.run(seconds, workloads[1]));
    // A hundred at a time they use up the elders' lunches fast, so they get half the time.
    batch.push(await generator.run(seconds / 2, workloads[2]));
  }
  const of = (results: LoadResult[], figure: keyof LoadResult) =>
    median(results.map((result) => result[figure]));
  const against = (results: LoadResult[]) =>
    median(results.map(({ perSecond }, round) => perSecond / (noop[round]?.perSecond ?? Number.NaN)));
  return {
    engine,
    noop_per_s: Math.round(of(noop, 'perSecond')),
    swipe_per_s: Math.round(of(swipe, 'perSecond')),
    batch_per_s: Math.round(of(batch, 'perSecond')),
    swipe_to_noop: rounded(against(swipe)),
    batch_to_noop: rounded(against(batch)),
    noop_p50_ms: rounded(of(noop, 'p50Ms')),
    noop_p99_ms: rounded(of(noop, 'p99Ms')),
    swipe_p50_ms: rounded(of(swipe, 'p50Ms')),
    swipe_p99_ms: rounded(of(swipe, 'p99Ms')),
    errors: [...noop, ...swipe, ...batch].reduce((total, { errors }) => total + errors, 0),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What a reader shows and prints. */
const answer =
  'swipeId outcome replayed message receipt { serial elderName meal grossFen subsidyFen selfPaidFen balanceFen }';
const noopQuery = JSON.stringify({ query: 'query Noop { viewer { id } }' });
const swipeQuery = `mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { ${answer} } }`;
const batchQuery = `mutation Swipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${answer} } }`;

/** The beginnings of the bodies, written once: what the generator does not spend, the server can have. */
const swipeStart = `{"query":${JSON.stringify(swipeQuery)},"variables":{"input":`;
const batchStart = `{"query":${JSON.stringify(batchQuery)},"variables":{"inputs":`;

/** Taps of lunches of the past days, each elder once a day, all of them to be accepted. */
class Taps {
  private count = 0;
  private readonly swipes: Shot[] = [];
  private readonly batches: Shot[] = [];
  private readonly uids = Array.from({ length: elders }, (_, index) => demoElder(index).cardUid);
  private readonly noons = Array.from({ length: days }, (_, index) =>
    instantOn(addDays(dayOf(systemClock.now()), -1 - index), 12 * 60).toISOString(),
  );

  constructor(private readonly credentials: DemoCredentials) {}

  noop(): Shot {
    return { body: noopQuery, token: this.reader().token, units: 1, done: (text) => countOf(text, '"id":') };
  }

  swipe(): Shot {
    return this.swipes.pop() ?? this.newSwipe();
  }

  batch(): Shot {
    return this.batches.pop() ?? this.newBatch();
  }

  /** Makes what a round may need before its clock runs: what the generator spends, the server lacks. */
  prepare(seconds: number): void {
    while (this.swipes.length < seconds * swipesPerSecondMax) this.swipes.push(this.newSwipe());
    while (this.batches.length < (seconds * batchesPerSecondMax) / 2) this.batches.push(this.newBatch());
  }

  private newSwipe(): Shot {
    const { token } = this.reader();
    const body = `${swipeStart}${JSON.stringify(this.input())}}}`;
    return { body, token, units: 1, done: accepted };
  }

  private newBatch(): Shot {
    const { token } = this.reader();
    const inputs = Array.from({ length: batchSize }, () => this.input());
    const body = `${batchStart}${JSON.stringify(inputs)}}}`;
    return { body, token, units: batchSize, done: accepted };
  }

  private input() {
    const index = this.count++;
    const swipedAt = this.noons[Math.floor(index / elders)];
    if (!swipedAt)
      throw new Error(`the ${elders * days} taps of this workload are used up: ask for fewer seconds`);
    const cardUid = this.uids[index % elders];
    return { swipeId: randomUUID(), sequence: index, cardUid, swipedAt, grossFen: 400, offline: true };
  }

  private reader(): DemoCredentials['readers'][number] {
    const { readers } = this.credentials;
    return readers[this.count % readers.length] as DemoCredentials['readers'][number];
  }
}

function accepted(text: string): number {
  return countOf(text, '"outcome":"ACCEPTED"');
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
