import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeliveryCalls } from '../../seeds/day/delivery-calls.js';
import { deliveryPeople } from '../../seeds/day/delivery-people.js';
import { deliveryCandidates, minuteAtDoor, storyEnds } from '../../seeds/day/delivery-plan.js';
import { type DeliveryGame, DemoDeliveries } from '../../seeds/day/demo-deliveries.js';
import { GraphClient } from '../../seeds/day/graph-client.js';
import { lunch } from '../../seeds/day/lunch-plan.js';
import { PatientClient } from '../../seeds/day/patient-client.js';
import { readReceipts, reconcileDeliveries } from '../../seeds/day/reconcile-deliveries.js';
import { residentsOf } from '../../seeds/day/residents.js';
import { ServerClock } from '../../seeds/day/server-clock.js';
import { seedDemo } from '../../seeds/demo.js';
import { readCredentials } from '../../seeds/demo-credentials.js';
import { demoCanteenCode } from '../../seeds/reference/nanyang/network.js';
import { expectAuditClean } from '../support/audited.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

const day = '2026-11-23';
const elders = 2500;
const wanted = 9;
let open: TestDatabase;
let server: ListeningServer;
let client: GraphClient;
let clock: ServerClock;
let game: DeliveryGame;
const folder = mkdtempSync(join(tmpdir(), 'yinling-day-'));

/** The demo's city, and its people signed in. */
beforeAll(async () => {
  open = await openTestDatabase();
  server = await startListeningServer({ on: open, at: new Date('2026-11-20T12:00:00+08:00') });
  const graphqlUrl = `${server.origin}/graphql`;
  await seedDemo(open.database, {
    elders,
    dataDir: folder,
    graphqlUrl,
    clock: server.clock,
    progress: false,
  });
  const credentials = readCredentials(folder);
  const canteen = credentials?.readers.find(({ facilityCode }) => facilityCode === demoCanteenCode);
  if (!credentials || !canteen) throw new Error('the demo has no credentials');
  client = new GraphClient(graphqlUrl, 4);
  clock = new ServerClock(client, credentials.admin.token);
  const patient = new PatientClient(client);
  const calls = new DeliveryCalls(patient, (request) => clock.untilAnswered(request));
  const people = await deliveryPeople(patient, credentials);
  const homes = await open.database.read((manager) => residentsOf(manager, { elders, day }));
  const candidates = deliveryCandidates({ countyCode: 'NY-411302', elders, day }, 0, homes.isCaredFor);
  game = { calls, people, canteenId: canteen.facilityId, day, candidates, wanted };
  // A city takes its time on a busy machine.
}, 240_000);
afterAll(async () => {
  await clock?.release();
  await client?.close();
  await server?.close();
  await open?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const reconciled = async (deliveries: DemoDeliveries) => {
  const played = { ...game, played: deliveries.played };
  const lines = await open.database.read((manager) => reconcileDeliveries(played, manager));
  return lines.filter(({ faults }) => faults.length > 0).map(({ what }) => what);
};

it('has enough elders to choose from, each day others, and a minute of the rush for every door', () => {
  expect(game.candidates.length).toBeGreaterThan(wanted);
  expect(new Set(game.candidates).size).toBe(game.candidates.length);
  const next = deliveryCandidates({ countyCode: 'NY-411302', elders: 20_000, day }, 1);
  const first = deliveryCandidates({ countyCode: 'NY-411302', elders: 20_000, day }, 0);
  expect(next.slice(0, 24).some((elder) => first.slice(0, 24).includes(elder))).toBe(false);
  expect([0, 23].map((place) => minuteAtDoor(place, 24))).toEqual([lunch.rushFrom, lunch.rushFrom + 86]);
});

let deliveries: DemoDeliveries;

it('orders as the relative and the manager, also after a lunch that was broken off, and brings by every story', async () => {
  await clock.setTo(day, -360);
  const brokenOff = new DemoDeliveries({ ...game, wanted: 3 });
  await brokenOff.order();
  await clock.setTo(day, lunch.from);
  await brokenOff.start();
  // Nobody has eaten yet, so the same day is played again.
  await clock.setTo(day, -360);
  deliveries = new DemoDeliveries(game);
  await deliveries.order();
  await clock.setTo(day, lunch.from);
  await deliveries.start();
  for (let minute = lunch.from; minute < lunch.to; minute += 1) await deliveries.atMinute(minute);
  expect(deliveries.familySaid).toBe('NOT_ENTITLED');
  expect(deliveries.played.map(({ orderedBy }) => orderedBy)).toEqual([
    'RELATIVE',
    ...Array(8).fill('MANAGER'),
  ]);
  expect(new Set(deliveries.played.map(({ story }) => story))).toEqual(new Set(Object.keys(storyEnds)));
  for (const { story, said, faults } of deliveries.played)
    expect([said, faults]).toEqual([storyEnds[story], []]);
});

it('what was delivered is charged, and nothing else is', async () => {
  const receipts = await readReceipts({ ...game, played: deliveries.played });
  expect(receipts).toHaveLength(7);
  expect(receipts.every(({ grossFen }) => grossFen === 1200)).toBe(true);
  expect(await reconciled(deliveries)).toEqual([]);
  await expectAuditClean(open.database);
});

it.each<[what: string, change: () => [sql: string, undo: string]]>([
  ['delivered = charged', () => balanceOff('BY_CODE')],
  ['brought back or called off = not charged', () => balanceOff('CAME_BACK')],
  [
    "the ledger's deliveries = their receipts",
    () => [
      'UPDATE swipe SET sequence = 7 WHERE id = (SELECT first FROM (SELECT MIN(id) AS first FROM swipe WHERE sequence = -1) AS s)',
      'UPDATE swipe SET sequence = -1 WHERE sequence = 7',
    ],
  ],
  [
    "the canteen's list = what the courier did",
    () => {
      const { id } = playedAs('CALLED_OFF');
      return [
        `UPDATE delivery_order SET state = 'CAME_BACK', reason = 'WEATHER' WHERE id = ${id}`,
        `UPDATE delivery_order SET state = 'CANCELLED', reason = NULL WHERE id = ${id}`,
      ];
    },
  ],
])('%s: what does not add up shows', async (what, change) => {
  const [sql, undo] = change();
  await open.database.write((manager) => manager.query(sql));
  expect(await reconciled(deliveries)).toEqual([what]);
  await open.database.write((manager) => manager.query(undo));
  expect(await reconciled(deliveries)).toEqual([]);
});

it('a delivery that ended otherwise than its story shows', async () => {
  const { calls } = game;
  const [first] = deliveries.played;
  const late = new DemoDeliveries({ ...game, candidates: game.candidates.slice(wanted), wanted: 1 });
  await clock.setTo(day, -360);
  // It clears nothing that has ended, and its own meal is called off behind its back.
  await late.order();
  await clock.setTo(day, lunch.from);
  await late.start();
  const [own] = late.played;
  await calls.bringBack(game.people.canteen, crypto.randomUUID(), own?.id ?? '', {
    reason: 'WEATHER',
    text: null,
  });
  for (let minute = lunch.from; minute < lunch.to; minute += 1) await late.atMinute(minute);
  expect(own?.faults).toEqual([expect.stringMatching(/^WRONG_STATE where HANDED_OVER was to come/)]);
  expect(first?.faults).toEqual([]);
});

const playedAs = (story: string) => {
  const found = deliveries.played.find((each) => each.story === story);
  if (!found) throw new Error(`nothing was played as ${story}`);
  return found;
};

function balanceOff(story: string): [sql: string, undo: string] {
  const { elderId } = playedAs(story);
  const change = (by: string) =>
    `UPDATE ledger_account SET balanceFen = balanceFen ${by} WHERE kind = 'ELDER' AND ownerId = ${elderId}`;
  return [change('- 1'), change('+ 1')];
}
