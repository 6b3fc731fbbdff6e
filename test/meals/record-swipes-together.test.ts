import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeSwipeTown, intake, startSwipeTown, town } from '../support/swipe-town.js';
import { intakeOf, tap } from '../support/taps.js';
import { addDiner, balanceOf } from '../support/town.js';

beforeAll(startSwipeTown);
afterAll(closeSwipeTown);

describe('swipes that arrive together', () => {
  it('share a transaction, and each gets its own answer in order', async () => {
    const sizes: number[] = [];
    const together = intakeOf(town, { onBatch: (answers) => sizes.push(answers.length) });
    const others = await Promise.all([addDiner(town), addDiner(town), addDiner(town)]);
    const answers = await Promise.all([
      together.record(tap(town, { cardUid: others[0].uid })),
      together.record(tap(town, { cardUid: 'FFFFFFF1' })),
      together.record(tap(town, { cardUid: others[1].uid, grossFen: 0 })),
      together.record(tap(town, { cardUid: others[2].uid, swipeId: 'bad' })),
      together.record(tap(town, { cardUid: others[2].uid })),
    ]);
    expect(sizes).toEqual([5]);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'ACCEPTED',
      'CARD_UNKNOWN',
      'PRICE_OUT_OF_RANGE',
      'INPUT_MALFORMED',
      'ACCEPTED',
    ]);
  });

  it('of one card see each other: money is spent once, a meal is taken once', async () => {
    const scarce = await addDiner(town, { balanceFen: 1000 });
    const breakfast = { swipedAt: new Date('2026-03-10T07:00:00+08:00'), offline: true, grossFen: 500 };
    const answers = await Promise.all([
      intake.record(tap(town, { cardUid: scarce.uid, ...breakfast })),
      intake.record(tap(town, { cardUid: scarce.uid, ...breakfast })),
      intake.record(tap(town, { cardUid: scarce.uid, grossFen: 1200 })),
      intake.record(tap(town, { cardUid: scarce.uid, grossFen: 800 })),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'ACCEPTED',
      'RECORDED_FOR_REVIEW',
      'INSUFFICIENT_BALANCE',
      'ACCEPTED',
    ]);
    expect(await balanceOf(town, scarce.elderId)).toBe(0);
  });

  it('with the same id are one swipe and its replay, or one and a refusal', async () => {
    const diner = await addDiner(town);
    const request = tap(town, { cardUid: diner.uid });
    const changed = { ...request, command: { ...request.command, grossFen: 1 } };
    const answers = await Promise.all([request, request, changed].map((each) => intake.record(each)));
    expect(answers.map(({ outcome, replayed }) => `${outcome} ${replayed}`)).toEqual([
      'ACCEPTED false',
      'ACCEPTED true',
      'SWIPE_ID_REUSED false',
    ]);
  });
});
