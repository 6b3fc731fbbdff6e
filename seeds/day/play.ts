import 'reflect-metadata';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { openDatabase } from '../../ormconfig.js';
import { invariants } from '../../src/audit/invariants.js';
import { identityKeysOf } from '../../src/config/identity-keys.js';
import { readSettings } from '../../src/config/settings.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { firstDayOf, monthOf, nextMonth } from '../../src/shared/month.js';
import { readCredentials } from '../demo-credentials.js';
import { seedElders } from '../demo-elders.js';
import { showProgress } from '../progress.js';
import type { DemoReader } from './demo-reader.js';
import { giveBack } from './give-back.js';
import { GraphClient } from './graph-client.js';
import { Interrupted, withRelease } from './interruption.js';
import { withLastSequences } from './last-sequences.js';
import { eldersNeeded, planLunch } from './lunch-plan.js';
import { type Lunch, playLunch } from './play-lunch.js';
import { cityDay, reconcile } from './reconcile.js';
import { ServerClock } from './server-clock.js';

/** Requests under way at once. */
const connections = 64;

/** `npm run day`: plays a lunch against the server that `npm start` started. True when everything adds up. */
async function playDay(dinersPerCanteen: number): Promise<boolean> {
  const settings = readSettings();
  const credentials = readCredentials(settings.dataDir);
  if (!credentials) throw new Error(`No demo credentials in ${settings.dataDir}: run npm start first.`);
  const adminToken = credentials.admin.token;
  const client = new GraphClient(credentials.graphql, connections);
  const { database } = await openDatabase(settings.databaseUrl, {
    identityKeys: identityKeysOf(settings),
  });
  try {
    const day = await firstFreeDay(client, adminToken);
    await fillCity(database, eldersNeeded(credentials.readers.length, dinersPerCanteen));
    const numbered = await database.read((manager) => withLastSequences(manager, credentials.readers));
    const readers = await play(client, { adminToken, readers: numbered, day, dinersPerCanteen });
    const reconciled = await database.read((manager) =>
      reconcile(readers, { client, adminToken, manager, day }),
    );
    for (const { what, faults } of reconciled) {
      console.log(
        faults.length === 0 ? `ok     ${what}` : `WRONG  ${what}: ${faults.slice(0, 5).join('; ')}`,
      );
    }
    const broken = await database.read((manager) => runChecks(manager, invariants, sayBroken));
    console.log(
      broken === 0 ? `ok     audit: ${invariants.length} checks hold` : `WRONG  audit: ${broken} checks`,
    );
    return broken === 0 && reconciled.every(({ faults }) => faults.length === 0);
  } finally {
    await client.close();
    await database.close();
  }
}

/**
 * Today, or the next day on which nobody has eaten yet, because an elder eats one subsidised lunch a day. A month
 * that a canteen has frozen takes no meals any more.
 */
async function firstFreeDay(client: GraphClient, adminToken: string): Promise<string> {
  let day = dayOf(new Date());
  for (;;) {
    if (await isFrozen(client, adminToken, monthOf(day))) day = firstDayOf(nextMonth(monthOf(day)));
    else if ((await cityDay(client, adminToken, day)).meals !== 0) day = addDays(day, 1);
    else return day;
  }
}

const frozenQuery = `query Frozen($month: String!) {
  statements(month: $month, state: FROZEN, first: 1) { nodes { month } }
}`;

/** Whether `npm run month` has closed it. */
async function isFrozen(client: GraphClient, adminToken: string, month: string): Promise<boolean> {
  const data = await client.ask<{ statements: { nodes: object[] } }>(frozenQuery, { month }, adminToken);
  return data.statements.nodes.length > 0;
}

/** A city of the size that `npm start` makes has fewer elders than a full lunch has diners. */
async function fillCity(database: Database, elders: number): Promise<void> {
  const progress = showProgress(true, '长者 elders', elders);
  const added = await seedElders(database, { elders, onProgress: (present) => progress.update(present) });
  progress.stop();
  if (added > 0) console.log(`Added ${added} elders, so that every canteen has its diners.`);
}

async function play(
  client: GraphClient,
  { dinersPerCanteen, ...city }: Pick<Lunch, 'adminToken' | 'readers' | 'day'> & { dinersPerCanteen: number },
): Promise<DemoReader[]> {
  const { adminToken, readers, day } = city;
  // So that each day has its own lunch.
  const dayNumber = Math.round((Date.parse(day) - Date.parse('2026-01-01')) / 86_400_000);
  const plan = planLunch(readers.length, dinersPerCanteen, dayNumber);
  console.log(`Lunch of ${day}: ${plan.length} taps at ${readers.length} canteens.`);
  const clock = new ServerClock(client, adminToken);
  const progress = showProgress(true, '刷卡 taps', plan.length);
  const startedMs = performance.now();
  const onProgress = (done: number) => progress.update(done);
  const played = await withRelease(
    () => playLunch({ ...city, client, clock, plan, onProgress }),
    async () => {
      progress.stop();
      await giveBack(clock);
    },
  );
  showOutcomes(played, (performance.now() - startedMs) / 1000, clock.outages);
  return played;
}

function showOutcomes(readers: readonly DemoReader[], seconds: number, outages: number): void {
  const counts = new Map<string, number>();
  const stored = readers.flatMap((reader) => reader.stored);
  for (const { tap, answer } of stored) {
    const row = `${tap.story}${tap.offline ? ' offline' : ''}\t${answer?.outcome ?? 'NO ANSWER'}`;
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  const table = new Table({
    head: ['tap', 'outcome', 'swipes'],
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  for (const [row, count] of [...counts].sort()) table.push([...row.split('\t'), count]);
  const repeated = readers.flatMap((reader) => reader.repeated).length;
  table.push(['sent again', 'first answer', repeated]);
  console.log(table.toString());
  const rate = Math.round((stored.length + repeated) / seconds);
  console.log(
    `${stored.length + repeated} swipes in ${seconds.toFixed(1)} s, ${rate} a second; server away ${outages} times.`,
  );
}

function sayBroken(line: string): void {
  if (!line.startsWith('holds')) console.log(line);
}

function dinerCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('a whole number from 1 to 1000 is wanted.');
}

const command = new Command('day')
  .description('Plays one lunch of the demo city against the running server, and checks that it adds up.')
  .option('--diners <count>', 'diners of a canteen, about', dinerCount, 110)
  .action(async ({ diners }: { diners: number }) => {
    if (readSettings().nodeEnv === 'production')
      throw new Error('No day is played with NODE_ENV=production.');
    process.exitCode = (await playDay(diners)) ? 0 : 1;
  });

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // At once: what an interrupted lunch still has under way would go on.
  process.exit(error instanceof Interrupted ? error.exitCode : 1);
}
