import { afterAll, beforeAll, expect, it } from 'vitest';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { sequenceMax } from '../../src/meals/swipe.rules.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

const dayOfCanteen = (canteen: 0 | 1, date = today) =>
  open.database.read((manager) =>
    canteenDay(manager, { canteenId: town.canteenIds[canteen], date }, 'everywhere', today),
  );

it('counts meals, deliveries, reviews and amounts, and leaves voided ones out', async () => {
  const intake = intakeOf(town);
  const [one, two, three, poor] = await Promise.all([
    addDiner(town),
    addDiner(town),
    addDiner(town),
    addDiner(town, { balanceFen: 0 }),
  ]);
  await intake.record(tap(town, { cardUid: one.uid, sequence: 1 }));
  await intake.record(tap(town, { cardUid: two.uid, sequence: 2, mode: 'DELIVERY', grossFen: 1000 }));
  await intake.record(tap(town, { cardUid: poor.uid, sequence: 3 }));
  await intake.record(tap(town, { cardUid: poor.uid, sequence: 4, offline: true, grossFen: 800 }));
  const regretted = tap(town, { cardUid: three.uid, sequence: 5 });
  await intake.record(regretted);
  const postingId = await town.ids.take(1);
  const { swipeId } = regretted.command;
  const request = { swipeId, reason: '错刷', byId: town.managerId, now: noon, postingId };
  await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));

  expect(await dayOfCanteen(0)).toEqual({
    canteenId: town.canteenIds[0],
    date: today,
    meals: 3,
    deliveries: 1,
    grossFen: 3000,
    subsidyFen: 600,
    discountFen: 800,
    selfPaidFen: 1600,
    forReview: 1,
    missing: 0,
  });
});

it('is all zeros for a day without meals, and unknown outside the scope', async () => {
  expect(await dayOfCanteen(0, '2020-05-05')).toMatchObject({ meals: 0, grossFen: 0, missing: 0 });
  const ask = (canteenId: number | undefined, scope: number[]) =>
    open.database.read((manager) => canteenDay(manager, { canteenId, date: today }, scope, today));
  expect(await ask(town.canteenIds[0], [town.canteenIds[1]])).toBeUndefined();
  expect(await ask(town.streetId, [town.cityId])).toBeUndefined();
  expect(await ask(undefined, [town.cityId])).toBeUndefined();
  expect(await ask(town.canteenIds[0], [town.cityId])).toMatchObject({ meals: 3 });
});

it('tells the sequence numbers that never arrived, refused and late ones counted as arrived', async () => {
  const intake = intakeOf(town);
  const diner = await addDiner(town);
  const at = (canteen: 1, sequence: number, command = {}) =>
    intake.record(tap(town, { cardUid: diner.uid, sequence, ...command }, { canteen }));
  await at(1, 10);
  await at(1, 11); // refused: the meal was taken
  await at(1, 15);
  expect((await dayOfCanteen(1))?.missing).toBe(3);
  // Number 12 was tapped yesterday and uploaded late, so it is no gap of today.
  await at(1, 12, { swipedAt: new Date('2026-03-09T12:00:00+08:00'), offline: true });
  expect((await dayOfCanteen(1))?.missing).toBe(2);
  await at(1, 13);
  await at(1, 14);
  expect((await dayOfCanteen(1))?.missing).toBe(0);
});

it('readers that jump to the end of their counters do not break the day', async () => {
  const intake = intakeOf(town);
  const diner = await addDiner(town);
  // Two of them miss less than a number of the graph can say, and three more.
  for (const readerId of [...town.readerIds, town.managerId]) {
    for (const sequence of [0, sequenceMax]) {
      await intake.record({ ...tap(town, { cardUid: diner.uid, sequence }), readerId });
    }
  }
  expect((await dayOfCanteen(0))?.missing).toBe(2 ** 31 - 1);
});
