import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { visitsChecks } from '../../src/visits/audit.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  booked,
  bookingsOn,
  on,
  placeStation,
} from '../support/bookings.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let ids: number[];
let elders: number[];
let workers: number[];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await addHomeServices(open);
  await placeStation(town);
  workers = [await addWorker(town), await addWorker(town)];
  elders = [await addElder(town), await addElder(town)];
  const { book } = bookingsOn(town);
  const startsAt = on('2026-03-20', '09:00');
  const series = { startsAt: on('2026-04-20', '09:00'), recurrence: 'FREQ=DAILY;COUNT=2' };
  ids = [
    booked(await book({ elderId: elders[0] as number, startsAt, caregiverId: workers[0] as number })).id,
    booked(await book({ elderId: elders[1] as number, startsAt, caregiverId: workers[1] as number })).id,
    booked(await book({ elderId: elders[0] as number, ...series })).id,
  ];
});
afterAll(() => open.drop());

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await open.database.read((manager) => runChecks(manager, visitsChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}
const changed = (sql: string) => open.database.write((manager) => manager.query(sql));

it('holds for what was booked', async () => {
  expect(await broken()).toEqual([]);
});

it.each<[string, () => [sql: string, undo: string], string[]]>([
  [
    'two visits of an elder at once',
    () => [
      `UPDATE visit SET elderId = ${elders[0]} WHERE id = ${ids[1]}`,
      `UPDATE visit SET elderId = ${elders[1]} WHERE id = ${ids[1]}`,
    ],
    ['no elder has two visits at once, cancelled ones left out'],
  ],
  [
    'two visits of a caregiver at once',
    () => [
      `UPDATE visit_caregiver SET caregiverId = ${workers[0]} WHERE visitId = ${ids[1]}`,
      `UPDATE visit_caregiver SET caregiverId = ${workers[1]} WHERE visitId = ${ids[1]}`,
    ],
    ['no caregiver has two visits at once, cancelled ones left out'],
  ],
  [
    'a series of another elder',
    () => [
      `UPDATE visit_series SET elderId = ${elders[1]}`,
      `UPDATE visit_series SET elderId = ${elders[0]}`,
    ],
    ['every visit has what was agreed about it, and its series is of its elder and service'],
  ],
  [
    'a version without a step',
    () => [
      `UPDATE visit SET version = 2 WHERE id = ${ids[0]}`,
      `UPDATE visit SET version = 1 WHERE id = ${ids[0]}`,
    ],
    ['the steps of a visit have versions without a gap, the last of which is that of the visit'],
  ],
  [
    'a status without a step',
    () => [
      `UPDATE visit SET status = 'CANCELLED' WHERE id = ${ids[0]}`,
      `UPDATE visit SET status = 'ASSIGNED' WHERE id = ${ids[0]}`,
    ],
    ['the last step of a visit tells its status and its start'],
  ],
  [
    'a caregiver who comes before the visit',
    () => [
      `UPDATE visit_caregiver SET startsAt = startsAt - 60000 WHERE visitId = ${ids[0]}`,
      `UPDATE visit_caregiver SET startsAt = startsAt + 60000 WHERE visitId = ${ids[0]}`,
    ],
    ['the caregivers of a visit to come are there within its time'],
  ],
  [
    'one caregiver for a service of two',
    () => [
      "UPDATE home_service SET caregivers = 2 WHERE code = 'CLEANING'",
      "UPDATE home_service SET caregivers = 1 WHERE code = 'CLEANING'",
    ],
    ['a visit that was booked takes as many caregivers as its service does'],
  ],
])('finds %s', async (_what, sql, names) => {
  const [breaking, undo] = sql();
  await changed(breaking);
  expect(await broken()).toEqual(names);
  await changed(undo);
  expect(await broken()).toEqual([]);
});

it('finds a visit without a booking', async () => {
  await changed(`DELETE FROM visit_booking WHERE visitId = ${ids[1]}`);
  expect(await broken()).toEqual([
    'every visit has what was agreed about it, and its series is of its elder and service',
  ]);
});
