import type { Engine } from '../../src/shared/database.js';
import { median, rounded } from '../support/load.js';
import { figuresOf, heapMbOf } from '../support/process-figures.js';
import { type LoadedCity, withCity } from './city.js';

export interface SoakOptions {
  minutes: number;
  perSecond: number;
  connections: number;
  /** Told of each look at the server, about every 30 seconds. */
  onSample(sample: Sample): void;
}

export interface Sample {
  minute: number;
  rssMb: number;
  heapMb: number;
  perSecond: number;
  p99Ms: number;
  errors: number;
}

export interface SoakReport {
  engine: Engine;
  minutes: number;
  swipes_per_s: number;
  errors: number;
  first_rss_mb: number;
  last_rss_mb: number;
  last_heap_mb: number;
  /** Of a straight line through the samples after the first third, in which code is compiled and caches fill. */
  rss_mb_per_minute: number;
  heap_mb_per_minute: number;
  p99_ms: number;
}

const sampleSeconds = 30;

/** The memory of a server under a constant load. */
export function benchSoak(engine: Engine, options: SoakOptions): Promise<SoakReport> {
  const { minutes, perSecond, connections } = options;
  const lunches = Math.ceil(minutes * 60 * perSecond * 1.1) + perSecond;
  return withCity(engine, { lunches, connections }, async (city) => {
    const samples: Sample[] = [];
    for (let part = 0; part * sampleSeconds < minutes * 60; part++) {
      const sample = await soak(city, part, options);
      samples.push(sample);
      options.onSample(sample);
    }
    return reportOf(engine, options, samples);
  });
}

async function soak(
  { generator, lunches, server }: LoadedCity,
  part: number,
  { perSecond }: SoakOptions,
): Promise<Sample> {
  const result = await generator.runAtRate(sampleSeconds, perSecond, () => lunches.swipe());
  return {
    minute: ((part + 1) * sampleSeconds) / 60,
    rssMb: rounded(figuresOf(server.process.pid)?.rssMb ?? Number.NaN),
    heapMb: rounded(await heapMbOf(server.origin)),
    perSecond: Math.round(result.perSecond),
    p99Ms: rounded(result.p99Ms),
    errors: result.errors,
  };
}

function reportOf(engine: Engine, { minutes }: SoakOptions, samples: readonly Sample[]): SoakReport {
  const settled = samples.slice(Math.floor(samples.length / 3));
  const slope = (figure: 'rssMb' | 'heapMb') =>
    rounded(slopeOf(settled.map((sample) => [sample.minute, sample[figure]])));
  return {
    engine,
    minutes,
    swipes_per_s: median(samples.map(({ perSecond }) => perSecond)),
    errors: samples.reduce((sum, { errors }) => sum + errors, 0),
    first_rss_mb: samples[0]?.rssMb ?? Number.NaN,
    last_rss_mb: samples.at(-1)?.rssMb ?? Number.NaN,
    last_heap_mb: samples.at(-1)?.heapMb ?? Number.NaN,
    rss_mb_per_minute: slope('rssMb'),
    heap_mb_per_minute: slope('heapMb'),
    p99_ms: rounded(median(samples.map(({ p99Ms }) => p99Ms))),
  };
}

/** Of the line with the least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
