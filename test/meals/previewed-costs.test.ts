import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endElder } from '../../src/elders/end-elder.js';
import { addFunder } from '../../src/meals/add-funder.js';
import type { ReviewDecision } from '../../src/meals/decide-review.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { postedMealsQueries } from '../../src/meals/rules/previewed-meals.js';
import type { FunderCosts } from '../../src/meals/rules/rule-impact.js';
import type { FunderLevel } from '../../src/meals/rules/rule-shares.rules.js';
import { institutionStays } from '../../src/server/institution-stays.js';
import { addDays } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { addRules, booked, borneIn, previewed } from '../support/previews.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { engine } from '../support/test-database.js';
import { today, topUp } from '../support/town.js';

let here: ResidentDiners;
beforeEach(async () => {
  here = await ResidentDiners.begin();
});
afterEach(() => here.open.drop());

/** The rules that were in force on most days of March, unless others are tried. */
const preview = (code = 'LUNCH-60', version?: number) =>
  previewed(here.town, code, { stays: institutionStays, ...(version ? { version } : {}) });

const bureau = (actualFen: number, proposedFen = actualFen): FunderCosts => ({
  funder: '市民政局',
  actualFen,
  proposedFen,
});

async function newFunder(code: string, level?: FunderLevel) {
  const funder = { code, name: code, ...(level ? { level } : {}) };
  await here.open.database.write((manager) => addFunder(manager, funder));
}

/** A meal of somebody who had no money for it, uploaded by a reader. */
async function forReview(): Promise<{ swipeId: string; uid: string }> {
  const { uid } = await here.diner(0);
  const { outcome, swipeId } = await here.eat(uid, 1);
  expect(outcome).toBe('RECORDED_FOR_REVIEW');
  return { swipeId, uid };
}

describe('a meal for review costs whom it was decided to cost, by any rules', () => {
  const nothing = { subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  it.each<[string, Partial<ReviewDecision> | null, object, FunderCosts[]]>([
    ['nobody yet, so the canteen', null, { ...nothing, discountFen: 1200 }, []],
    ['the canteen', { bornBy: 'CANTEEN' }, { ...nothing, discountFen: 1200 }, []],
    ['the elder', { bornBy: 'ELDER' }, { ...nothing, selfPaidFen: 1200 }, []],
    [
      'a funder',
      { bornBy: 'FUNDER', funderCode: 'BUREAU' },
      { ...nothing, subsidyFen: 1200 },
      [bureau(1200)],
    ],
  ])('%s', async (_, decision, costs, funding) => {
    const { swipeId, uid } = await forReview();
    if (decision?.bornBy === 'ELDER') await topUp(here.town, uid, 1200);
    if (decision) await here.decide(swipeId, decision);
    expect(await preview()).toMatchObject({ meals: 1, changed: 0, actual: costs, proposed: costs, funding });
  });

  it('a donor, whose part is a discount', async () => {
    await newFunder('GOOD', 'DONOR');
    const rules = oneRule({ gives: amount(100), borneBy: [{ funder: 'GOOD', rest: true }] });
    await addRules(here.town, { code: 'GOOD', facilityId: here.town.cityId, document: rules });
    const { swipeId } = await forReview();
    const decided = await here.decide(swipeId, { bornBy: 'FUNDER', funderCode: 'GOOD' });
    expect(decided).toMatchObject({ decision: { bornBy: 'FUNDER' } });
    expect(await preview()).toMatchObject({
      changed: 0,
      actual: { ...nothing, discountFen: 1200 },
      funding: [{ funder: 'GOOD', actualFen: 1200, proposedFen: 1200 }],
    });
  });
});

describe('a subsidy in doubt', () => {
  async function doubted() {
    const { uid, elderId } = await here.diner();
    const { swipeId } = await here.eat(uid, 1);
    await here.live(elderId, '2026-03-09');
    return swipeId;
  }

  it('is still borne by the funders while it is open, and would not be given to who lived there', async () => {
    await doubted();
    expect(await preview()).toMatchObject({
      changed: 1,
      actual: { subsidyFen: 200, discountFen: 0, selfPaidFen: 1000 },
      proposed: { subsidyFen: 0, discountFen: 0, selfPaidFen: 1200 },
      funding: [bureau(200, 0)],
    });
  });

  it.each<[ReviewDecision['bornBy'], object, FunderCosts[]]>([
    ['CANTEEN', { subsidyFen: 0, discountFen: 200, selfPaidFen: 1000 }, []],
    ['ELDER', { subsidyFen: 0, discountFen: 0, selfPaidFen: 1200 }, []],
    ['AS_PAID', { subsidyFen: 200, discountFen: 0, selfPaidFen: 1000 }, [bureau(200)]],
  ])('is what was decided: %s', async (bornBy, costs, funding) => {
    await here.decide(await doubted(), { bornBy });
    expect(await preview()).toMatchObject({ changed: 0, actual: costs, proposed: costs, funding });
  });

  it('pays no operator once it was given back', async () => {
    const rules = oneRule({ gives: amount(100) }, { alongside: 'ADD' });
    const perMeal = { code: 'K', name: { zh: '每餐', en: 'a meal' }, per: 'MEAL' as const, fen: 100 };
    const borneBy = [{ funder: 'BUREAU', rest: true as const }];
    await here.addRules('K', { ...rules, operators: [{ ...perMeal, counts: 'ALL', borneBy }] });
    const swipeId = await doubted();
    const { uid } = await here.diner();
    await here.eat(uid, 1);
    expect((await preview('K')).operators).toEqual({ actualFen: 200, proposedFen: 200 });
    await here.decide(swipeId);
    expect((await preview('K')).operators).toEqual({ actualFen: 100, proposedFen: 100 });
  });
});

it('another funder of the same fen is a change', async () => {
  await newFunder('DISTRICT');
  for (const paidBy of ['BUREAU', 'DISTRICT']) {
    const rules = oneRule({ gives: amount(500), borneBy: [{ funder: paidBy, rest: true }] });
    const approved = paidBy === 'BUREAU';
    const fromDay = approved ? '2026-03-01' : '2026-04-01';
    const { cityId: facilityId } = here.town;
    await addRules(here.town, { code: 'PAID', facilityId, document: rules, fromDay, approved });
    if (approved) {
      const { uid } = await here.diner();
      await here.eat(uid, 1);
    }
  }
  const costs = { subsidyFen: 500, discountFen: 0, selfPaidFen: 700 };
  expect(await preview('PAID')).toMatchObject({
    changed: 1,
    actual: costs,
    proposed: costs,
    funding: [{ funder: 'DISTRICT', actualFen: 0, proposedFen: 500 }, bureau(500, 0)],
  });
});

it('what was borne is what the books of these canteens have', async () => {
  const { town, open } = here;
  await newFunder('GOOD', 'DONOR');
  const borneBy = [
    { funder: 'GOOD', fen: 60 },
    { canteen: true as const, fen: 30 },
    { funder: 'BUREAU', rest: true as const },
  ];
  await here.addRules('MORE', oneRule({ gives: amount(150), borneBy }, { alongside: 'ADD' }));
  const [one, other] = [await here.diner(), await here.diner()];
  for (const { uid } of [one, other]) for (const daysAgo of [0, 1, 2]) await here.eat(uid, daysAgo);
  for (const bornBy of ['CANTEEN', 'ELDER', 'FUNDER', undefined] as const) {
    const { swipeId, uid } = await forReview();
    await topUp(town, uid, 1200);
    const funderCode = bornBy === 'FUNDER' ? 'BUREAU' : null;
    if (bornBy) await here.decide(swipeId, { bornBy, funderCode });
  }
  const left = { elderId: one.elderId, status: 'DECEASED' as const, on: '2026-03-09' };
  await open.database.write((manager) => endElder(manager, left, 'everywhere', today, [openReviewsAfterEnd]));
  const impact = await preview('LUNCH-60', 1);
  expect(borneIn(impact)).toEqual(await booked(town));
  expect(impact.meals).toBe(10);
});

/** So many meals of an elder with a review that the canteen was decided to bear, as the years bring them. */
async function addReviewed(elderId: number, count: number): Promise<void> {
  const [canteenId] = here.town.canteenIds;
  const [readerId] = here.town.readerIds;
  const firstId = await here.town.ids.take(count);
  const ids = Array.from({ length: count }, (_, index) => firstId + index);
  const dayOfMeal = (id: number) => addDays('2020-01-01', id - firstId);
  const meal = { readerId, canteenId, elderId, cardUid: 'A0', swipedAt: 1, receivedAt: 1, mode: 'DINE_IN' };
  const review = { reason: 'INSUFFICIENT_BALANCE', withdrawn: false, bornBy: 'CANTEEN', decidedAt: 1 };
  const costs = { grossFen: 1200, subsidyFen: 0, discountFen: 1200, selfPaidFen: 0, balanceFen: 0 };
  const said = { offline: true, outcome: 'RECORDED_FOR_REVIEW', reviewReason: review.reason, meal: 'LUNCH' };
  const swipes = ids.map((id) => {
    const own = { id, swipeId: randomUUID(), sequence: id, mealDate: dayOfMeal(id) };
    return { ...own, ...meal, ...said, ...costs };
  });
  const reviews = ids.map((id) => {
    const own = { id, swipeRowId: id, number: 1, canteenId, mealDate: dayOfMeal(id) };
    return { ...own, ...review, requestId: randomUUID() };
  });
  await here.open.database.write(async (manager) => {
    for (const [table, rows] of Object.entries({ swipe: swipes, swipe_review: reviews })) {
      await insertRows(
        manager,
        table,
        Object.keys(rows[0] ?? {}),
        rows.map((row) => Object.values(row)),
      );
    }
    if (engine === 'mysql')
      await manager.query('ANALYZE TABLE swipe, swipe_review, ledger_posting, ledger_entry');
  });
}

it('reads of swipes, reviews and the ledger what its page of elders had, and nothing else', async () => {
  const { uid, elderId } = await here.diner();
  await here.eat(uid, 1);
  await addReviewed((await here.diner()).elderId, 1500);
  const { own, decided } = postedMealsQueries([elderId], { fromDay: '2026-03-01', toDay: '2026-04-01' });
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  for (const { sql, parameters } of [own, decided]) {
    const plan: { type?: string; rows?: number | string; detail?: string }[] = await here.open.database.read(
      (manager) => manager.query(`${explain} ${sql}`, [...parameters]),
    );
    expect(JSON.stringify(plan)).toContain('uq_swipe_meal');
    const whole = plan.filter(({ type, rows, detail = '' }) =>
      engine === 'mysql' ? type === 'ALL' && Number(rows) > 500 : detail.startsWith('SCAN '),
    );
    expect(whole, JSON.stringify(plan)).toEqual([]);
  }
});
