import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cancelVisitsAfterEnd } from '../../src/visits/cancel-after-end.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  booked,
  bookingsOn,
  manager,
  on,
  outcomeOf,
  placeStation,
  relative,
} from '../support/bookings.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let calls: ReturnType<typeof bookingsOn>;
let elderId: number;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  for (let count = 0; count < 2; count += 1) await addWorker(town);
  calls = bookingsOn(town);
});
beforeEach(async () => {
  elderId = await addElder(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

/** What the family of the elder is to be told, in order. */
async function queued() {
  const rows: Record<string, string | number | null>[] = await open.database.read((m) =>
    m.query(
      'SELECT kind, happensAt, insteadOf, times, staleAt FROM elder_notice WHERE elderId = ? ORDER BY id',
      [elderId],
    ),
  );
  return rows.map(({ kind, times, ...instants }) => ({
    ...{ kind, times },
    ...Object.fromEntries(
      Object.entries(instants).map(([name, at]) => [name, at === null ? null : new Date(Number(at))]),
    ),
  }));
}

const family = () => relative(town, [elderId]);
const oneBooked = async (day: string) =>
  booked(await calls.book({ elderId, startsAt: on(day, '09:00') }, family()));

it('a family is told that its station moved or called off a visit, and not of what it did itself', async () => {
  const { id } = await oneBooked('2026-03-16');
  booked(await calls.move(id, on('2026-03-17', '09:00'), family()));
  expect(await queued()).toEqual([]);
  booked(await calls.move(id, on('2026-03-18', '10:00')));
  booked(await calls.cancel(id));
  expect(await queued()).toEqual([
    {
      ...{ kind: 'VISIT_MOVED', times: 1, happensAt: on('2026-03-18', '10:00') },
      ...{ insteadOf: on('2026-03-17', '09:00'), staleAt: on('2026-03-18', '11:00') },
    },
    {
      ...{ kind: 'VISIT_CANCELLED', times: 1, happensAt: on('2026-03-18', '10:00') },
      ...{ insteadOf: null, staleAt: on('2026-03-18', '11:00') },
    },
  ]);
  const other = await oneBooked('2026-03-16');
  booked(await calls.cancel(other.id, family()));
  expect(await queued()).toHaveLength(2);
});

it('of what is refused nobody is told', async () => {
  const { id } = await oneBooked('2026-03-16');
  booked(await calls.cancel(id, family()));
  expect(outcomeOf(await calls.cancel(id))).toBe('WRONG_STATUS');
  expect(outcomeOf(await calls.move(id, on('2026-03-17', '09:00')))).toBe('WRONG_STATUS');
  expect(await queued()).toEqual([]);
});

it('a series that is moved or called off is one message', async () => {
  const recurrence = 'FREQ=WEEKLY;COUNT=3';
  const startsAt = on('2026-03-16', '13:00');
  const { id } = booked(await calls.book({ elderId, startsAt, recurrence }, family()));
  booked(await calls.move(id, on('2026-03-17', '13:00'), manager(town), 'THIS_AND_FOLLOWING'));
  booked(await calls.cancel(id, manager(town), 'THIS_AND_FOLLOWING'));
  expect(await queued()).toMatchObject([
    { kind: 'VISIT_MOVED', times: 3, insteadOf: startsAt, happensAt: on('2026-03-17', '13:00') },
    { kind: 'VISIT_CANCELLED', times: 3, happensAt: on('2026-03-17', '13:00') },
  ]);
});

it('a visit to which nobody came is told once, and one that ends with the file to nobody', async () => {
  const { id, startsAt } = await oneBooked('2026-03-16');
  const late = new Date(startsAt.getTime() + 3 * 3_600_000);
  await raiseAlerts(open.database, late);
  await raiseAlerts(open.database, late);
  expect(await queued()).toMatchObject([{ kind: 'VISIT_MISSED', times: 1, happensAt: startsAt }]);
  expect(id).toBeGreaterThan(0);
  elderId = await addElder(town);
  await oneBooked('2026-03-20');
  await open.database.write((m) =>
    cancelVisitsAfterEnd({ now: () => startsAt })(m, {
      elderId,
      on: '2026-03-16',
      byId: town.managerId,
    } as never),
  );
  expect(await queued()).toEqual([]);
});
