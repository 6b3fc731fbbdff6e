import type { Engine } from '../../src/shared/database.js';
import { type LoadResult, median, rounded } from '../support/load.js';

/** What takes turns within a round. */
export const workloads = [
  'noop',
  'swipe',
  'plain',
  'bare',
  'batch',
  'bare_batch',
  'noop_half_load',
  'swipe_half_load',
] as const;
export type Workload = (typeof workloads)[number];
export type Round = Record<Workload, LoadResult>;

/** What a run ends with besides its rounds. */
export interface RunFacts {
  engine: Engine;
  /** How many loops the bare ones ran best with. */
  bareLoops: number;
  bareBatchLoops: number;
  /** What does not add up in the database afterwards. */
  auditProblems: string[];
}

/** Figures of one engine: rates in swipes or queries a second, times in milliseconds. */
export type SwipesReport = { engine: Engine } & Record<string, number | string>;

/** Each is the median of the ratios within the rounds, which cancel out how fast the machine was just then. */
const ratios: readonly [name: string, of: Workload, to: Workload, figure: keyof LoadResult][] = [
  ['swipe_to_noop', 'swipe', 'noop', 'perSecond'],
  ['swipe_to_plain', 'swipe', 'plain', 'perSecond'],
  ['swipe_to_bare', 'swipe', 'bare', 'perSecond'],
  ['batch_to_noop', 'batch', 'noop', 'perSecond'],
  ['batch_to_bare_batch', 'batch', 'bare_batch', 'perSecond'],
  ['swipe_p99_to_noop_p99_at_half_load', 'swipe_half_load', 'noop_half_load', 'p99Ms'],
];

/** Rates and times are medians over the rounds. */
export function reportOf(rounds: readonly Round[], facts: RunFacts): SwipesReport {
  const report: SwipesReport = { engine: facts.engine };
  const all = (workload: Workload, figure: keyof LoadResult) =>
    rounds.map((round) => round[workload][figure]);
  for (const workload of workloads) {
    const rate = median(all(workload, 'perSecond'));
    report[`${workload}_per_s`] = Math.round(rate);
    report[`${workload}_p50_ms`] = rounded(median(all(workload, 'p50Ms')));
    report[`${workload}_p99_ms`] = rounded(median(all(workload, 'p99Ms')));
  }
  for (const [name, of, to, figure] of ratios)
    report[name] = rounded(median(rounds.map((round) => round[of][figure] / round[to][figure])));
  report.bare_loops = facts.bareLoops;
  report.bare_batch_loops = facts.bareBatchLoops;
  report.errors = workloads
    .flatMap((workload) => all(workload, 'errors'))
    .reduce((sum, count) => sum + count, 0);
  report.audit = facts.auditProblems.length === 0 ? 'clean' : facts.auditProblems.join('\n');
  return report;
}
