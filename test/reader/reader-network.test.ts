import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WrongReader } from '../../reader/line.js';
import { CardReaders, waitFor } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import type { NetworkCable } from '../support/network-cable.js';
import { brokenInvariants, swipesOf } from '../support/recorded-swipes.js';
import { intakeOf, tap } from '../support/taps.js';
import { addDiner, balanceOf, buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let readers: CardReaders;
let cable: NetworkCable;

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
  // The day goes on for readers whose taps are dated by the machine's own pace.
  server.clock.set(noon, 1);
  readers = await CardReaders.open(server.port, await server.readerToken(town.canteenIds[0]));
  cable = readers.cable;
});
afterEach(() => readers.close());

const start = (...options: Parameters<CardReaders['start']>) => readers.start(...options);
const ready = (...options: Parameters<CardReaders['ready']>) => readers.ready(...options);
const rowsOf = (cardUid: string) => swipesOf(server.database, cardUid);

describe('online', () => {
  it('shows what the server says, and the same card again what it said then', async () => {
    const diner = await addDiner(town);
    const started = start();
    const first = await started.tap(diner.uid);
    expect(first).toMatchObject({
      sequence: 1,
      verdict: 'TAKEN',
      by: 'SERVER',
      receipt: { subsidyFen: 300, selfPaidFen: 900, balanceFen: 9100 },
    });
    expect(await started.tap(diner.uid)).toEqual({ ...first, repeated: true });
    expect(await started.tap('0BADCAFE')).toMatchObject({ verdict: 'REFUSED', code: 'CARD_UNKNOWN' });
    expect(await rowsOf(diner.uid)).toEqual([[1, 'ACCEPTED', false]]);
    expect(started.reader.counts.waiting).toBe(0);
  });

  it('whose disk was lost goes on far behind the last number that the server has of it, and says so', async () => {
    const [before, after] = [await addDiner(town), await addDiner(town)];
    await (await ready()).tap(before.uid);
    const anew = await ready();
    expect(await anew.tap(after.uid)).toMatchObject({ sequence: 102, verdict: 'TAKEN' });
    expect(anew.notices).toContain('skipped 2 to 101');
  });

  it('does not work for another canteen', async () => {
    const started = start(readers.newPath(), { canteenCode: 'CANTEEN-2' });
    expect(await started.ended).toBeInstanceOf(WrongReader);
  });
});

describe('without a network', () => {
  it('decides as the server would, stores, and uploads it when the network is back', async () => {
    const [diner, poor, eaten] = [
      await addDiner(town),
      await addDiner(town, { balanceFen: 100 }),
      await addDiner(town),
    ];
    await intakeOf(town, { clock: server.clock }).record(tap(town, { cardUid: eaten.uid, swipedAt: noon }));
    const started = await ready();
    cable.set('UNPLUGGED');
    const shown = await started.tap(diner.uid);
    expect(shown).toMatchObject({
      verdict: 'TAKEN',
      by: 'READER',
      receipt: { subsidyFen: 300, selfPaidFen: 900, balanceFen: null },
    });
    expect(started.reader.state).toBe('OFFLINE_TRUSTED');
    expect(await started.tap(poor.uid)).toMatchObject({ verdict: 'REFUSED', code: 'INSUFFICIENT_BALANCE' });
    expect(await started.tap(eaten.uid)).toMatchObject({ verdict: 'REFUSED', code: 'MEAL_ALREADY_TAKEN' });
    expect(await started.tap('0BADCAFE')).toMatchObject({ verdict: 'UNSURE', code: 'CARD_NOT_LISTED' });
    cable.set('PLUGGED');
    await started.drained();
    expect(await rowsOf(diner.uid)).toEqual([[shown.sequence, 'ACCEPTED', true]]);
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });

  it('gives an elder one meal, also over a restart, and what the clerk gives anyway is judged later', async () => {
    const diner = await addDiner(town);
    const path = readers.newPath();
    const first = await ready(path);
    cable.set('UNPLUGGED');
    await first.tap('0BADCAFE');
    expect(await first.tap(diner.uid)).toMatchObject({ verdict: 'TAKEN', by: 'READER' });
    await readers.stop(first);
    const laterMs = 10_000;
    const second = start(path, { clock: { now: () => new Date(Date.now() + laterMs) } });
    await second.until('OFFLINE_TRUSTED');
    const refused = await second.tap(diner.uid);
    expect(refused).toMatchObject({ verdict: 'REFUSED', code: 'MEAL_ALREADY_TAKEN', sequence: null });
    expect(await second.reader.giveAnyway(refused)).toMatchObject({ verdict: 'STORED' });
    cable.set('PLUGGED');
    await second.drained();
    const outcomes = (await rowsOf(diner.uid)).map(([, outcome]) => outcome);
    expect(outcomes).toEqual(['ACCEPTED', 'RECORDED_FOR_REVIEW']);
  });

  it('stores only, and shows no price as paid, once its list is too old', async () => {
    const diner = await addDiner(town);
    const path = readers.newPath();
    await readers.stop(await ready(path));
    cable.set('UNPLUGGED');
    const clock = { now: () => new Date(Date.now() + 49 * 3_600_000) };
    const started = start(path, { clock });
    await started.until('OFFLINE_UNTRUSTED');
    const unsure = await started.tap(diner.uid);
    expect(unsure).toMatchObject({
      verdict: 'UNSURE',
      code: 'SNAPSHOT_TOO_OLD',
      receipt: null,
      sequence: null,
    });
    expect(await started.reader.giveAnyway(unsure)).toMatchObject({ verdict: 'STORED', receipt: null });
    expect(started.reader.counts.waiting).toBe(1);
  });

  it.each([
    ['a week and more later', 8 * 86_400_000],
    ['years before', -50 * 365 * 86_400_000],
  ])('takes nothing by a clock that shows a time %s, until the server tells it', async (_, byMs) => {
    const diner = await addDiner(town);
    const path = readers.newPath();
    await readers.stop(await ready(path));
    cable.set('UNPLUGGED');
    const started = start(path, { clock: { now: () => new Date(Date.now() + byMs) } });
    expect(await started.tap(diner.uid)).toMatchObject({
      verdict: 'REFUSED',
      code: 'CLOCK_WRONG',
      sequence: null,
    });
    cable.set('PLUGGED');
    started.reader.wake();
    await started.until('ONLINE');
    expect(await started.tap(diner.uid)).toMatchObject({ verdict: 'TAKEN', by: 'SERVER' });
  });

  it('takes nothing before it was ever bound', async () => {
    cable.set('UNPLUGGED');
    expect(await start().tap('A0000001')).toMatchObject({
      verdict: 'REFUSED',
      code: 'UNBOUND',
      sequence: null,
    });
  });
});

describe('when the answer to a tap does not come', () => {
  it('the server may have it: sent again under the same id it is there once', async () => {
    const diner = await addDiner(town);
    const started = await ready(readers.newPath(), { patienceMs: 700 });
    cable.set('MUTE');
    const shown = await started.tap(diner.uid);
    expect(shown).toMatchObject({ verdict: 'TAKEN', by: 'READER', receipt: { selfPaidFen: 900 } });
    expect(cable.mutedBytes).toBeGreaterThan(100);
    cable.set('UNPLUGGED');
    cable.set('PLUGGED');
    await started.drained();
    expect(await rowsOf(diner.uid)).toEqual([[shown.sequence, 'ACCEPTED', false]]);
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });

  it('and the server has refused it: the meal that was handed out goes to review under a number of its own', async () => {
    const diner = await addDiner(town);
    const started = await ready(readers.newPath(), { patienceMs: 700 });
    await intakeOf(town, { clock: server.clock }).record(
      tap(town, { cardUid: diner.uid, swipedAt: server.clock.now() }, { canteen: 1 }),
    );
    cable.set('MUTE');
    const { sequence, verdict } = await started.tap(diner.uid);
    expect(verdict).toBe('TAKEN');
    cable.set('UNPLUGGED');
    cable.set('PLUGGED');
    await started.drained();
    const own = (await rowsOf(diner.uid)).filter(([, outcome]) => outcome !== 'ACCEPTED');
    expect(own.sort()).toEqual([
      [sequence, 'MEAL_ALREADY_TAKEN', false],
      [Number(sequence) + 1, 'RECORDED_FOR_REVIEW', true],
    ]);
    expect(started.reader.counts.waiting).toBe(0);
  });

  it('and the elder has eaten elsewhere meanwhile: the meal that was handed out goes to review', async () => {
    const diner = await addDiner(town);
    const started = await ready(readers.newPath(), { patienceMs: 300 });
    cable.set('DEAF');
    const { sequence } = await started.tap(diner.uid);
    await intakeOf(town, { clock: server.clock }).record(
      tap(town, { cardUid: diner.uid, swipedAt: server.clock.now() }, { canteen: 1 }),
    );
    cable.set('UNPLUGGED');
    cable.set('PLUGGED');
    await started.drained();
    const own = (await rowsOf(diner.uid)).filter(([, outcome]) => outcome !== 'ACCEPTED');
    expect(own).toEqual([[sequence, 'RECORDED_FOR_REVIEW', true]]);
  });

  it('and nothing was handed out: it is sent when it can no longer be new, and nobody pays', async () => {
    const started = await ready(readers.newPath(), { patienceMs: 300 });
    // Registered after the list was made, so that the reader does not know the card.
    const diner = await addDiner(town);
    cable.set('DEAF');
    const unsure = await started.tap(diner.uid);
    expect(unsure).toMatchObject({ verdict: 'UNSURE', code: 'CARD_NOT_LISTED' });
    cable.set('UNPLUGGED');
    cable.set('PLUGGED');
    started.reader.wake();
    await started.until('ONLINE');
    expect(started.reader.counts.waiting).toBe(1);
    // The list tells the time; the round after it uploads by it.
    for (const minutes of [6, 12]) {
      server.clock.set(new Date(noon.getTime() + minutes * 60_000), 1);
      await waitFor(() => {
        started.reader.wake();
        return (started.reader.now?.getTime() ?? 0) >= noon.getTime() + minutes * 60_000;
      }, 'the time');
    }
    await started.drained();
    expect(await rowsOf(diner.uid)).toEqual([[unsure.sequence, 'CLOCK_OUT_OF_RANGE', false]]);
    expect(await balanceOf(town, diner.elderId)).toBe(10_000);
  });
});

describe('what is wrong', () => {
  it('a tap that no server can read holds up no other', async () => {
    const diners = [await addDiner(town), await addDiner(town), await addDiner(town)];
    const started = await ready();
    cable.set('UNPLUGGED');
    for (const { uid } of diners) await started.tap(uid);
    started.file.exec(`UPDATE tap SET mode = 'STANDING' WHERE cardUid = '${diners[1]?.uid}'`);
    cable.set('PLUGGED');
    await started.drained();
    expect(started.reader.counts).toEqual({ waiting: 1, stuck: 1 });
    expect(started.stuck[0]).toContain('INPUT_MALFORMED mode');
    const found = await Promise.all(diners.map(async ({ uid }) => (await rowsOf(uid)).length));
    expect(found).toEqual([1, 0, 1]);
  });

  it('a list that somebody else signed is not taken', async () => {
    const diner = await addDiner(town);
    const started = await ready();
    const forged = String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x);
    const path = readers.newPath();
    const [good] = started.facts.get('snapshotKeys') ?? [];
    const other = start(path);
    other.facts.set('snapshotKeys', [{ id: good?.id ?? '', publicKey: forged }]);
    await waitFor(() => other.notices.includes('its signature is not good'), 'a refusal');
    expect(other.reader.trustedUntil).toBeUndefined();
    cable.set('UNPLUGGED');
    expect(await other.tap(diner.uid)).toMatchObject({ verdict: 'UNSURE', code: 'NO_SNAPSHOT' });
  });

  it('a key that was revoked takes nothing, offline and after a restart too, and loses nothing', async () => {
    const [before, after] = [await addDiner(town), await addDiner(town)];
    const account = await server.account('READER', town.canteenIds[0], '读卡器');
    const path = readers.newPath();
    const started = await ready(path, { key: account.token });
    cable.set('UNPLUGGED');
    expect(await started.tap(before.uid)).toMatchObject({ verdict: 'TAKEN' });
    const revoke = 'mutation ($id: ID!) { revokeReader(readerId: $id) { __typename } }';
    const { body } = await server.post(revoke, { id: String(account.accountId) }, await server.adminToken());
    expect(body.errors).toBeUndefined();
    cable.set('PLUGGED');
    started.reader.wake();
    await started.until('REVOKED');
    expect(await started.tap(after.uid)).toMatchObject({
      verdict: 'REFUSED',
      code: 'REVOKED',
      sequence: null,
    });
    await readers.stop(started);
    cable.set('UNPLUGGED');
    const again = start(path, { key: account.token });
    expect(await again.tap(after.uid)).toMatchObject({ verdict: 'REFUSED', code: 'REVOKED' });
    expect(again.reader.counts.waiting).toBe(1);
  });
});
