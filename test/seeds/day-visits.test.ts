import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeliveryCalls } from '../../seeds/day/delivery-calls.js';
import type { DemoVisits } from '../../seeds/day/demo-visits-day.js';
import { GraphClient } from '../../seeds/day/graph-client.js';
import { PatientClient } from '../../seeds/day/patient-client.js';
import { prepareVisits } from '../../seeds/day/prepare-visits.js';
import { draftOf, reconcileVisits } from '../../seeds/day/reconcile-visits.js';
import { ServerClock } from '../../seeds/day/server-clock.js';
import type { StationSums } from '../../seeds/day/visit-calls.js';
import { tapMinutes, visitEnds } from '../../seeds/day/visit-plan.js';
import { seedDemo } from '../../seeds/demo.js';
import { readCredentials } from '../../seeds/demo-credentials.js';
import { MissedVisitScanner } from '../../src/visits/missed-visit-scanner.js';
import { expectAuditClean } from '../support/audited.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

const day = '2026-11-24';
const elders = 4500;
let open: TestDatabase;
let server: ListeningServer;
let client: GraphClient;
let clock: ServerClock;
let visits: DemoVisits;
let before: StationSums;
const folder = mkdtempSync(join(tmpdir(), 'yinling-day-visits-'));

beforeAll(async () => {
  open = await openTestDatabase();
  server = await startListeningServer({ on: open, at: new Date('2026-11-20T12:00:00+08:00') });
  const graphqlUrl = `${server.origin}/graphql`;
  const seeded = { elders, dataDir: folder, graphqlUrl, clock: server.clock, progress: false };
  await seedDemo(open.database, seeded);
  const credentials = readCredentials(folder);
  if (!credentials) throw new Error('the demo has no credentials');
  client = new GraphClient(graphqlUrl, 4);
  clock = new ServerClock(client, credentials.admin.token);
  const patient = new PatientClient(client);
  const deliveries = new DeliveryCalls(patient, (request) => clock.untilAnswered(request));
  const given = { client: patient, clock, credentials, day, elders, dayNumber: 0, deliveries };
  visits = await prepareVisits(given);
  // The server of a test looks for nothing by itself.
  visits.game.untilMissed = async () => {
    const scanner = new MissedVisitScanner({
      database: open.database,
      clock: server.clock,
      pauseSeconds: 60,
      positionDays: 180,
      onFailure: (error) => {
        throw error;
      },
    });
    await scanner.scan();
  };
  before = await draftOf(visits);
  // A city takes its time on a busy machine.
}, 240_000);
afterAll(async () => {
  await clock?.release();
  await client?.close();
  await server?.close();
  await open?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const faults = async () =>
  (await open.database.read((manager) => reconcileVisits(visits, before, manager))).flatMap((line) =>
    line.faults.map((fault) => `${line.what}: ${fault}`),
  );

it('books, plans, brings, misses, calls off and settles a day, and all of it adds up', async () => {
  await visits.play();
  expect(visits.played.length).toBeGreaterThanOrEqual(6);
  expect(visits.played[0]?.bookedBy).toBe('RELATIVE');
  expect(visits.planned).not.toBe('');
  expect(await faults()).toEqual([]);
  const said = new Set(visits.played.map((visit) => visit.said));
  expect(said).toEqual(new Set(['COMPLETED', 'CANCELLED', 'NO_SHOW']));
  await expectAuditClean(open.database);
});

it('sees a visit that the ledger knows nothing of, and hours that are gone', async () => {
  const done = visits.played.find((visit) => visit.said === 'COMPLETED' && visit.story !== 'SHORT');
  if (!done) throw new Error('no visit was brought');
  const minutes = done.hoursMinutes;
  done.hoursMinutes = minutes + 1;
  expect((await faults()).join()).toMatch(/hours reserved = used \+ given back \+ left/);
  done.hoursMinutes = minutes;
  done.story = 'SHORT';
  expect((await faults()).join()).toMatch(/the draft of the station's month/);
  done.story = 'ON_TIME';
  done.said = 'ASSIGNED';
  expect((await faults()).join()).toMatch(/visits booked = /);
  done.said = 'COMPLETED';
  expect(await faults()).toEqual([]);
});

it('gives each story an end, and taps only to who comes', () => {
  expect(tapMinutes('NO_SHOW')).toBeUndefined();
  expect(tapMinutes('CALLED_OFF')).toBeUndefined();
  expect(visitEnds.SHORT).toBe('COMPLETED');
});
