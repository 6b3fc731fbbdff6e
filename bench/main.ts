import 'reflect-metadata';
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import type { Engine } from '../src/shared/database.js';
import { type BedsReport, benchBeds } from './beds/bench-beds.js';
import { benchCountry, type CountryReport } from './load/country.js';
import { benchSoak, type Sample } from './load/soak.js';
import { benchMonth, type MonthReport } from './month.js';
import { benchPast, type PastReport } from './past/bench-past.js';
import { benchPlan, type PlanRun } from './plan/bench-plan.js';
import { benchPreview, type PreviewReport } from './preview.js';
import { enginesHere } from './support/engines.js';
import { benchSwipes } from './swipes/bench-swipes.js';
import type { SwipesReport } from './swipes/report.js';
import { benchVisits, type VisitsReport } from './visits/bench-visits.js';

const command = new Command('bench').description('Named workloads that print what they measured.');

command
  .command('swipes')
  .description(
    'Swipes one a request and a hundred a request, beside a no-op query, the plain way and loops by hand',
  )
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--seconds <count>', 'of each workload in each round', Number, 4)
  .option('--rounds <count>', 'how often the workloads take turns', Number, 5)
  .option('--connections <count>', 'readers connected at once, each with one request under way', Number, 1024)
  .option('--past <count>', 'instead: swipes with so many past ones in the tables, beside none', Number)
  .option('--audit', 'with --past: audits the filled database in the end')
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ engine, json, past, audit = false, ...options }) => {
    const reports: (SwipesReport | PastReport)[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(
        past ? await benchPast(each, { ...options, past, audit }) : await benchSwipes(each, options),
      );
    print(reports, json);
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
    print(reports, json);
  });

command
  .command('country')
  .description('A fixed number of swipes a second, as all of the country has them at lunch, on one machine')
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--per-second <count>', 'swipes that arrive', Number, 1500)
  .option('--seconds <count>', 'how long', Number, 30)
  .option('--connections <count>', 'readers connected at once', Number, 256)
  .option('--json', 'prints JSON and nothing else')
  .action(async ({ engine, json, ...options }) => {
    const reports: CountryReport[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(await benchCountry(each, options));
    print(reports, json);
  });

command
  .command('soak')
  .description('The memory of a server under a constant load, looked at every 30 seconds')
  .addOption(new Option('--engine <engine>', 'which').choices(['mysql', 'sqlite']).default(enginesHere()[0]))
  .option('--minutes <count>', 'how long', Number, 10)
  .option('--per-second <count>', 'swipes that arrive', Number, 1000)
  .option('--connections <count>', 'readers connected at once', Number, 256)
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ engine, json, ...options }) => {
    const onSample = (sample: Sample) => console.error(JSON.stringify(sample));
    print([await benchSoak(engine, { ...options, onSample })], json);
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
    print(reports, json);
  });

command
  .command('visits')
  .description('Bookings of 64 families at one station of 60 caregivers, and its free times of a fortnight')
  .addOption(new Option('--engine <engine>', 'one engine only').choices(['mysql', 'sqlite']))
  .option('--seconds <count>', 'of each workload in each round', Number, 4)
  .option('--rounds <count>', 'how often the workloads take turns', Number, 3)
  .option('--past-days <count>', 'days of visits behind the second measurement', Number, 365)
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ engine, json, ...options }) => {
    const reports: VisitsReport[] = [];
    for (const each of engine ? [engine as Engine] : enginesHere())
      reports.push(await benchVisits(each, options));
    print(reports, json);
  });

command
  .command('plan')
  .description('Plans the public instances of home health care, and tells how far it is from the best known')
  .requiredOption('--instances <directory>', 'where the instances and best_known.csv are')
  .option('--sizes <counts>', 'only instances of so many patients, as 25,50', numbers)
  .option('--seconds <count>', 'of each run; 10 without it, 60 from 200 patients on', Number)
  .option('--iterations <count>', 'instead: so many moves, the same on every machine', Number)
  .option('--seeds <numbers>', 'one run for each', numbers, [1])
  .option('--cpu', 'counts the seconds in which the process had a core, on a machine that others use too')
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(({ instances, json, sizes = null, seconds = null, iterations = null, seeds, cpu = false }) => {
    const onRun = (run: PlanRun) => console.error(JSON.stringify(run));
    const report = benchPlan({ directory: instances, sizes, seconds, iterations, seeds, cpu, onRun });
    if (json) console.log(JSON.stringify(report, null, 2));
    else console.table(report.sizes);
  });

command
  .command('beds')
  .description(
    "A city's beds on MariaDB: figures beside statements by hand, a board, and managers who press at once",
  )
  .option('--homes <count>', 'nursing homes', Number, 117)
  .option('--beds <count>', 'their beds', Number, 25_000)
  .option('--stays <count>', 'of all times; in the end ten times as many', Number, 200_000)
  .option('--admissions <count>', 'in all, each way', Number, 4000)
  .option('--managers <count>', 'who admit at once', Number, 64)
  .option('--rounds <count>', 'of each figure', Number, 7)
  .option('--json', 'prints JSON and nothing else on standard output')
  .action(async ({ json, ...size }) => {
    const reports: BedsReport[] = [await benchBeds(size)];
    print(reports, json);
  });

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}

function print<Report extends { engine: Engine }>(reports: readonly Report[], json: boolean): void {
  console.log(json ? JSON.stringify(reports, null, 2) : tableOf(reports));
}

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
