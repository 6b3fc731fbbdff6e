import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { endElder } from '../../src/elders/end-elder.js';
import { type InstitutionStays, noStays, stayKey } from '../../src/elders/institution-stays.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { findFlags, flagsQuery } from '../../src/meals/flags/find-flags.js';
import { FlagScanner } from '../../src/meals/flags/flag-scanner.js';
import { supervisedPlaces } from '../../src/meals/flags/flag-scope.js';
import { dueDayQuery, scanCanteenDay } from '../../src/meals/flags/scan-flags.js';
import { setFlagThreshold } from '../../src/meals/flags/set-flag-threshold.js';
import { stepFlag } from '../../src/meals/flags/step-flag.js';
import { openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Scope } from '../../src/network/scope.js';
import { addDays } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import { dueNow } from '../support/flag-rounds.js';
import { intakeOf, noonClock, tap } from '../support/taps.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  addDiner,
  buildTown,
  countRows,
  type Diner,
  noon,
  type Town,
  today,
  windows,
} from '../support/town.js';

let open: TestDatabase;
let second: Database;
let town: Town;
let intake: SwipeIntake;
let diners: Diner[];
/** Who of them lives in an institution, on every day. */
const residents = new Set<number>();
const stays: InstitutionStays = {
  on: async (_, elderIds, days) =>
    new Set(elderIds.filter((id) => residents.has(id)).flatMap((id) => days.map((day) => stayKey(id, day)))),
};

beforeAll(async () => {
  open = await openTestDatabase();
  second = (await openDatabase(open.url)).database;
  town = await buildTown(open.database);
  intake = intakeOf(town);
  diners = [];
  for (let count = 0; count < 12; count += 1) diners.push(await addDiner(town, { balanceFen: 100_000 }));
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

const instant = (day: string, time: string) => new Date(`${day}T${time}+08:00`);

async function ate(diner: Diner | undefined, swipedAt: Date, canteen: 0 | 1 = 0): Promise<string> {
  const request = tap(town, { cardUid: diner?.uid ?? '', swipedAt, offline: true }, { canteen });
  await intake.record(request);
  return request.command.swipeId;
}

const scanner = (database = open.database, known = stays) =>
  new FlagScanner({
    database,
    clock: noonClock,
    stays: known,
    pauseMinutes: 60,
    daysMax: 7,
    onFailure(error) {
      throw error;
    },
  });

const flagsOf = (day: string, scope: Scope = 'everywhere', within?: number) =>
  open.database.read((manager) =>
    findFlags(
      manager,
      { states: ['OPEN', 'IN_WORK', 'CONFIRMED', 'HARMLESS'], within, from: day, to: addDays(day, 1) },
      { after: undefined, rowsMax: 100 },
      scope,
      today,
    ),
  );

const rulesOf = async (day: string, scope?: Scope, within?: number) =>
  (await flagsOf(day, scope, within)).map(({ rule }) => rule).sort();

it('finds what each rule means in the days that are over, once, by two servers at once and again and again', async () => {
  const day = '2026-03-09';
  await open.database.write((manager) =>
    configureCanteen(
      manager,
      { canteenId: town.canteenIds[1], priceFenMax: 3000, windows, room: { seats: 2, seatings: 1 } },
      'everywhere',
      today,
    ),
  );
  // A pile of six cards within ten seconds, one of a resident and one of somebody who then proves to be dead.
  for (const [index, diner] of diners.slice(0, 6).entries())
    await ate(diner, instant(day, `12:05:0${index}`));
  residents.add(diners[0]?.elderId ?? 0);
  // Three at the other canteen, which has two seats; outside of windows three times.
  for (const [index, diner] of diners.slice(6, 9).entries())
    await ate(diner, instant(day, `12:1${index}:00`), 1);
  for (const diner of diners.slice(6, 9)) await ate(diner, instant(day, '03:00:00'), 1);

  const rounds = await Promise.all([scanner().scan(), scanner(second).scan(), scanner().scan()]);
  expect(rounds.reduce((sum, flags) => sum + flags)).toBeGreaterThanOrEqual(4);
  expect(await rulesOf(day)).toEqual(['BEYOND_SEATS', 'DURING_STAY', 'MANY_CARDS', 'OUTSIDE_WINDOWS']);
  const events = await countRows(open, 'fraud_flag_event');
  expect(events).toBe(4);
  expect(await scanner().scan()).toBe(0);
  expect(await dueNow(open.database)).toEqual([]);
  const [due] = [{ canteenId: town.canteenIds[0], day, swipes: 6, dueMark: null }];
  await scanCanteenDay(open.database, due, { stays, now: noon });
  expect(await countRows(open, 'fraud_flag_event')).toBe(events);
});

it('shows flags to whoever stands above the canteen, and not to the canteen', async () => {
  const day = '2026-03-09';
  const [first, other] = town.canteenIds;
  expect(await rulesOf(day, [town.streetId])).toHaveLength(4);
  expect(await rulesOf(day, [first])).toEqual([]);
  expect(await rulesOf(day, [first], first)).toEqual([]);
  expect(await rulesOf(day, [first, town.countyId], first)).toEqual(['DURING_STAY', 'MANY_CARDS']);
  expect(await rulesOf(day, [town.countyId], other)).toEqual(['BEYOND_SEATS', 'OUTSIDE_WINDOWS']);
  expect(await rulesOf(day, [town.streetId], town.cityId)).toEqual([]);
  expect(await rulesOf(day, [])).toEqual([]);
});

it('looks a day through again for late uploads, and opens a decided flag again for more evidence alone', async () => {
  const day = '2026-03-09';
  const [flag] = (await flagsOf(day)).filter(({ rule }) => rule === 'MANY_CARDS');
  const step = (name: 'CLEAR' | 'TAKE') =>
    open.database.write((manager) =>
      stepFlag(
        manager,
        { flagId: flag?.id ?? 0, step: name, note: '核实', byId: town.managerId, now: noon },
        'everywhere',
      ),
    );
  expect(await step('CLEAR')).toMatchObject({ state: 'HARMLESS', measured: 6 });
  const stateNow = async () => (await flagsOf(day)).find(({ id }) => id === flag?.id);
  // Another swipe of the day, far from the pile: the day is looked through, and the decision stands.
  await ate(diners[9], instant(day, '12:40:00'));
  expect(await scanner().scan()).toBe(0);
  expect(await stateNow()).toMatchObject({ state: 'HARMLESS', swipeCount: 6 });
  await ate(diners[10], instant(day, '12:05:06'));
  const rounds = await Promise.all([scanner().scan(), scanner(second).scan()]);
  expect(Math.max(...rounds)).toBe(1);
  expect(await stateNow()).toMatchObject({ state: 'OPEN', measured: 7, swipeCount: 7 });
  expect(await countRows(open, 'fraud_flag_event')).toBe(4 + 2);
  // A void takes evidence away, and no flag with it.
  const voided = await ate(diners[11], instant(day, '12:05:07'));
  await scanner().scan();
  const postingId = await town.ids.take(1);
  const request = { swipeId: voided, reason: '错刷', byId: town.managerId, now: noon, postingId };
  await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
  const due = { canteenId: town.canteenIds[0], day, swipes: 9, dueMark: null };
  await scanCanteenDay(open.database, due, { stays, now: noon });
  expect(await stateNow()).toMatchObject({ state: 'OPEN', measured: 8, swipeCount: 8 });
});

it('looks through the days of somebody who proves to have been dead', async () => {
  const diner = await addDiner(town);
  await ate(diner, instant('2026-03-05', '12:00:00'));
  await ate(diner, instant('2026-03-06', '12:00:00'));
  await scanner().scan();
  expect(await rulesOf('2026-03-06')).toEqual([]);
  const ending = { elderId: diner.elderId, status: 'DECEASED' as const, on: '2026-03-05' };
  await open.database.write((manager) =>
    endElder(manager, ending, 'everywhere', today, [openReviewsAfterEnd]),
  );
  const scans = await Promise.all([scanner().scan(), scanner(second).scan()]);
  expect(Math.max(...scans)).toBe(1);
  expect(await rulesOf('2026-03-05')).toEqual([]);
  expect(await rulesOf('2026-03-06')).toEqual(['AFTER_END']);
  expect(await dueNow(open.database)).toEqual([]);
});

it('finds travel by the positions of canteens, from either of the two, once', async () => {
  const room = (latitude: number) => ({ latitude, longitude: 112.5 });
  for (const [index, canteenId] of town.canteenIds.entries()) {
    const settings = { canteenId, priceFenMax: 3000, windows, room: room(33 + index) };
    await open.database.write((manager) => configureCanteen(manager, settings, 'everywhere', today));
  }
  const day = '2026-03-04';
  await ate(diners[0], instant(day, '12:00:00'));
  await ate(diners[0], instant(day, '12:50:00'), 1);
  await scanner(open.database, noStays).scan();
  // 111 km in fifty minutes; the second canteen is the place of it.
  const flags = await flagsOf(day);
  expect(flags).toMatchObject([
    {
      rule: 'TOO_FAST_TRAVEL',
      measured: 3000,
      threshold: 6672,
      canteenId: town.canteenIds[1],
      elderName: '王**',
    },
  ]);
});

it('takes thresholds of the day of the taps, so that a change asks nothing of earlier days', async () => {
  const day = '2026-03-07';
  for (const [index, diner] of diners.slice(0, 4).entries())
    await ate(diner, instant(day, `12:05:0${index}`));
  const set = (fromDay: string, scope: Scope = 'everywhere', value = 4) =>
    open.database.write((manager) =>
      setFlagThreshold(
        manager,
        { name: 'MANY_CARDS_COUNT', value, fromDay, byId: town.managerId, now: noon },
        scope,
      ),
    );
  expect(await set(today)).toMatchObject({ value: 4, fromDay: today });
  expect(await set(today, 'everywhere', 5)).toMatchObject({ value: 5 });
  expect(await set('2026-03-09')).toMatchObject({ refused: 'BACKDATED', field: ['fromDay'] });
  expect(await set(today, [town.cityId])).toMatchObject({ refused: 'NOT_ENTITLED', field: ['name'] });
  expect(await set(today, 'everywhere', 1)).toMatchObject({
    refused: 'VALUE_OUT_OF_RANGE',
    field: ['value'],
  });
  await scanner(open.database, noStays).scan();
  expect(await rulesOf(day)).toEqual([]);
});

it('asks as much for a day of many swipes as for one of few, and reads it by its indexes', async () => {
  const asked = async (canteenId: number, day: string) => {
    // Another number than it had: what looks back at it is asked for too.
    const due = { canteenId, day, swipes: 999, dueMark: null };
    const { statements } = await statementsOf(open.database, () =>
      scanCanteenDay(open.database, due, { stays: noStays, now: noon }),
    );
    return statements.filter((sql) => /^\s*SELECT/.test(sql) && !/fraud_flag|flag_scan/.test(sql)).length;
  };
  expect(await asked(town.canteenIds[0], '2026-03-09')).toBe(await asked(town.canteenIds[0], '2026-01-01'));
  const explain = async ({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => {
    const word = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
    return JSON.stringify(
      await open.database.read((manager) => manager.query(`${word} ${sql}`, [...parameters])),
    );
  };
  expect(await explain(dueDayQuery(today))).toContain('ix_swipe_canteen_day');
  const places = await open.database.read((manager) =>
    supervisedPlaces(manager, [town.countyId], undefined, today),
  );
  const page = { after: { day: today, id: 1000 }, rowsMax: 10 };
  expect(await explain(flagsQuery({ states: ['OPEN'] }, page, places))).toMatch(/ix_flag_(canteen|state)/);
});
