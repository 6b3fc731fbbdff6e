import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstitutionStays, noStays, stayKey } from '../../src/elders/institution-stays.js';
import { findFlags, swipesOfFlags } from '../../src/meals/flags/find-flags.js';
import { readDayFacts } from '../../src/meals/flags/flag-facts.js';
import { readThresholds } from '../../src/meals/flags/flag-thresholds.js';
import { scanCanteenDay } from '../../src/meals/flags/scan-flags.js';
import { lastSequenceOf } from '../../src/meals/last-sequence.js';
import { missingEver, missingOnDay, missingSequences } from '../../src/meals/missing-sequences.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, offerDeliveries, ordered, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps } from '../support/delivery-steps.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, buildTown, type Diner, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;
let diners: Diner[];
let days: Day[];

/** Meals that one courier brings to the same doors in the same order, on as many days as make a habit of it. */
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
  const { ORDER_CARDS, ORDER_DAYS } = await open.database.read((manager) => readThresholds(manager, today));
  days = Array.from({ length: ORDER_DAYS }, (_, index) => addDays(today, index));
  diners = [];
  for (let count = 0; count < ORDER_CARDS; count += 1) diners.push(await addEntitled(town));
  for (const { elderId } of diners) {
    const orders = await ordered(town, { elderId, days });
    if (!Array.isArray(orders)) throw new Error(codeOf(orders));
    await steps.assigned(orders.map(({ id }) => id));
    orderIds.push(orders.map(({ id }) => id));
  }
  for (const [index, day] of days.entries()) await bringAll(index, day);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const orderIds: number[][] = [];

async function bringAll(index: number, day: Day): Promise<void> {
  for (const [door, ids] of orderIds.entries()) {
    const id = ids[index] as number;
    const at = new Date(Date.parse(`${day}T12:00:00+08:00`) + door * 2000);
    await steps.started([id], steps.ofCourier, at);
    expect(codeOf(await steps.handedOver(id, { photoReference: `photo-${id}-0`, at }))).toBe('done');
  }
}

const scan = (day: Day, stays: InstitutionStays = noStays) =>
  scanCanteenDay(
    open.database,
    { canteenId: town.canteenIds[0], day, swipes: diners.length, dueMark: null },
    { stays, now: new Date(`${addDays(day, 1)}T01:00:00+08:00`) },
  );

it('a run in the same order day after day, within seconds, is no sign of fraud', async () => {
  const day = days.at(-1) as Day;
  const facts = await open.database.read((manager) =>
    readDayFacts(manager, { canteenId: town.canteenIds[0], day }, noStays),
  );
  expect(facts.swipes).toHaveLength(diners.length);
  expect(new Set(facts.swipes.map(({ readerId }) => readerId))).toEqual(new Set([null]));
  expect(facts.earlier).toEqual([]);
  expect(await scan(day)).toEqual({ found: 0, reopened: 0 });
});

it('a meal that is brought to a resident is a sign, of which no reader is named', async () => {
  const resident = diners[0]?.elderId ?? 0;
  const stays: InstitutionStays = {
    on: async (_, elderIds, asked) =>
      new Set(elderIds.includes(resident) ? asked.map((day) => stayKey(resident, day)) : []),
  };
  expect(await scan(today, stays)).toEqual({ found: 1, reopened: 0 });
  const [flag] = await open.database.read((manager) =>
    findFlags(manager, { states: ['OPEN'] }, { after: undefined, rowsMax: 10 }, 'everywhere', today),
  );
  expect(flag).toMatchObject({ rule: 'DURING_STAY', readerName: null, swipeCount: 1 });
  const shown = await open.database.read((manager) => swipesOfFlags(manager, [flag?.id ?? 0]));
  expect(shown.get(flag?.id ?? 0)).toMatchObject([{ readerName: null, elderName: '王**' }]);
});

it('its number opens no gap, also where the account recorded swipes as a reader', async () => {
  const { database } = open;
  const { courierId } = steps;
  const read = <T>(work: Parameters<typeof database.read<T>>[0]) => database.read(work);
  expect(await read((manager) => lastSequenceOf(manager, courierId))).toBeNull();
  expect(await read((manager) => missingEver(manager, courierId))).toEqual([]);
  const visitor = await addEntitled(town);
  await intakeOf(town).record({ ...tap(town, { cardUid: visitor.uid, sequence: 7 }), readerId: courierId });
  expect(await read((manager) => lastSequenceOf(manager, courierId))).toBe(7);
  expect(await read((manager) => missingEver(manager, courierId))).toEqual([]);
  expect((await read((manager) => missingSequences(manager, [courierId]))).get(courierId)).toEqual([]);
  const onDay = await read((manager) => missingOnDay(manager, town.canteenIds[0], today));
  expect(onDay.get(courierId) ?? []).toEqual([]);
});

it('a reader that calls its taps deliveries hides none of them', async () => {
  const { MANY_CARDS_COUNT: count, MANY_CARDS_SECONDS: seconds } = await open.database.read((manager) =>
    readThresholds(manager, today),
  );
  const day = addDays(days.at(-1) as Day, 1);
  const noonMs = Date.parse(`${day}T12:00:00+08:00`);
  const intake = intakeOf(town, { clock: { now: () => new Date(noonMs + seconds * 1000) } });
  for (let card = 0; card < count; card += 1) {
    const { uid } = await addEntitled(town);
    const at = { swipedAt: new Date(noonMs + card * 100), mode: 'DELIVERY' } as const;
    const answer = await intake.record(tap(town, { cardUid: uid, ...at }));
    expect(answer.outcome).toBe('ACCEPTED');
  }
  expect(await scan(day)).toEqual({ found: 1, reopened: 0 });
  const flags = await open.database.read((manager) =>
    findFlags(
      manager,
      { states: ['OPEN'], rule: 'MANY_CARDS' },
      { after: undefined, rowsMax: 10 },
      'everywhere',
      today,
    ),
  );
  expect(flags).toMatchObject([{ rule: 'MANY_CARDS', measured: count }]);
});

it('meals that one person ordered and handed over are a sign, and those that somebody else brought are none', async () => {
  const day = addDays(days.at(-1) as Day, 2);
  const at = new Date(`${day}T12:00:00+08:00`);
  const bring = async (orderedBy: number, byId: number, count: number) => {
    for (let meal = 0; meal < count; meal += 1) {
      const { elderId } = await addEntitled(town);
      const { id } = await orderedOne(town, { elderId, days: [day], byId: orderedBy });
      await steps.assigned([id]);
      await steps.started([id], steps.ofCourier, at);
      const photoReference = `photo-${id}-1`;
      expect(codeOf(await steps.handedOver(id, { photoReference, byId, at }))).toBe('done');
    }
  };
  const { OWN_DELIVERIES_COUNT: count } = await open.database.read((manager) => readThresholds(manager, day));
  const alone = await addAccount(town, '一人食堂');
  await bring(alone, alone, count - 1);
  await bring(alone, steps.courierId, 1);
  await bring(town.managerId, alone, 1);
  expect(await scan(day)).toEqual({ found: 0, reopened: 0 });
  await bring(alone, alone, 1);
  expect(await scan(day)).toEqual({ found: 1, reopened: 0 });
  const flags = await open.database.read((manager) =>
    findFlags(
      manager,
      { states: ['OPEN'], rule: 'OWN_DELIVERIES' },
      { after: undefined, rowsMax: 10 },
      'everywhere',
      today,
    ),
  );
  expect(flags).toMatchObject([
    { readerName: '一人食堂', measured: count, swipeCount: count, elderName: null },
  ]);
});
