import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  closeSwipeTown,
  diner,
  intake,
  newDiner,
  snapshot,
  startSwipeTown,
  town,
} from '../support/swipe-town.js';
import { tap } from '../support/taps.js';
import { addDiner, noon, topUp } from '../support/town.js';

beforeAll(startSwipeTown);
beforeEach(newDiner);
afterAll(closeSwipeTown);

describe('a replay', () => {
  it('gets the first answer again, and nothing is written', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const first = await intake.record(request);
    const before = await snapshot();
    expect(await intake.record(request)).toEqual({ ...first, replayed: true });
    expect(await snapshot()).toEqual(before);
  });

  it('of a refusal gets the refusal, though it would be accepted now', async () => {
    const poor = await addDiner(town, { balanceFen: 0 });
    const request = tap(town, { cardUid: poor.uid });
    expect(await intake.record(request)).toMatchObject({ outcome: 'INSUFFICIENT_BALANCE', replayed: false });
    await topUp(town, poor.uid, 5000);
    expect(await intake.record(request)).toMatchObject({ outcome: 'INSUFFICIENT_BALANCE', replayed: true });
    expect((await intake.record(tap(town, { cardUid: poor.uid }))).outcome).toBe('ACCEPTED');
  });

  it('of a revoked reader still gets the first answer, and its new swipes do not', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const first = await intake.record(request);
    const revoked = { ...request, readerActive: false };
    expect(await intake.record(revoked)).toEqual({ ...first, replayed: true });
    const fresh = tap(town, { cardUid: diner.uid }, { readerActive: false });
    expect(await intake.record(fresh)).toMatchObject({ outcome: 'READER_NOT_ACTIVE', replayed: false });
  });

  it.each([
    ['sequence', { sequence: 999_999 }],
    ['cardUid', { cardUid: 'FFFFFFFF' }],
    ['swipedAt', { swipedAt: new Date(noon.getTime() - 1) }],
    ['grossFen', { grossFen: 1201 }],
    ['mode', { mode: 'DELIVERY' as const }],
    ['offline', { offline: true }],
  ])('with another %s is refused, and nothing is written', async (_, change) => {
    const request = tap(town, { cardUid: diner.uid });
    await intake.record(request);
    const before = await snapshot();
    const changed = { ...request, command: { ...request.command, ...change } };
    expect(await intake.record(changed)).toMatchObject({
      outcome: 'SWIPE_ID_REUSED',
      field: 'swipeId',
      receipt: null,
    });
    expect(await snapshot()).toEqual(before);
  });

  it('by another reader is refused', async () => {
    const request = tap(town, { cardUid: diner.uid });
    await intake.record(request);
    const stolen = { ...request, readerId: town.readerIds[1], canteenId: town.canteenIds[1] };
    expect(await intake.record(stolen)).toMatchObject({ outcome: 'SWIPE_ID_REUSED', receipt: null });
  });
});
