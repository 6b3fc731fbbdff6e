import type { Engine } from '../../src/shared/database.js';
import { rounded } from '../support/load.js';
import { Magazine } from '../support/lunches.js';
import { figuresOf } from '../support/process-figures.js';
import { withCity } from './city.js';

export interface CountryOptions {
  perSecond: number;
  seconds: number;
  connections: number;
}

/** Times in milliseconds from when a swipe was due; cores are those that a process kept busy on average. */
export interface CountryReport {
  engine: Engine;
  due_per_s: number;
  done_per_s: number;
  p50_ms: number;
  p99_ms: number;
  errors: number;
  server_cores: number;
  database_cores: number;
  generator_cores: number;
}

const warmUpSeconds = 5;

/** Swipes that arrive as all of the country's would at lunch, whether or not earlier ones are answered. */
export function benchCountry(
  engine: Engine,
  { perSecond, seconds, connections }: CountryOptions,
): Promise<CountryReport> {
  const lunches = Math.ceil(perSecond * (seconds + warmUpSeconds) * 1.2);
  return withCity(engine, { lunches, connections }, async ({ bench, server, lunches, generator }) => {
    const shots = new Magazine(() => lunches.swipe());
    shots.fill(perSecond * warmUpSeconds);
    await generator.runAtRate(warmUpSeconds, perSecond, shots.next);
    shots.fill(perSecond * seconds);
    const pids = [server.process.pid, bench.mariadb?.process.pid, process.pid];
    const before = pids.map(cpuSecondsOf);
    const startedMs = performance.now();
    const result = await generator.runAtRate(seconds, perSecond, shots.next);
    const elapsed = (performance.now() - startedMs) / 1000;
    const [serverCores = 0, databaseCores = 0, generatorCores = 0] = pids.map((pid, index) =>
      rounded((cpuSecondsOf(pid) - (before[index] ?? 0)) / elapsed),
    );
    return {
      engine,
      due_per_s: perSecond,
      done_per_s: Math.round(result.perSecond),
      p50_ms: rounded(result.p50Ms),
      p99_ms: rounded(result.p99Ms),
      errors: result.errors,
      server_cores: serverCores,
      database_cores: databaseCores,
      generator_cores: generatorCores,
    };
  });
}

/** None for SQLite's, which has no process of its own. */
function cpuSecondsOf(pid: number | undefined): number {
  return pid === undefined ? 0 : (figuresOf(pid)?.cpuSeconds ?? Number.NaN);
}
