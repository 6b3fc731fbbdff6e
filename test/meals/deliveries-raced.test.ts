import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endElder } from '../../src/elders/end-elder.js';
import { callOffMealsAfterEnd } from '../../src/meals/deliveries/call-off-meals.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import { SettableClock } from '../../src/shared/clock.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, everything, offerDeliveries, ordered, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { balanceOf, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

/** What a meal that was under way cost its elder, and whether it is delivered, after a race. */
async function outcomeOf({ id, elderId }: { id: number; elderId: number }) {
  const handedOver = await countRows(open, `delivery_order WHERE id = ${id} AND state = 'HANDED_OVER'`);
  const out = await countRows(open, `delivery_order WHERE id = ${id} AND state = 'OUT'`);
  return { handedOver, out, paidFen: 10_000 - (await balanceOf(town, elderId)) };
}
const done = { handedOver: 1, out: 0, paidFen: 900 };
const notDone = { handedOver: 0, out: 1, paidFen: 0 };

it('a card that is reported lost at the same moment pays before or not at all', async () => {
  for (let round = 0; round < 5; round += 1) {
    const meal = await steps.underWay();
    const [brought, lost] = await Promise.all([
      steps.handedOver(meal.id, { code: meal.code }),
      open.database.write((manager) => reportCardLost(manager, meal.uid, 'everywhere', noon)),
    ]);
    expect(codeOf(lost)).toBe('done');
    const told = codeOf(brought);
    expect(['done', 'CARD_MISSING', 'MEAL_REFUSED']).toContain(told);
    expect(await outcomeOf(meal)).toEqual(told === 'done' ? done : notDone);
    // The meal that was not handed over comes back, and costs nothing.
    if (told !== 'done') expect(codeOf(await steps.broughtBack(meal.id))).toBe('done');
  }
});

it('a death that is entered at the same moment has the meal refused, or doubted', async () => {
  for (let round = 0; round < 5; round += 1) {
    const meal = await steps.underWay();
    const ending = { elderId: meal.elderId, status: 'DECEASED' as const, on: today };
    const [brought] = await Promise.all([
      steps.handedOver(meal.id, { code: meal.code }),
      open.database.write((manager) => endElder(manager, ending, 'everywhere', today, [openReviewsAfterEnd])),
    ]);
    const told = codeOf(brought);
    expect(['done', 'CARD_MISSING', 'MEAL_REFUSED']).toContain(told);
    expect(await outcomeOf(meal)).toEqual(told === 'done' ? done : notDone);
    const reviews = await countRows(
      open,
      `swipe_review r JOIN swipe s ON s.id = r.swipeRowId WHERE s.elderId = ${meal.elderId} AND r.openCanteenId IS NOT NULL`,
    );
    expect(reviews).toBe(told === 'done' ? 1 : 0);
  }
});

it('a meal that leaves or is ordered at the moment of a death has left, or is called off', async () => {
  const clock = new SettableClock();
  clock.set(noon, 0);
  for (let round = 0; round < 5; round += 1) {
    const { elderId } = await addEntitled(town);
    const { id } = await orderedOne(town, { elderId });
    await steps.assigned([id]);
    const ending = { elderId, status: 'DECEASED' as const, on: today };
    const [started, later] = await Promise.all([
      steps.started([id]),
      ordered(town, { elderId, days: ['2026-03-11', '2026-03-12'] }),
      open.database.write((manager) =>
        endElder(manager, ending, 'everywhere', today, [callOffMealsAfterEnd(clock)]),
      ),
    ]);
    expect(['done', 'ELDER_NOT_ACTIVE', 'WRONG_STATE']).toContain(codeOf(started));
    expect(['done', 'ELDER_NOT_ACTIVE']).toContain(codeOf(later));
    const state = codeOf(started) === 'done' ? 'OUT' : 'CANCELLED';
    expect(await countRows(open, `delivery_order WHERE id = ${id} AND state = '${state}'`)).toBe(1);
    const waiting = `delivery_order WHERE elderId = ${elderId} AND state IN ('ORDERED', 'ASSIGNED')`;
    expect(await countRows(open, waiting)).toBe(0);
  }
});

it('one request id for several elders and days at once is that of one of them, and answered so again', async () => {
  const days = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'];
  for (let round = 0; round < 5; round += 1) {
    const requestId = randomUUID();
    const asked = await Promise.all(
      days.map(async (day, index) => ({
        elderId: (await addEntitled(town)).elderId,
        days: index === 0 ? [day, '2026-03-20'] : [day],
        requestId: index % 2 === 0 ? requestId : requestId.toUpperCase(),
      })),
    );
    const told = await Promise.all(asked.map((one) => ordered(town, one)));
    expect(told.map(codeOf).sort()).toEqual([...Array(3).fill('REQUEST_ID_REUSED'), 'done']);
    const first = told.findIndex((one) => codeOf(one) === 'done');
    const again = await Promise.all(asked.map((one) => ordered(town, one)));
    expect(again[first]).toEqual(told[first]);
    expect(again.map(codeOf)).toEqual(told.map(codeOf));
    const rows = await countRows(open, `delivery_order WHERE requestId = '${requestId}'`);
    expect(rows).toBe(asked[first]?.days.length);
  }
});

it('is called off or leaves, when both are said at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { elderId } = await addEntitled(town);
    const { id } = await orderedOne(town, { elderId });
    await steps.assigned([id]);
    const [started, cancelled] = (
      await Promise.all([steps.started([id]), steps.cancelled(id, noon, everything)])
    ).map(codeOf);
    expect([
      ['done', 'WRONG_STATE'],
      ['WRONG_STATE', 'done'],
    ]).toContainEqual([started, cancelled]);
    const wanted = started === 'done' ? 'OUT' : 'CANCELLED';
    expect(await countRows(open, `delivery_order WHERE id = ${id} AND state = '${wanted}'`)).toBe(1);
  }
});

it('wrong codes at once are five looked at, whoever sends them, and never more', async () => {
  const { id, code } = await steps.underWay();
  const wrong = code === '0000' ? '0001' : '0000';
  const senders = [steps.ofCourier, { ...everything, elders: [] }];
  const told = await Promise.all(
    Array.from({ length: 12 }, (_, index) => steps.handedOver(id, { code: wrong }, senders[index % 2])),
  );
  expect(told.map(codeOf).sort()).toEqual([...Array(7).fill('CODE_LOCKED'), ...Array(5).fill('CODE_WRONG')]);
  expect(codeOf(await steps.handedOver(id, { code }))).toBe('CODE_LOCKED');
});

it('a photo that is given for two doors at once proves one of them', async () => {
  for (let round = 0; round < 5; round += 1) {
    const meals = [await steps.underWay(), await steps.underWay()];
    const photoReference = `race/photo-${round}.jpg`;
    const told = (await Promise.all(meals.map(({ id }) => steps.handedOver(id, { photoReference })))).map(
      codeOf,
    );
    expect([...told].sort()).toEqual(['PHOTO_REUSED', 'done']);
    for (const [index, meal] of meals.entries()) {
      expect(await outcomeOf(meal)).toEqual(told[index] === 'done' ? done : notDone);
    }
  }
});
