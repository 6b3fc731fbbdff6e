import { afterAll, beforeAll, expect, it } from 'vitest';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { travellersQuery } from '../../src/meals/flags/flag-facts.js';
import { readThresholds } from '../../src/meals/flags/flag-thresholds.js';
import { overMidnightQuery } from '../../src/meals/flags/mark-days.js';
import { addFacility } from '../../src/network/add-facility.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addDiners,
  at,
  dueNow,
  flagsOfRule,
  type Place,
  scanAnyway,
  scanRound,
  tapped,
} from '../support/flag-rounds.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, buildTown, type Diner, type Town, today, windows } from '../support/town.js';

let open: TestDatabase;
let town: Town;
/** Two canteens 13 km from each other, which take 801 s at 60 km/h, and one of which nobody knows where it is. */
let near: Place;
let far: Place;
let unmeasured: Place;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  near = { canteenId: town.canteenIds[0], readerId: town.readerIds[0] };
  far = { canteenId: town.canteenIds[1], readerId: town.readerIds[1] };
  unmeasured = { canteenId: await addCanteen(), readerId: await addAccount(town, 'reader 3') };
  await configure(near, { latitude: 33, longitude: 112.5 });
  await configure(far, { latitude: 33.12, longitude: 112.5 });
  await configure(unmeasured, {});
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function addCanteen(): Promise<number> {
  const wanted = {
    code: 'CANTEEN-3',
    name: 'CANTEEN-3',
    divisionCode: '411302001003',
    openedOn: '2020-01-01',
  };
  const added = await open.database.write((manager) =>
    addFacility(manager, { ...wanted, kind: 'ELDER_CANTEEN', parentId: town.streetId }, 'everywhere', today),
  );
  if (isRefusal(added)) throw new Error(added.refused);
  return added.id;
}

const configure = ({ canteenId }: Place, room: { latitude?: number; longitude?: number }) =>
  open.database.write((manager) =>
    configureCanteen(manager, { canteenId, priceFenMax: 3000, windows, room }, 'everywhere', today),
  );

const came = (diner: Diner, place: Place, day: Day, time: string) =>
  tapped(town, diner, place, at(day, time));

const flagsOn = (day: Day) =>
  flagsOfRule(open.database, 'TOO_FAST_TRAVEL', { from: day, to: addDays(day, 1) });

it('a tap in between where nobody measured hides no way, and slow enough over three canteens is none', async () => {
  const [hurried, slow] = (await addDiners(town, 2)) as [Diner, Diner];
  const day = '2026-03-04';
  await came(hurried, near, day, '12:00:00');
  await came(hurried, unmeasured, day, '12:00:30');
  await came(hurried, far, day, '12:01:00');
  await came(slow, near, day, '12:00:00');
  await came(slow, unmeasured, day, '12:00:30');
  await came(slow, far, day, '12:13:21');
  // Each of the three canteens is looked through, and the way is one sign.
  await scanRound(open.database);
  expect(await flagsOn(day)).toMatchObject([
    { canteenId: far.canteenId, measured: 60, threshold: 801, swipeCount: 2 },
  ]);
});

it('over midnight it is a sign of the day of arrival, also when the evening is uploaded last', async () => {
  const [early, late, slow] = (await addDiners(town, 3)) as [Diner, Diner, Diner];
  const [eve, day] = ['2026-03-05', '2026-03-06'] as const;
  await came(early, near, eve, '23:59:30');
  await came(early, far, day, '00:00:30');
  await came(slow, near, eve, '23:59:30');
  await came(slow, far, day, '00:12:51');
  await came(late, far, day, '00:00:40');
  await scanRound(open.database);
  const first = { canteenId: far.canteenId, measured: 60, threshold: 801, swipeCount: 2 };
  expect(await flagsOn(day)).toMatchObject([first]);
  await came(late, near, eve, '23:59:50');
  await scanRound(open.database);
  expect(await flagsOn(day)).toMatchObject([first, { ...first, measured: 50 }]);
  expect(await dueNow(open.database)).toEqual([]);
  for (const place of [near, far])
    for (const each of [eve, day]) await scanAnyway(open.database, place, each);
  expect(await scanRound(open.database)).toBe(0);
  expect(await flagsOn(eve)).toEqual([]);
  expect(await flagsOn(day)).toHaveLength(2);
});

it('the days of elders are found by the index of meals', async () => {
  const thresholds = await open.database.read((manager) => readThresholds(manager, today));
  const word = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const key = { canteenId: near.canteenId, day: '2026-03-09' };
  for (const { sql, parameters } of [travellersQuery(key, thresholds), overMidnightQuery(key, thresholds)]) {
    const rows: object[] = await open.database.read((manager) =>
      manager.query(`${word} ${sql}`, [...parameters]),
    );
    const plan = JSON.stringify(rows);
    expect(plan).toContain('ix_swipe_canteen_day');
    expect(plan).toContain('uq_swipe_meal');
  }
});
