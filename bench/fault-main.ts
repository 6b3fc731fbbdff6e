import 'reflect-metadata';
import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Engine } from '../src/shared/database.js';
import { type KillsReport, kills, type Target, targets } from './faults/kills.js';
import { enginesHere } from './support/engines.js';

interface KillsFlags {
  engine?: Engine;
  target: Target;
  kills: number;
  secondsBetween: number;
}

const command = new Command('fault').description('Breaks what can break, and checks that nothing was lost.');

command
  .command('kills')
  .description(
    'Kills the server, or the database, while readers swipe; exits 1 when anything does not add up',
  )
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .addOption(new Option('--target <target>', 'what is killed').choices(targets).default('server'))
  .option('--kills <count>', 'how often', wholeNumber(1, 1000), 10)
  .option('--seconds-between <seconds>', 'from one start to the next kill, on average', between(0.1, 60), 2)
  .action(async (flags: KillsFlags) => {
    const reports: KillsReport[] = [];
    for (const engine of enginesOf(flags))
      reports.push(await kills(engine, { ...flags, interrupted: interruption.signal, progress: true }));
    console.log(tableOf(reports));
    const problems = reports.flatMap((report) =>
      report.problems.map((problem) => `WRONG  ${report.engine}: ${problem}`),
    );
    console.log(problems.length === 0 ? 'ok     everything adds up' : problems.join('\n'));
    process.exitCode = problems.length === 0 ? 0 : 1;
  });

/** SQLite lives inside the server, so there only the server can be killed. */
function enginesOf({ engine, target }: KillsFlags): Engine[] {
  if (target === 'server') return engine ? [engine] : enginesHere();
  if (engine === 'sqlite') throw new Error('SQLite has no server of its own that could be killed.');
  return ['mysql'];
}

function tableOf(reports: readonly KillsReport[]): string {
  const table = new Table({
    head: ['', ...reports.map(({ engine }) => engine)],
    style: { head: [], border: [] },
  });
  const [first] = reports;
  if (!first) return '';
  const { engine, problems, ...figures } = first;
  for (const figure of Object.keys(figures))
    table.push([figure, ...reports.map((report) => String(report[figure as keyof KillsReport]))]);
  return table.toString();
}

function between(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`a number from ${from} to ${to} is wanted.`);
  };
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = between(from, to)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError('a whole number is wanted.');
  };
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Asked once, it throws away what it made; asked twice, it leaves, and takes its processes along.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}

try {
  await command.parseAsync();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(interruption.signal.aborted ? 'interrupted' : message);
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}
