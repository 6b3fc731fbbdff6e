import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import type { SwipeCommand } from '../../src/meals/swipe.rules.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, noon, type Town } from '../support/town.js';

/** What docs/reader-protocol.md says of taps whose answer got lost. */
let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);

async function send(request: SwipeRequest, changes: Partial<SwipeCommand>, now: Date) {
  const intake = intakeOf(town, { clock: { now: () => now } });
  const { outcome, replayed } = await intake.record({
    ...request,
    command: { ...request.command, ...changes },
  });
  return { outcome, replayed };
}

it('a live tap that had arrived is found again by its live form, however late', async () => {
  const { uid, elderId } = await addDiner(town);
  const request = tap(town, { cardUid: uid });
  expect(await send(request, {}, noon)).toEqual({ outcome: 'ACCEPTED', replayed: false });
  const later = minutes(3 * 1440);
  expect(await send(request, { offline: true }, later)).toMatchObject({ outcome: 'SWIPE_ID_REUSED' });
  expect(await send(request, { offline: false }, later)).toEqual({ outcome: 'ACCEPTED', replayed: true });
  expect(await balanceOf(town, elderId)).toBe(9100);
});

it('one that had not is recorded as the offline one that it became, and its live form does nothing after it', async () => {
  const { uid, elderId } = await addDiner(town);
  const request = tap(town, { cardUid: uid });
  const later = minutes(120);
  expect(await send(request, { offline: true }, later)).toEqual({ outcome: 'ACCEPTED', replayed: false });
  expect(await send(request, { offline: false }, later)).toMatchObject({ outcome: 'SWIPE_ID_REUSED' });
  expect(await send(request, { offline: true }, later)).toEqual({ outcome: 'ACCEPTED', replayed: true });
  expect(await balanceOf(town, elderId)).toBe(9100);
});

it('sent live when it is too old, it is refused for good', async () => {
  const { uid } = await addDiner(town);
  const request = tap(town, { cardUid: uid });
  expect(await send(request, {}, minutes(11))).toMatchObject({ outcome: 'CLOCK_OUT_OF_RANGE' });
  expect(await send(request, { offline: true }, minutes(11))).toMatchObject({ outcome: 'SWIPE_ID_REUSED' });
});
