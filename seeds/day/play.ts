import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { openDatabase } from '../../ormconfig.js';
import { invariants } from '../../src/audit/invariants.js';
import { identityKeysOf } from '../../src/config/identity-keys.js';
import { readSettings } from '../../src/config/settings.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { firstDayOf, monthOf, nextMonth } from '../../src/shared/month.js';
import { type DemoCredentials, readCredentials } from '../demo-credentials.js';
import { seedElders } from '../demo-elders.js';
import { demoStationCode } from '../demo-staff.js';
import { showProgress } from '../progress.js';
import { demoCanteenCode } from '../reference/nanyang/network.js';
import { dayNumberOf } from './day-number.js';
import { DeliveryCalls } from './delivery-calls.js';
import { deliveryPeople } from './delivery-people.js';
import { deliveriesWanted, deliveryCandidates } from './delivery-plan.js';
import { DemoDeliveries } from './demo-deliveries.js';
import type { DemoReader } from './demo-reader.js';
import type { DemoVisits } from './demo-visits-day.js';
import { giveBack } from './give-back.js';
import { GraphClient } from './graph-client.js';
import { Interrupted, withRelease } from './interruption.js';
import { withLastSequences } from './last-sequences.js';
import { eldersNeeded, type PlannedTap, planLunch, residentTaps } from './lunch-plan.js';
import { PatientClient } from './patient-client.js';
import { playBeds } from './play-beds.js';
import { type Lunch, playLunch } from './play-lunch.js';
import { prepareVisits } from './prepare-visits.js';
import { cityDay, reconcile } from './reconcile.js';
import { reconcileBeds } from './reconcile-beds.js';
import { readReceipts, reconcileDeliveries } from './reconcile-deliveries.js';
import { draftOf, reconcileVisits } from './reconcile-visits.js';
import { type CityResidents, reconcileResidents, residentsOf } from './residents.js';
import { ServerClock } from './server-clock.js';
import { showOutcomes, showVisits } from './show-outcomes.js';
import type { StationSums } from './visit-calls.js';

/** Requests under way at once. */
const connections = 64;
/** Whose elders have meals brought: the demo's manager orders for them. */
const countyCode = 'NY-411302';

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
    const needed = eldersNeeded(credentials.readers.length, dinersPerCanteen);
    await fillCity(database, needed);
    const elders = Math.max(needed, settings.demoElders);
    const numbered = await database.read((manager) => withLastSequences(manager, credentials.readers));
    const homes = await database.read((manager) => residentsOf(manager, { elders, day }));
    const clock = new ServerClock(client, adminToken);
    const deliveries = await prepareDeliveries({ client, clock, credentials, day, elders, homes });
    const city = { client, clock, adminToken, readers: numbered, day, deliveries };
    const plan = planOf(city, homes, dinersPerCanteen);
    const readers = await play({ ...city, plan });
    const visits = await playVisits({ client, credentials, day, elders, deliveries: deliveries.game.calls });
    const apart = { visits: visits.played, brought: deliveries.game.candidates };
    const beds = await playBeds({ client, credentials, day, elders, homes, plan, ...apart });
    const brought = { ...deliveries.game, played: deliveries.played };
    const receipts = await readReceipts(brought);
    const reconciled = await database.read(async (manager) => [
      ...(await reconcile(readers, {
        ...{ client, adminToken, manager, day },
        brought: { canteenId: brought.canteenId, receipts },
      })),
      ...(await reconcileDeliveries(brought, manager)),
      ...(await reconcileVisits(visits.played, visits.before, manager)),
      ...(await reconcileResidents(manager, day, receiptsOfResidents(readers))),
      ...(beds ? await reconcileBeds(beds, manager) : []),
    ]);
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

interface DeliveriesToPrepare {
  client: GraphClient;
  clock: ServerClock;
  credentials: DemoCredentials;
  day: string;
  /** How many elders the city has. */
  elders: number;
  homes: CityResidents;
}

/** Those of the demonstration canteen: it is the courier's. */
async function prepareDeliveries(given: DeliveriesToPrepare): Promise<DemoDeliveries> {
  const { client, clock, credentials, day, elders, homes } = given;
  const patient = new PatientClient(client);
  const people = await deliveryPeople(patient, credentials);
  const calls = new DeliveryCalls(patient, (request) => clock.untilAnswered(request));
  const canteen = credentials.readers.find(({ facilityCode }) => facilityCode === demoCanteenCode);
  if (!canteen) throw new Error(`The demo has no reader at ${demoCanteenCode}: delete its credentials.`);
  const place = { countyCode, elders, day };
  const candidates = deliveryCandidates(place, dayNumberOf(day), homes.isCaredFor);
  const { facilityId: canteenId } = canteen;
  return new DemoDeliveries({ calls, people, canteenId, day, candidates, wanted: deliveriesWanted });
}

/** Whom a meal may be brought to does not come: one meal of a day is an elder's once. A few residents of homes do. */
function planOf(
  { readers, day, deliveries }: Omit<Lunch, 'plan' | 'onProgress'>,
  homes: CityResidents,
  dinersPerCanteen: number,
): PlannedTap[] {
  const atHome = new Set(deliveries.game.candidates);
  const isAway = (elder: number) => homes.isCaredFor(elder) || atHome.has(elder);
  const dayNumber = dayNumberOf(day);
  return [
    ...planLunch(readers.length, dinersPerCanteen, dayNumber, isAway),
    ...residentTaps(homes.living, readers.length, dayNumber),
  ].sort((one, other) => one.minute - other.minute);
}

async function play(city: Omit<Lunch, 'onProgress'>): Promise<DemoReader[]> {
  const { readers, day, clock, deliveries, plan } = city;
  console.log(`Lunch of ${day}: ${plan.length} taps at ${readers.length} canteens.`);
  const progress = showProgress(true, '刷卡 taps', plan.length);
  const startedMs = performance.now();
  const onProgress = (done: number) => progress.update(done);
  const played = await withRelease(
    () => playLunch({ ...city, onProgress }),
    async () => {
      progress.stop();
      await giveBack(clock);
    },
  );
  showOutcomes(played, deliveries, {
    seconds: (performance.now() - startedMs) / 1000,
    outages: clock.outages,
  });
  return played;
}

interface VisitsToPlay {
  client: GraphClient;
  credentials: DemoCredentials;
  day: string;
  elders: number;
  deliveries: DeliveryCalls;
}

/** After lunch the same day is lived once more at a home-care station, from the evening before on. */
async function playVisits({ client, credentials, day, elders, deliveries }: VisitsToPlay): Promise<{
  played: DemoVisits;
  before: StationSums;
}> {
  const clock = new ServerClock(client, credentials.admin.token);
  const prepared = { client: new PatientClient(client), clock, credentials, day, elders, deliveries };
  const played = await prepareVisits({ ...prepared, dayNumber: dayNumberOf(day) });
  const before = await draftOf(played);
  console.log(`Home visits of ${day} at ${demoStationCode}.`);
  await withRelease(
    () => played.play(),
    () => giveBack(clock),
  );
  showVisits(played);
  return { played, before };
}

function receiptsOfResidents(readers: readonly DemoReader[]): { subsidyFen: number }[] {
  const taps = readers.flatMap(({ stored }) => stored.filter(({ tap }) => tap.story === 'RESIDENT'));
  return taps.flatMap(({ answer }) => answer?.receipt ?? []);
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
  .description(
    'Plays a day of the demo city against the running server: lunch, home visits and an afternoon at two nursing homes, and checks that it adds up.',
  )
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
