import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endStaysAfterEnd } from '../../src/beds/end-stays-after-end.js';
import { endElder } from '../../src/elders/end-elder.js';
import { reopenElder } from '../../src/elders/reopen-elder.js';
import { accountStatement } from '../../src/meals/account-statement.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { withdrawReviewsOfEnd } from '../../src/meals/withdraw-reviews.js';
import { openReviewsAfterStay } from '../../src/server/institution-stays.js';
import { expectAuditClean } from '../support/audited.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { balanceOf, noon, today, topUp } from '../support/town.js';

let town: ResidentDiners;
beforeAll(async () => {
  town = await ResidentDiners.begin();
});
afterAll(async () => {
  await expectAuditClean(town.open.database);
  await town.open.drop();
});

const byBureau = { bornBy: 'FUNDER', funderCode: 'BUREAU' } as const;
const asPaid = { bornBy: 'AS_PAID' } as const;

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

const end = (elderId: number, on: string) =>
  town.open.database.write((manager) =>
    endElder(manager, { elderId, status: 'DECEASED', on }, 'everywhere', today, [
      endStaysAfterEnd({ now: () => noon }),
      openReviewsAfterEnd,
    ]),
  );

async function takeBack(swipeId: string): Promise<void> {
  const postingId = await town.town.ids.take(1);
  const request = { swipeId, reason: '错刷', byId: town.town.managerId, now: noon, postingId };
  await town.open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
}

/** A meal of the day before that the bureau was decided to bear, because its elder had no money. */
async function borneByBureau() {
  const diner = await town.diner(0);
  const { swipeId } = await town.eat(diner.uid, 1);
  const requestId = randomUUID();
  const first = await town.decide(swipeId, { ...byBureau, requestId });
  expect(refusalOf(first)).toBe('done');
  return { ...diner, swipeId, requestId, first };
}

it('what a funder was decided to bear is looked at anew when a death before it becomes known', async () => {
  const { elderId, swipeId, requestId, first } = await borneByBureau();
  await end(elderId, '2026-03-08');
  expect(await town.openReviewsOf(elderId)).toBe(1);
  const anew = { number: 2, reason: 'END_ENTERED_LATE', doubtedFen: 1200, decision: null };
  expect(await town.review(swipeId)).toMatchObject(anew);
  expect(refusalOf(await town.decide(swipeId, byBureau))).toBe('BEARER_NOT_FITTING bornBy');
  expect(refusalOf(await town.decide(swipeId, asPaid))).toBe('ELDER_NOT_ENTITLED bornBy');
  // Sending the first decision again is answered as the first time, and decides nothing about the second review.
  expect(await town.decide(swipeId, { ...byBureau, requestId })).toEqual(first);
  expect(refusalOf(await town.decide(swipeId, { requestId }))).toBe('REQUEST_ID_REUSED requestId');
  expect(await town.decide(swipeId)).toMatchObject({ number: 2, decision: { bornBy: 'CANTEEN' } });
  expect(refusalOf(await town.decide(swipeId))).toBe('ALREADY_DECIDED swipeId');
  expect(await town.booked(swipeId)).toEqual({
    CANTEEN_RECEIVABLE: 1200,
    CANTEEN_DISCOUNT: -1200,
    FUNDER: 0,
  });
  expect(await town.review(swipeId, 1)).toMatchObject({ decision: { bornBy: 'FUNDER' } });
});

it('what stood as paid for a stay is looked at anew when a death before it becomes known', async () => {
  const { elderId, uid } = await town.diner();
  const { swipeId } = await town.eat(uid, 1);
  await town.live(elderId, '2026-03-09');
  expect(refusalOf(await town.decide(swipeId, asPaid))).toBe('done');
  await end(elderId, '2026-03-08');
  expect(await town.openReviewsOf(elderId)).toBe(1);
  expect(await town.review(swipeId)).toMatchObject({
    number: 2,
    reason: 'END_ENTERED_LATE',
    doubtedFen: 200,
  });
  expect(refusalOf(await town.decide(swipeId, asPaid))).toBe('ELDER_NOT_ENTITLED bornBy');
  expect(refusalOf(await town.decide(swipeId))).toBe('done');
  expect(await town.booked(swipeId)).toMatchObject({ CANTEEN_DISCOUNT: -200, FUNDER: 0, ELDER: -1000 });
});

it('on the day of the death itself it may stand, and is looked at for that reason once', async () => {
  const { elderId, swipeId } = await borneByBureau();
  await end(elderId, '2026-03-09');
  expect(refusalOf(await town.decide(swipeId, asPaid))).toBe('done');
  expect(await town.booked(swipeId)).toMatchObject({ FUNDER: -1200, CANTEEN_DISCOUNT: 0 });
  await town.open.database.write((manager) => openReviewsAfterEnd(manager, { elderId, on: '2026-03-09' }));
  expect(await town.openReviewsOf(elderId)).toBe(0);
});

it('a review that is open for a stay becomes one of the death, and no stay ends it any more', async () => {
  const { elderId, uid } = await town.diner();
  const { swipeId } = await town.eat(uid, 1);
  await town.live(elderId, '2026-03-08');
  await end(elderId, '2026-03-09');
  expect(await town.review(swipeId)).toMatchObject({
    number: 1,
    reason: 'END_ENTERED_LATE',
    doubtedFen: 200,
  });
  const days = { elderId, fromDay: '2026-03-08', toDay: null };
  await town.open.database.write((manager) => openReviewsAfterStay(manager, [days]));
  expect(await town.openReviewsOf(elderId)).toBe(1);
});

it('decided by several reviews, it is on the elder’s statement each time, and a void takes all of it back', async () => {
  const { elderId, uid, swipeId } = await borneByBureau();
  await topUp(town.town, uid, 1200);
  await town.live(elderId, '2026-03-09');
  expect(refusalOf(await town.decide(swipeId, { bornBy: 'ELDER' }))).toBe('done');
  expect(await balanceOf(town.town, elderId)).toBe(0);
  const paid = { kind: 'REVIEW', fen: -1200, meal: { mealDate: '2026-03-09' } };
  const statement = await town.open.database.read((manager) =>
    accountStatement(manager, { elderId, month: '2026-03' }, 'everywhere', today),
  );
  expect(statement?.movements.at(-1)).toMatchObject(paid);
  await takeBack(swipeId);
  expect(Object.values(await town.booked(swipeId)).every((fen) => fen === 0)).toBe(true);
  expect(await balanceOf(town.town, elderId)).toBe(1200);
});

it('nothing is looked at anew that somebody else bears, or that was voided', async () => {
  const borne = await town.diner(0);
  const { swipeId } = await town.eat(borne.uid, 1);
  await town.decide(swipeId);
  await end(borne.elderId, '2026-03-08');
  expect(await town.openReviewsOf(borne.elderId)).toBe(0);
  const voided = await borneByBureau();
  await takeBack(voided.swipeId);
  await end(voided.elderId, '2026-03-08');
  expect(await town.openReviewsOf(voided.elderId)).toBe(0);
});

it('a review of an end that is taken back ends by itself, and one of the right day begins', async () => {
  const { elderId, uid } = await town.diner();
  const early = await town.eat(uid, 3);
  const late = await town.eat(uid, 1);
  await end(elderId, '2026-03-09');
  expect(await town.review(late.swipeId)).toMatchObject({ reason: 'END_ENTERED_LATE', withdrawn: false });
  await town.open.database.write((manager) =>
    reopenElder(manager, elderId, 'everywhere', today, [withdrawReviewsOfEnd]),
  );
  expect(await town.openReviewsOf(elderId)).toBe(0);
  expect(await town.review(late.swipeId)).toMatchObject({ withdrawn: true, decision: null });
  expect(refusalOf(await town.decide(late.swipeId))).toBe('REVIEW_WITHDRAWN swipeId');
  expect(await town.booked(late.swipeId)).toMatchObject({ FUNDER: -200 });
  await end(elderId, '2026-03-06');
  expect(await town.openReviewsOf(elderId)).toBe(2);
  for (const { swipeId } of [early, late]) expect(refusalOf(await town.decide(swipeId))).toBe('done');
});
