import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayNumberOf } from '../../seeds/day/day-number.js';
import type { DemoBeds } from '../../seeds/day/demo-beds-day.js';
import { GraphClient } from '../../seeds/day/graph-client.js';
import { residentTaps } from '../../seeds/day/lunch-plan.js';
import { PatientClient } from '../../seeds/day/patient-client.js';
import { prepareBeds } from '../../seeds/day/prepare-beds.js';
import { reconcileBeds } from '../../seeds/day/reconcile-beds.js';
import { reconcileResidents, residentsOf } from '../../seeds/day/residents.js';
import { ServerClock } from '../../seeds/day/server-clock.js';
import { VisitCalls } from '../../seeds/day/visit-calls.js';
import { provideCredentials } from '../../seeds/demo-accounts.js';
import { seedBeds, seedHomes } from '../../seeds/demo-beds.js';
import { readCredentials } from '../../seeds/demo-credentials.js';
import { seedElders } from '../../seeds/demo-elders.js';
import { insertReference } from '../../seeds/reference/insert-reference.js';
import { addDays } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

const day = '2026-11-20';
const elders = 4600;
let open: TestDatabase;
let server: ListeningServer;
let client: GraphClient;
let clock: ServerClock;
const folder = mkdtempSync(join(tmpdir(), 'yinling-day-beds-'));

/** The part of the demo's city that has to do with beds. */
beforeAll(async () => {
  open = await openTestDatabase();
  const { database } = open;
  server = await startListeningServer({ on: open, at: new Date(`${day}T12:00:00+08:00`) });
  await database.write(insertReference);
  await seedHomes(database);
  await seedElders(database, { elders });
  const graphqlUrl = `${server.origin}/graphql`;
  await provideCredentials(database, { dataDir: folder, graphqlUrl, now: server.clock.now() });
  await seedBeds(database, { elders, now: server.clock.now() });
  client = new GraphClient(graphqlUrl, 4);
  clock = new ServerClock(client, readCredentials(folder)?.admin.token ?? '');
}, 240_000);
afterAll(async () => {
  await clock?.release();
  await client?.close();
  await server?.close();
  await open?.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function playOn(on: string): Promise<DemoBeds> {
  const credentials = readCredentials(folder);
  if (!credentials) throw new Error('the demo has no credentials');
  const homes = await open.database.read((manager) => residentsOf(manager, { elders, day: on }));
  const patient = new PatientClient(client);
  const visits = new VisitCalls(patient, (request) => clock.untilAnswered(request));
  const given = { client: patient, clock, credentials, day: on, elders, visits };
  const beds = await prepareBeds({
    ...given,
    dayNumber: dayNumberOf(on),
    isTaken: (elder) => homes.isCaredFor(elder),
  });
  if (!beds) throw new Error('the homes have no beds');
  await beds.play();
  return beds;
}

const faultsOf = async (beds: DemoBeds) =>
  (await open.database.read((manager) => reconcileBeds(beds, manager))).flatMap(({ what, faults }) =>
    faults.map((fault) => `${what}: ${fault}`),
  );

let played: DemoBeds;

it('admits, offers, sends on leave, moves and discharges, and the boards say so', async () => {
  played = await playOn(day);
  expect(await faultsOf(played)).toEqual([]);
  const said = Object.fromEntries(played.steps.map((step) => [step.story, step.said]));
  expect(said).toMatchObject({
    'admitted without an assessment': 'NOT_ASSESSED',
    'two at one bed': 'ADMITTED and BED_NOT_FREE',
    'sent again': 'THE SAME STAY',
    'a second bed': 'ELDER_HAS_BED',
    'kept for half an hour': 'HELD',
    'nobody came in half an hour': 'FREE',
    'admitted from a hold': 'OCCUPIED',
    'offered and taken': 'OCCUPIED',
    'offered and declined': 'DECLINED',
    'past the line': 'NOT_NEXT_IN_LINE',
    'offered to the next': 'OFFERED',
    'came back': 'OCCUPIED',
    'moved to the other home': 'OCCUPIED',
    'left, DEATH': 'DEATH',
    'the file of who died': 'DECEASED',
  });
  expect(played.moved.second).toEqual({ came: 3, left: 3, wentAway: 0, cameBack: 0 });
}, 240_000);

it('is played again on the next day, with others', async () => {
  const again = await playOn(addDays(day, 1));
  expect(await faultsOf(again)).toEqual([]);
  await expectAuditClean(open.database);
}, 240_000);

it('plays after a leap of the clock past every offer, and leaves the line’s word about passing on as it was', async () => {
  const later = await playOn(addDays(day, 9));
  expect(await faultsOf(later)).toEqual([]);
  const told = await open.database.read((manager) =>
    manager.query('SELECT passesOn FROM waitlist_line WHERE passesOn IS NOT NULL'),
  );
  expect(told).toEqual([]);
  await expectAuditClean(open.database);
}, 240_000);

it('sees a stay that nobody brought about, and a step that ended otherwise', async () => {
  const { second } = played.moved;
  second.came += 1;
  expect((await faultsOf(played)).join()).toMatch(/residents, not \d+/);
  second.came -= 1;
  const figures = played.after?.first;
  if (!figures) throw new Error('nothing was played');
  figures.rollup.free += 1;
  figures.series.occupied += 1;
  expect((await faultsOf(played)).join()).toMatch(/free \d+ on the board.*stays in the database/s);
  figures.rollup.free -= 1;
  figures.series.occupied -= 1;
  played.note('a step', { refused: 'LEAVE_LIMIT' }, 'ON_LEAVE');
  expect((await faultsOf(played)).join()).toMatch(/a step: LEAVE_LIMIT where ON_LEAVE was to come/);
});

it('sends a few residents to lunch, each to a canteen, and sees a subsidy that one of them got', async () => {
  const homes = await open.database.read((manager) => residentsOf(manager, { elders, day }));
  expect(homes.living.length).toBeGreaterThan(100);
  const taps = residentTaps(homes.living, 304, 3);
  expect(new Set(taps.map(({ elder }) => elder)).size).toBe(12);
  expect(taps.every(({ story, elder }) => story === 'RESIDENT' && homes.isCaredFor(elder))).toBe(true);
  const lines = (receipts: { subsidyFen: number }[]) =>
    open.database.read((manager) => reconcileResidents(manager, day, receipts));
  expect(await lines([{ subsidyFen: 0 }])).toMatchObject([{ faults: [] }]);
  expect(await lines([{ subsidyFen: 300 }])).toMatchObject([{ faults: ['1 receipts of residents'] }]);
});
