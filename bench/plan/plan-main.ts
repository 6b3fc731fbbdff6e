import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import { FaultyInstance, readInstance } from './instance.js';
import { problemOf, solutionOf } from './instance-problem.js';

/** Kept back for writing the answer. */
const writingMs = 60;
const seedMax = 2 ** 32 - 1;

/** A mistake of the caller: one line, and code 2. */
class Refused extends Error {}

interface Options {
  instance: string;
  seconds: string;
  seed: string;
  out: string;
}

function run({ instance: path, seconds, seed, out }: Options): void {
  const budgetMs = Math.max(1, numberOf('--seconds', seconds, 0, 86_400) * 1000 - writingMs);
  const seedNumber = numberOf('--seed', seed, 0, seedMax);
  if (!Number.isInteger(seedNumber)) throw new Refused('--seed: is no whole number');
  const instance = readInstance(textOf(path));
  // The clock began with the process: reading the file is part of the seconds.
  const share = () => performance.now() / budgetMs;
  const solution = solutionOf(instance, planVisits(problemOf(instance), { seed: seedNumber, share }));
  try {
    writeFileSync(out, `${JSON.stringify(solution, null, 1)}\n`);
  } catch (error) {
    throw new Refused(`--out: ${error instanceof Error ? error.message : error}`);
  }
  console.log(`cost ${solution.cost.toFixed(2)}`);
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new Refused(`${option}: ${text} is no number from ${least} to ${most}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Refused(`--instance: ${error instanceof Error ? error.message : error}`);
  }
}

const command = new Command('plan')
  .description(
    'Plans a public instance of home health care routing and scheduling with the engine of planDay.',
  )
  .requiredOption('--instance <file>', 'the instance, as JSON')
  .option('--seconds <count>', 'how long, from the start of the process', '10')
  .option('--seed <number>', 'of the search', '1')
  .requiredOption('--out <file>', 'where the solution goes')
  .action((options: Options) => {
    try {
      run(options);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof FaultyInstance)) throw error;
      console.error(error.message);
      process.exitCode = 2;
    }
  });

await command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2)).parseAsync();
