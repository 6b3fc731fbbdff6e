import 'reflect-metadata';
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import type { Engine } from '../src/shared/database.js';
import { benchMonth, type MonthReport } from './month.js';
import { benchPreview, type PreviewReport } from './preview.js';
import { enginesHere } from './support/engines.js';
import { benchSwipes, type SwipesReport } from './swipes.js';

const command = new Command('bench').description('Named workloads that print what they measured.');

command
  .command('swipes')
  .description('Swipes one a request and a hundred a request, beside a no-op query on the same server')
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--seconds <count>', 'of each workload in each round', Number, 4)
  .option('--rounds <count>', 'how often the workloads take turns', Number, 5)
  .option('--connections <count>', 'requests under way at once', Number, 256)
  .option('--json', 'prints JSON and nothing else')
  .action(async ({ engine, json, ...options }) => {
    const reports: SwipesReport[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(await benchSwipes(each, options));
    console.log(json ? JSON.stringify(reports, null, 2) : tableOf(reports));
  });

command
  .command('month')
  .description("Closes a city's month and exports every statement, in bounded memory")
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--canteens <count>', 'how many', Number, 300)
  .option('--meals <count>', 'of a canteen and day', Number, 110)
  .option('--days <count>', 'of the month', Number, 31)
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ engine, json, ...size }) => {
    const reports: MonthReport[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(await benchMonth(each, size));
    console.log(json ? JSON.stringify(reports, null, 2) : tableOf(reports));
  });

command
  .command('preview')
  .description("Asks what a city's month would have cost under other rules")
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--canteens <count>', 'how many', Number, 300)
  .option('--meals <count>', 'of a canteen and day', Number, 110)
  .option('--days <count>', 'of the month', Number, 31)
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ engine, json, ...size }) => {
    const reports: PreviewReport[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(await benchPreview(each, size));
    console.log(json ? JSON.stringify(reports, null, 2) : tableOf(reports));
  });

function tableOf<Report extends { engine: Engine }>(reports: readonly Report[]): string {
  const table = new Table({
    head: ['', ...reports.map(({ engine }) => engine)],
    style: { head: [], border: [] },
  });
  const figures = Object.keys(reports[0] ?? {}).filter((figure) => figure !== 'engine');
  for (const figure of figures) {
    table.push([figure, ...reports.map((report) => String(report[figure as keyof Report]))]);
  }
  return table.toString();
}

await command.parseAsync();
