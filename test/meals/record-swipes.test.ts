import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MealCard } from '../../entities/index.js';
import { entriesOf } from '../support/recorded-swipes.js';
import {
  closeSwipeTown,
  diner,
  intake,
  newDiner,
  open,
  startSwipeTown,
  town,
} from '../support/swipe-town.js';
import { tap } from '../support/taps.js';
import { addDiner, balanceOf, noon, topUp } from '../support/town.js';

beforeAll(startSwipeTown);
beforeEach(newDiner);
afterAll(closeSwipeTown);

describe('an accepted swipe', () => {
  it('is split by the rule of its day, posted, and taken from the balance', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const { receipt, ...answer } = await intake.record(request);
    expect(answer).toEqual({
      swipeId: request.command.swipeId,
      outcome: 'ACCEPTED',
      reviewReason: null,
      replayed: false,
      field: null,
    });
    expect(receipt).toEqual({
      serial: expect.stringMatching(/^20260310-\d{10}$/),
      canteenId: town.canteenIds[0],
      elderName: '王**',
      meal: 'LUNCH',
      mealDate: '2026-03-10',
      mode: 'DINE_IN',
      swipedAt: noon,
      grossFen: 1200,
      funding: [{ funder: '市民政局', fen: 300 }],
      subsidyFen: 300,
      discountFen: 0,
      selfPaidFen: 900,
      balanceFen: 9100,
      rule: 'LUNCH-60 v2',
      uses: {
        ruleId: expect.any(Number),
        subsidyFen: 300,
        appliedRules: expect.stringMatching(/^\d+\.0=300$/),
      },
      voided: false,
    });
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
    expect(await entriesOf(open.database, request.command.swipeId)).toEqual([
      { kind: 'CANTEEN_RECEIVABLE', ownerId: town.canteenIds[0], fen: 1200 },
      { kind: 'FUNDER', ownerId: town.funderId, fen: -300 },
      { kind: 'ELDER', ownerId: diner.elderId, fen: -900 },
    ]);
  });

  it("of yesterday keeps yesterday's rule", async () => {
    const swipedAt = new Date('2026-03-09T12:00:00+08:00');
    const { receipt } = await intake.record(tap(town, { cardUid: diner.uid, swipedAt, offline: true }));
    expect(receipt).toMatchObject({ subsidyFen: 200, mealDate: '2026-03-09', rule: 'LUNCH-60 v1' });
  });

  it('may be written in any case', async () => {
    const request = tap(town, { cardUid: diner.uid.toLowerCase(), swipeId: randomUUID().toUpperCase() });
    expect(await intake.record(request)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await intake.record(request)).toMatchObject({ outcome: 'ACCEPTED', replayed: true });
  });

  it('of each meal of a day is one, at all canteens together', async () => {
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('ACCEPTED');
    const elsewhere = await intake.record(tap(town, { cardUid: diner.uid }, { canteen: 1 }));
    expect(elsewhere).toMatchObject({ outcome: 'MEAL_ALREADY_TAKEN', receipt: null });
    const breakfast = { swipedAt: new Date('2026-03-10T07:00:00+08:00'), offline: true };
    const other = await intake.record(tap(town, { cardUid: diner.uid, ...breakfast }));
    expect(other.receipt).toMatchObject({ meal: 'BREAKFAST', subsidyFen: 0, rule: null });
  });
});

it('judges a card by the time of the tap: one from before the loss pays, whenever it arrives', async () => {
  const stoppedAt = new Date(noon.getTime() - 3_600_000);
  const lost = { status: 'LOST', activeElderId: null, stoppedAt } as const;
  const owner = await addDiner(town);
  await open.database.write((manager) => manager.update(MealCard, { uid: owner.uid }, lost));
  const outcomeAt = async (at: number) => {
    const swipedAt = new Date(at);
    const { outcome } = await intake.record(tap(town, { cardUid: owner.uid, offline: true, swipedAt }));
    return outcome;
  };
  expect(await outcomeAt(stoppedAt.getTime())).toBe('RECORDED_FOR_REVIEW');
  expect(await outcomeAt(stoppedAt.getTime() - 1)).toBe('ACCEPTED');
});

describe('an offline swipe that would have been refused', () => {
  it('is recorded for review: the canteen bears it, the elder keeps money and meal', async () => {
    const poor = await addDiner(town, { balanceFen: 100 });
    const request = tap(town, { cardUid: poor.uid, offline: true });
    const answer = await intake.record(request);
    expect(answer).toMatchObject({ outcome: 'RECORDED_FOR_REVIEW', reviewReason: 'INSUFFICIENT_BALANCE' });
    expect(answer.receipt).toMatchObject({
      grossFen: 1200,
      subsidyFen: 0,
      discountFen: 1200,
      selfPaidFen: 0,
      balanceFen: 100,
      funding: [],
      rule: null,
    });
    expect(await entriesOf(open.database, request.command.swipeId)).toEqual([
      { kind: 'CANTEEN_RECEIVABLE', ownerId: town.canteenIds[0], fen: 1200 },
      { kind: 'CANTEEN_DISCOUNT', ownerId: town.canteenIds[0], fen: -1200 },
    ]);
    await topUp(town, poor.uid, 5000);
    expect((await intake.record(tap(town, { cardUid: poor.uid }))).outcome).toBe('ACCEPTED');
    expect(await intake.record(request)).toEqual({ ...answer, replayed: true });
  });
});
