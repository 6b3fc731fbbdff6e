import 'reflect-metadata';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { openDatabase } from '../../ormconfig.js';
import { invariants } from '../../src/audit/invariants.js';
import { identityKeysOf } from '../../src/config/identity-keys.js';
import { readSettings } from '../../src/config/settings.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { firstDayOf, nextMonth } from '../../src/shared/month.js';
import { giveBack } from '../day/give-back.js';
import { GraphClient } from '../day/graph-client.js';
import { Interrupted, withRelease } from '../day/interruption.js';
import { PatientClient } from '../day/patient-client.js';
import { ServerClock } from '../day/server-clock.js';
import { type DemoCredentials, readCredentials } from '../demo-credentials.js';
import { demoStationCode } from '../demo-staff.js';
import { showProgress } from '../progress.js';
import { demoCanteenCode } from '../reference/nanyang/network.js';
import { type ChosenCanteen, chooseStatements, facilityIdOf } from './choose-statements.js';
import { type ChosenHome, chooseHomes } from './homes.js';
import { demoPeople, lendPlaces } from './people.js';
import {
  type PlayedHomes,
  type PlayedMonth,
  type PlayedStations,
  playHomes,
  playMonth,
  playStations,
  wrongAnswers,
} from './play-month.js';
import { type Money, sumOf } from './reconcile.js';
import { type ChosenStation, chooseStations } from './stations.js';

const countyCode = 'NY-411302';
/** How many home-care stations are settled beside the canteens. */
const stationCount = 3;
/** How many homes. */
const homeCount = 2;
/** Minutes after midnight of the first day on which the month is over. */
const morning = 9 * 60;

/** `npm run month`: closes a month on the server that `npm start` started. True when everything adds up. */
async function closeMonth(count: number): Promise<boolean> {
  const settings = readSettings();
  const credentials = readCredentials(settings.dataDir);
  if (!credentials) throw new Error(`No demo credentials in ${settings.dataDir}: run npm start first.`);
  const graph = new GraphClient(credentials.graphql, 1);
  const { database } = await openDatabase(settings.databaseUrl, { identityKeys: identityKeysOf(settings) });
  try {
    const client = new PatientClient(graph);
    const { token } = credentials.admin;
    const countyId = await facilityIdOf(client, token, countyCode);
    const leftOut = { countyId, leftOut: demoCanteenCode, count, today: dayOf(new Date()) };
    const chosen = await chooseStatements(client, token, leftOut);
    if (!chosen) throw new Error(`No canteen of ${countyCode} has meals to settle: run npm run day first.`);
    const { month, canteens } = chosen;
    const stationsWanted = { countyId, month, leftOut: demoStationCode, count: stationCount };
    const stations = await chooseStations(client, token, stationsWanted);
    const homes = await chooseHomes(client, token, { countyId, month, count: homeCount });
    const settled = stations[0]?.month ?? month;
    console.log(
      `The month ${month} of ${canteens.length} canteens and ${homes.length} homes, and ${settled} of ${stations.length} home-care stations of ${countyCode}.`,
    );
    if (stations.length === 0) console.log('No station of the county has visits to settle.');
    if (homes.length === 0) console.log('Nobody lives in a home of the county: no bed-days are settled.');
    const clock = new ServerClock(graph, token);
    const played = await withRelease(
      async () => {
        await clock.setTo(firstDayOf(nextMonth(month)), morning);
        return play(client, { credentials, database, month, canteens, stations, homes });
      },
      () => giveBack(clock),
    );
    showAnswers(played);
    showMoney(played);
    showStations(played.stations);
    showHomes(played.homes);
    return (await isAuditClean(database)) && isRight(played);
  } finally {
    await graph.close();
    await database.close();
  }
}

interface Play {
  credentials: DemoCredentials;
  database: Database;
  month: string;
  canteens: readonly ChosenCanteen[];
  stations: readonly ChosenStation[];
  homes: readonly ChosenHome[];
}

type Played = PlayedMonth & { stations: PlayedStations; homes: PlayedHomes };

/** The demo's canteen manager and street manager look after all of these canteens for the time being. */
async function play(
  client: PatientClient,
  { credentials, database, month, canteens, stations, homes }: Play,
): Promise<Played> {
  const { token } = credentials.admin;
  const people = await demoPeople(client, credentials);
  const progress = showProgress(true, '结算 statements', canteens.length + stations.length + homes.length);
  const takeBacks: (() => Promise<void>)[] = [];
  try {
    const canteenIds = canteens.map(({ canteenId }) => canteenId);
    const stationIds = stations.map(({ stationId }) => stationId);
    const homeIds = homes.map(({ homeId }) => homeId);
    const facilityIds = [...canteenIds, ...stationIds, ...homeIds];
    takeBacks.push(await lendPlaces(client, token, { token: people.canteen, facilityIds }));
    const streetIds = [...canteens, ...stations, ...homes].map(({ streetId }) => streetId);
    takeBacks.push(await lendPlaces(client, token, { token: people.street, facilityIds: streetIds }));
    const keys = (ids: readonly string[]) => ids.map((canteenId) => ({ canteenId, month }));
    const game = { client, people, database };
    const ofCanteens = await playMonth({
      ...game,
      statements: keys(canteenIds),
      onProgress: (done) => progress.update(done),
    });
    const ofStations = await playStations({
      ...game,
      statements: stations.map(({ stationId, month: of }) => ({ canteenId: stationId, month: of })),
      onProgress: (done) => progress.update(canteens.length + done),
    });
    const before = canteens.length + stations.length;
    const ofHomes = await playHomes({
      ...game,
      statements: keys(homeIds),
      onProgress: (done) => progress.update(before + done),
    });
    return { ...ofCanteens, stations: ofStations, homes: ofHomes };
  } finally {
    progress.stop();
    for (const takeBack of takeBacks) await takeBack();
  }
}

/** A line for each kind of step: who tried it, what was said, and how often it should have been something else. */
function showAnswers({ tried: ofCanteens, stations, homes }: Played): void {
  const tried = [...ofCanteens, ...stations.tried, ...homes.tried];
  const table = new Table({
    head: ['who', 'step', 'answer', 'times', ''],
    colAligns: ['left', 'left', 'left', 'right', 'left'],
    style: { head: [], border: [] },
  });
  const rows = new Map<string, number>();
  for (const { who, what, said, expected } of tried) {
    const row = [who, what, said, said === expected ? '' : `WRONG, ${expected} was expected`].join('\t');
    rows.set(row, (rows.get(row) ?? 0) + 1);
  }
  for (const [row, times] of rows) {
    const [who, what, said, wrong] = row.split('\t');
    table.push([who, what, said, times, wrong]);
  }
  console.log(table.toString());
}

/** The month's money by each way that leads to it, in yuan. */
function showMoney({ reconciled }: PlayedMonth): void {
  const table = new Table({
    head: ['', 'meals cost', 'subsidies', 'discounts', 'elders paid'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const yuan = (fen: number) => (fen / 100).toFixed(2);
  const ways: [string, Money][] = [
    ['statements', sumOf(reconciled.map(({ statement }) => statement))],
    ['ledger', sumOf(reconciled.map(({ ledger }) => ledger))],
    ['trial balance', sumOf(reconciled.map(({ trialBalance }) => trialBalance))],
    ['CSV files', sumOf(reconciled.map(({ csv }) => csv))],
    ['XLSX files', sumOf(reconciled.map(({ xlsx }) => xlsx))],
  ];
  for (const [way, { grossFen, subsidyFen, discountFen, selfPaidFen }] of ways) {
    table.push([way, yuan(grossFen), yuan(subsidyFen), yuan(discountFen), yuan(selfPaidFen)]);
  }
  console.log(table.toString());
  const faulty = reconciled.filter(({ faults }) => faults.length > 0);
  for (const { canteenId, faults } of faulty.slice(0, 5))
    console.log(`WRONG  ${canteenId}: ${faults.join('; ')}`);
  if (faulty.length === 0)
    console.log(`ok     every way leads to the same money at ${reconciled.length} canteens`);
}

function showStations({ reconciled }: PlayedStations): void {
  for (const { canteenId, faults } of reconciled.filter((each) => each.faults.length > 0).slice(0, 5))
    console.log(`WRONG  station ${canteenId}: ${faults.join('; ')}`);
  const yuan = reconciled.reduce((sum, { statement }) => sum + statement.grossFen, 0) / 100;
  if (reconciled.length > 0 && reconciled.every(({ faults }) => faults.length === 0)) {
    console.log(
      `ok     statement, ledger of hours, CSV and XLSX say the same ${yuan.toFixed(2)} yuan at ${reconciled.length} stations`,
    );
  }
}

/** The days of homes, and what their beds are paid for. */
function showHomes({ reconciled }: PlayedHomes): void {
  for (const { canteenId, faults } of reconciled) {
    if (faults.length > 0) console.log(`WRONG  home ${canteenId}: ${faults.join('; ')}`);
  }
  if (reconciled.length === 0 || reconciled.some(({ faults }) => faults.length > 0)) return;
  const days = reconciled.reduce((sum, { bedDays }) => sum + bedDays, 0);
  const yuan = reconciled.reduce((sum, { grossFen }) => sum + grossFen, 0) / 100;
  console.log(
    `ok     statement, stays day by day, occupancy, CSV and XLSX say the same ${days} bed-days and ${yuan.toFixed(2)} yuan at ${reconciled.length} homes`,
  );
}

function isRight({ tried, reconciled, stations, homes }: Played): boolean {
  const all = [...reconciled, ...stations.reconciled, ...homes.reconciled];
  return (
    wrongAnswers([...tried, ...stations.tried, ...homes.tried]).length === 0 &&
    all.every(({ faults }) => faults.length === 0)
  );
}

async function isAuditClean(database: Database): Promise<boolean> {
  const say = (line: string) => {
    if (!line.startsWith('holds')) console.log(line);
  };
  const broken = await database.read((manager) => runChecks(manager, invariants, say));
  console.log(
    broken === 0 ? `ok     audit: ${invariants.length} checks hold` : `WRONG  audit: ${broken} checks`,
  );
  return broken === 0;
}

function canteenCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 200) return count;
  throw new InvalidArgumentError('a whole number from 1 to 200 is wanted.');
}

const command = new Command('month')
  .description('Closes a month of the demo city on the running server, from draft to frozen, and checks it.')
  .option('--canteens <count>', 'of how many canteens, at most', canteenCount, 10)
  .action(async ({ canteens }: { canteens: number }) => {
    if (readSettings().nodeEnv === 'production') {
      throw new Error('No month is played with NODE_ENV=production.');
    }
    process.exitCode = (await closeMonth(canteens)) ? 0 : 1;
  });

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // At once: what an interrupted play still has under way would go on.
  process.exit(error instanceof Interrupted ? error.exitCode : 1);
}
