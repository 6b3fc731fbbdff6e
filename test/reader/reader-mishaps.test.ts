import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TapResult } from '../../reader/tap-result.js';
import { type CardReader, CardReaders, waitFor } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { brokenInvariants, swipesOf } from '../support/recorded-swipes.js';
import { intakeOf, tap } from '../support/taps.js';
import { addDiner, balanceOf, buildTown, type Diner, noon, type Town, topUp } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let readers: CardReaders;

beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  town = await buildTown(server.database);
});
afterAll(async () => {
  const broken = await brokenInvariants(server.database);
  await server.close();
  expect(broken).toEqual([]);
});

beforeEach(async () => {
  server.clock.set(noon, 1);
  readers = await CardReaders.open(server.port, await server.readerToken(town.canteenIds[0]));
});
afterEach(() => readers.close());

/** The clock stands so many seconds after noon, and the list has told the reader so. */
async function passed(started: CardReader, seconds: number): Promise<void> {
  const then = noon.getTime() + seconds * 1000;
  server.clock.set(new Date(then), 1);
  await waitFor(() => {
    started.reader.wake();
    return (started.reader.now?.getTime() ?? 0) >= then;
  }, 'the time');
}

describe('a disk that takes no answer', () => {
  const fill = (started: CardReader) =>
    started.file.exec(
      `CREATE TEMP TRIGGER disk_full BEFORE UPDATE ON main.tap BEGIN SELECT RAISE(ROLLBACK, 'disk is full'); END`,
    );
  const makeRoom = (started: CardReader) => started.file.exec('DROP TRIGGER disk_full');

  it('what is not stored is not shown as taken, and the elder is served once when there is room', async () => {
    const diner = await addDiner(town);
    const started = await readers.ready();
    fill(started);
    const first = await started.tap(diner.uid);
    const notStored = { verdict: 'REFUSED', by: 'READER', code: 'NOT_STORED', receipt: null };
    expect(first).toMatchObject({ ...notStored, sequence: 1 });
    expect(await started.tap(diner.uid)).toMatchObject(notStored);
    expect(await started.reader.giveAnyway(first)).toMatchObject(notStored);
    expect(started.notices).toContain('disk is full');
    makeRoom(started);
    const served = { verdict: 'TAKEN', by: 'SERVER', sequence: 1, receipt: { selfPaidFen: 900 } };
    expect(await started.tap(diner.uid)).toMatchObject({ ...served, repeated: false });
    expect(await started.tap(diner.uid)).toMatchObject({ ...served, repeated: true });
    await passed(started, 60);
    expect(await started.tap(diner.uid)).toMatchObject({ verdict: 'REFUSED', code: 'MEAL_ALREADY_TAKEN' });
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });

  it('who does not come again was charged for nothing, which is told', async () => {
    const diner = await addDiner(town);
    const started = await readers.ready();
    fill(started);
    const { sequence } = await started.tap(diner.uid);
    makeRoom(started);
    for (const minutes of [6, 12]) await passed(started, minutes * 60);
    await started.drained();
    expect(await swipesOf(server.database, diner.uid)).toEqual([[sequence, 'ACCEPTED', false]]);
    expect(started.uploads).toMatchObject([{ tap: { mealGiven: false }, answer: { outcome: 'ACCEPTED' } }]);
  });

  it('a refusal is shown all the same', async () => {
    const diner = await addDiner(town, { balanceFen: 0 });
    const started = await readers.ready();
    fill(started);
    const refused = { verdict: 'REFUSED', by: 'SERVER', code: 'INSUFFICIENT_BALANCE' };
    expect(await started.tap(diner.uid)).toMatchObject(refused);
  });
});

it('a reader whose power went while it learned that it was revoked has no list after that', async () => {
  const path = readers.newPath();
  const started = await readers.ready(path);
  started.facts.set('revoked', true);
  await readers.stop(started);
  readers.cable.set('UNPLUGGED');
  const again = readers.start(path);
  expect(again.reader.state).toBe('REVOKED');
  expect(again.file.prepare('SELECT COUNT(*) FROM list_item').pluck().all()).toEqual([0]);
  expect(again.reader.trustedUntil).toBeUndefined();
});

it('an elder who was sent away without an answer and comes again has not eaten yet', async () => {
  const started = await readers.ready(readers.newPath(), { patienceMs: 700 });
  // Registered after the list was made, so that the reader does not know the card.
  const diner = await addDiner(town);
  readers.cable.set('MUTE');
  const unsure = await started.tap(diner.uid);
  expect(unsure).toMatchObject({ verdict: 'UNSURE', code: 'CARD_NOT_LISTED' });
  expect(await balanceOf(town, diner.elderId)).toBe(9100);
  readers.cable.set('UNPLUGGED');
  readers.cable.set('PLUGGED');
  await passed(started, 60);
  await started.until('ONLINE');
  const { sequence, swipeId } = unsure;
  expect(await started.tap(diner.uid)).toMatchObject({ verdict: 'TAKEN', by: 'SERVER', sequence, swipeId });
  expect(await balanceOf(town, diner.elderId)).toBe(9100);
  await passed(started, 120);
  expect(await started.tap(diner.uid)).toMatchObject({ verdict: 'REFUSED', code: 'MEAL_ALREADY_TAKEN' });
});

it('and what was refused then is asked anew', async () => {
  const diner = await addDiner(town, { balanceFen: 0 });
  const started = await readers.ready(readers.newPath(), { patienceMs: 700 });
  readers.cable.set('MUTE');
  const refused = await started.tap(diner.uid);
  expect(refused).toMatchObject({ verdict: 'REFUSED', by: 'READER', code: 'INSUFFICIENT_BALANCE' });
  await topUp(town, diner.uid, 5000);
  readers.cable.set('UNPLUGGED');
  readers.cable.set('PLUGGED');
  await passed(started, 60);
  await started.until('ONLINE');
  const sequence = Number(refused.sequence) + 1;
  expect(await started.tap(diner.uid)).toMatchObject({ verdict: 'TAKEN', by: 'SERVER', sequence });
  expect(await balanceOf(town, diner.elderId)).toBe(4100);
});

describe('a meal that the clerk gives of a tap that the server may have', () => {
  /** A card of which the reader knows nothing is tapped while the network is as said, and then the network is back. */
  async function unsureTap(started: CardReader, cable: 'DEAF' | 'MUTE'): Promise<[Diner, TapResult]> {
    // Registered after the list was made.
    const diner = await addDiner(town);
    readers.cable.set(cable);
    const unsure = await started.tap(diner.uid);
    expect(unsure).toMatchObject({ verdict: 'UNSURE', code: 'CARD_NOT_LISTED' });
    readers.cable.set('UNPLUGGED');
    readers.cable.set('PLUGGED');
    await passed(started, 360);
    return [diner, unsure];
  }

  it('while it is on its way up as one that nobody got: the answer loses no meal', async () => {
    const started = await readers.ready(readers.newPath(), { patienceMs: 300 });
    const [diner, unsure] = await unsureTap(started, 'DEAF');
    readers.cable.hold('ReaderSwipes(');
    server.clock.set(new Date(noon.getTime() + 720_000), 1);
    await waitFor(() => {
      started.reader.wake();
      return readers.cable.isHolding;
    }, 'the upload');
    const { sequence } = unsure;
    expect(await started.reader.giveAnyway(unsure)).toMatchObject({
      verdict: 'TAKEN',
      by: 'READER',
      sequence,
    });
    readers.cable.letGo();
    await started.drained();
    expect(await swipesOf(server.database, diner.uid)).toEqual([
      [sequence, 'CLOCK_OUT_OF_RANGE', false],
      [Number(sequence) + 1, 'ACCEPTED', true],
    ]);
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });

  it('after the server was heard: the elder has paid for it, and for no other', async () => {
    const started = await readers.ready(readers.newPath(), { patienceMs: 700 });
    const [diner, unsure] = await unsureTap(started, 'MUTE');
    await passed(started, 720);
    await started.drained();
    expect(await started.reader.giveAnyway(unsure)).toMatchObject({
      verdict: 'TAKEN',
      by: 'SERVER',
      sequence: unsure.sequence,
    });
    await started.drained();
    expect(await swipesOf(server.database, diner.uid)).toEqual([[unsure.sequence, 'ACCEPTED', false]]);
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });
});

it('a meal under an id that the server has of another tap goes up again under an id of its own', async () => {
  const [before, diner, other] = [await addDiner(town), await addDiner(town), await addDiner(town)];
  const started = await readers.ready();
  readers.cable.set('UNPLUGGED');
  await started.tap(before.uid);
  // This one was never sent as a live one.
  await started.until('OFFLINE_TRUSTED');
  const shown = await started.tap(diner.uid);
  expect(shown).toMatchObject({ verdict: 'TAKEN', by: 'READER' });
  await intakeOf(town, { clock: server.clock }).record(
    tap(town, { cardUid: other.uid, swipeId: String(shown.swipeId), swipedAt: server.clock.now() }),
  );
  readers.cable.set('PLUGGED');
  await started.drained();
  expect(await swipesOf(server.database, diner.uid)).toEqual([
    [Number(shown.sequence) + 1, 'ACCEPTED', true],
  ]);
  expect(await balanceOf(town, diner.elderId)).toBe(9100);
  expect(started.uploads).toMatchObject([
    { answer: { outcome: 'ACCEPTED' }, secondSequence: null },
    { answer: { outcome: 'SWIPE_ID_REUSED' }, secondSequence: Number(shown.sequence) + 1 },
    { answer: { outcome: 'ACCEPTED' }, secondSequence: null },
  ]);
});
