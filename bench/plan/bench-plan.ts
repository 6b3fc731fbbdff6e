import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import { readInstance } from './instance.js';
import { costOf, problemOf } from './instance-problem.js';

export interface PlanBenchOptions {
  /** Where the instances and best_known.csv are. */
  directory: string;
  /** Only instances of so many patients; all without it. */
  sizes: readonly number[] | null;
  /** Of each run; without it 10, and 60 from 200 patients on. */
  seconds: number | null;
  /** Instead of seconds: so many moves, which gives the same plan on every machine. */
  iterations: number | null;
  /** Counts the seconds in which the process had a core, for a machine that others use too. */
  cpu: boolean;
  seeds: readonly number[];
  onRun?: (run: PlanRun) => void;
}

export interface PlanRun {
  instance: string;
  patients: number;
  seed: number;
  cost: number;
  bestKnown: number | null;
  /** Percent above the best known value; below zero: a better one was found. */
  gapPercent: number | null;
  seconds: number;
  iterations: number;
  iterationsPerSecond: number;
}

export interface PlanReport {
  runs: PlanRun[];
  sizes: { patients: number; runs: number; meanGapPercent: number | null; worstGapPercent: number | null }[];
}

/** From so many patients on a run has a minute. */
const largeFrom = 200;
const seconds = { small: 10, large: 60 };

export function benchPlan(options: PlanBenchOptions): PlanReport {
  const known = bestKnown(options.directory);
  const runs: PlanRun[] = [];
  for (const { name, patients } of instancesOf(options)) {
    for (const seed of options.seeds) {
      const run = runOne(options, name, patients, seed, known.get(name) ?? null);
      options.onRun?.(run);
      runs.push(run);
    }
  }
  return { runs, sizes: bySize(runs) };
}

function instancesOf({ directory, sizes }: PlanBenchOptions): { name: string; patients: number }[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      patients: Number(/_(\d+)_\d+\.json$/.exec(file)?.[1]),
    }))
    .filter(({ patients }) => !sizes || sizes.includes(patients))
    .sort((one, other) => one.patients - other.patients || one.name.localeCompare(other.name));
}

function bestKnown(directory: string): Map<string, number> {
  const [, ...lines] = readFileSync(join(directory, 'best_known.csv'), 'utf8').trim().split('\n');
  return new Map(lines.map((line) => line.split(',')).map(([name = '', , value]) => [name, Number(value)]));
}

function runOne(
  options: PlanBenchOptions,
  name: string,
  patients: number,
  seed: number,
  best: number | null,
): PlanRun {
  const problem = problemOf(readInstance(readFileSync(join(options.directory, `${name}.json`), 'utf8')));
  const allowed = options.seconds ?? (patients >= largeFrom ? seconds.large : seconds.small);
  const clock = options.cpu ? cpuSeconds : wallSeconds;
  const begin = clock();
  let iterations = 0;
  const plan = planVisits(problem, {
    seed,
    ...(options.iterations === null
      ? { share: () => (clock() - begin) / allowed }
      : { iterations: options.iterations }),
    onProgress: (progress) => {
      iterations = progress.iterations;
    },
  });
  const cost = costOf(plan);
  const took = clock() - begin;
  return {
    instance: name,
    patients,
    seed,
    cost: rounded(cost, 2),
    bestKnown: best,
    gapPercent: best === null ? null : rounded((cost / best - 1) * 100, 3),
    seconds: rounded(took, 1),
    iterations,
    iterationsPerSecond: Math.round(iterations / took),
  };
}

function wallSeconds(): number {
  return performance.now() / 1000;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function bySize(runs: readonly PlanRun[]): PlanReport['sizes'] {
  return [...new Set(runs.map(({ patients }) => patients))].map((patients) => {
    const own = runs.filter((run) => run.patients === patients);
    const gaps = own.flatMap(({ gapPercent }) => (gapPercent === null ? [] : [gapPercent]));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    return {
      patients,
      runs: own.length,
      meanGapPercent: gaps.length === 0 ? null : rounded(mean, 3),
      worstGapPercent: gaps.length === 0 ? null : Math.max(...gaps),
    };
  });
}
