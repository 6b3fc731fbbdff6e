import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeStore, openStore } from '../../reader/store.js';
import type { TapResult } from '../../reader/tap-result.js';
import { waitFor } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { type Cable, NetworkCable } from '../support/network-cable.js';
import { type ReaderProcess, startReaderProcess } from '../support/reader-process.js';
import { brokenInvariants } from '../support/recorded-swipes.js';
import { engine } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

/** What is killed is the reader, whose store is the same whatever database the server has. */
const kills = engine === 'sqlite' ? 10 : 4;
const dinersCount = 120;

let server: ListeningServer;
let town: Town;
let folder: string;
let cable: NetworkCable;
let flags: string[];
let store: string;
const cards: string[] = [];

beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  server.clock.set(noon, 1);
  town = await buildTown(server.database);
  // Between the elders come cards of which nobody knows anything.
  for (let index = 0; index < dinersCount; index++) {
    cards.push((await addDiner(town)).uid, (0xbad00000 + index).toString(16));
  }
  folder = mkdtempSync(join(tmpdir(), 'yinling-killed-'));
  store = join(folder, 'store.sqlite');
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, await server.readerToken(town.canteenIds[0]));
  chmodSync(keyFile, 0o600);
  cable = new NetworkCable(server.port);
  const url = await cable.listen();
  flags = ['--url', url, '--key-file', keyFile, '--store', store, '--price', '12', '--unsure', 'store'];
  flags.push('--patience-ms', '600', '--refresh-seconds', '1', '--drain-seconds', '20');
});
afterAll(async () => {
  await cable.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

let next = 0;
/** Types cards as fast as they are taken, until it has ended. */
async function tapOn(reader: ReaderProcess): Promise<void> {
  let isOver = false;
  void reader.ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const uid = cards[next % cards.length] ?? '';
    next += 1;
    if (!reader.type(uid)) await wait(2);
    // No more than a few wait in the pipe, or one life would use up all elders.
    if (next % 5 === 0) await wait(3);
  }
}

/** What the network does from the start of a life on, and from some tap of it on. */
const networks: readonly (readonly [Cable, Cable])[] = [
  ['PLUGGED', 'PLUGGED'],
  ['PLUGGED', 'UNPLUGGED'],
  ['UNPLUGGED', 'PLUGGED'],
  ['PLUGGED', 'MUTE'],
  ['DEAF', 'PLUGGED'],
];

async function killOnce(round: number): Promise<TapResult[]> {
  const [first, then] = networks[round % networks.length] ?? ['PLUGGED', 'PLUGGED'];
  cable.set('UNPLUGGED');
  cable.set(first);
  const reader = startReaderProcess(flags);
  const typing = tapOn(reader);
  const turn = 1 + Math.floor(Math.random() * 12);
  await waitFor(() => reader.results.length >= turn, `${turn} taps`);
  cable.set(then);
  await wait(Math.random() * 400);
  reader.child.kill('SIGKILL');
  expect((await reader.ended).code).toBe('SIGKILL');
  await typing;
  return reader.results;
}

/** A life without cards, in which everything that may be sent is. */
async function settle(): Promise<void> {
  cable.set('PLUGGED');
  const reader = startReaderProcess(flags);
  // By then it has the server's time, and knows what may be sent.
  await waitFor(() => reader.said().includes('ONLINE'), 'the server');
  reader.child.stdin?.end();
  const { code, said } = await reader.ended;
  expect(said).not.toContain('stuck');
  expect(code).toBe(0);
}

it(`killed ${kills} times at any moment, the server there and away: every meal that was handed out is there once`, async () => {
  const shown: TapResult[] = [];
  for (let round = 0; round < kills; round++) shown.push(...(await killOnce(round)));
  await settle();
  // What nobody saw taken is sent only when it can no longer be new.
  server.clock.set(new Date(server.clock.now().getTime() + 12 * 60_000), 1);
  await settle();

  const stored = await storedTaps();
  const recorded = await recordedSwipes();
  const given = shown.filter(({ verdict }) => verdict === 'TAKEN' || verdict === 'STORED');
  expect(given.length).toBeGreaterThan(kills * 3);
  expect(given.filter(({ by }) => by === 'READER').length).toBeGreaterThan(10);
  expect(given.filter(({ by }) => by === 'SERVER').length).toBeGreaterThan(2);

  expect(stored.filter(({ outcome }) => outcome === null)).toEqual([]);
  // The reader's numbers are the server's, from the first to the last, none missing and none used twice.
  expect(recorded.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
  const pair = ({ sequence, swipeId, outcome }: Recorded) => [sequence, swipeId, outcome];
  expect(recorded.map(pair)).toEqual(stored.map(pair));
  expect(given.filter(({ swipeId }) => !recorded.some((each) => each.swipeId === swipeId))).toEqual([]);
  expect(given.filter((tap) => !isBooked(tap, recorded))).toEqual([]);
  expect(await brokenInvariants(server.database)).toEqual([]);
}, 120_000);

interface Recorded {
  sequence: number;
  swipeId: string;
  cardUid: string;
  outcome: string;
}

/** Paid for, or for a manager to decide on; of a card that nobody knows, the server keeps that it was tapped. */
function isBooked(
  { swipeId, cardUid, swipedAt }: TapResult,
  recorded: readonly (Recorded & { at: number })[],
) {
  return recorded.some(
    (each) =>
      (each.swipeId === swipeId || (each.cardUid === cardUid && each.at === Date.parse(swipedAt ?? ''))) &&
      ['ACCEPTED', 'RECORDED_FOR_REVIEW', 'CARD_UNKNOWN'].includes(each.outcome),
  );
}

async function storedTaps(): Promise<Recorded[]> {
  const file = openStore(store, { now: new Date(), beginsAnew: false });
  const rows = file.prepare('SELECT sequence, swipeId, cardUid, outcome FROM tap ORDER BY sequence').all();
  closeStore(file);
  return rows as Recorded[];
}

async function recordedSwipes() {
  const rows: (Recorded & { swipedAt: number | string })[] = await server.database.read((manager) =>
    manager.query('SELECT sequence, swipeId, cardUid, outcome, swipedAt FROM swipe ORDER BY sequence, id'),
  );
  return rows.map(({ sequence, swipedAt, ...row }) => {
    return { ...row, sequence: Number(sequence), at: Number(swipedAt) };
  });
}
