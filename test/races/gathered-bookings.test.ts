import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { bookVisit } from '../../src/visits/book-visit.js';
import { BookingIntake } from '../../src/visits/bookings/booking-intake.js';
import type { BookingRequest } from '../../src/visits/bookings/record-bookings.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  bookingDoorsOf,
  bookingsOn,
  caregiversAt,
  manager,
  on,
  outcomeOf,
  placeStation,
  relative,
  rowsOf,
} from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
/** The same town as a second server sees it. */
let otherDatabase: Database;
let one: ReturnType<typeof bookingsOn>;
let other: ReturnType<typeof bookingsOn>;
let caregivers: number[];
const elders: number[] = [];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  await addHomeServices(open);
  await placeStation(town);
  caregivers = [await addWorker(town), await addWorker(town), await addWorker(town)];
  for (let index = 0; index < 30; index++) elders.push(await addElder(town));
});
beforeEach(() => {
  one = bookingsOn(town);
  other = bookingsOn(town, otherDatabase);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await otherDatabase.close();
  await open.drop();
});

let used = 10;
const newDay = () => {
  used += 1;
  return `2026-04-${String(used).padStart(2, '0')}`;
};

/** Five times of a day, between which nobody needs more than there is. */
const times = ['08:00', '09:30', '11:00', '12:30', '14:00'];

/** Six families at each of the times, half of whom can have it. */
const everybodyBooks = (day: string, callsOf: (index: number) => ReturnType<typeof bookingsOn>) =>
  Promise.all(
    elders.map((elderId, index) =>
      callsOf(index).book(
        { elderId, startsAt: on(day, times[index % times.length] as string) },
        relative(town, [elderId]),
      ),
    ),
  );

function counted(results: readonly Parameters<typeof outcomeOf>[0][]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[outcomeOf(result)] = (counts[outcomeOf(result)] ?? 0) + 1;
  return counts;
}

/** Of each time, who comes, in order. */
async function whoComes(results: Awaited<ReturnType<typeof everybodyBooks>>): Promise<number[][]> {
  const who: number[][] = times.map(() => []);
  for (const [index, result] of results.entries()) {
    if ('id' in result) who[index % times.length]?.push(...(await caregiversAt(open, result.id)));
  }
  return who.map((ids) => ids.sort((first, second) => first - second));
}

it.each([
  ['on one server', () => one],
  ['on two servers', (index: number) => (index % 2 ? one : other)],
])('thirty families for fifteen times, %s: each time goes to each caregiver once', async (_, callsOf) => {
  const day = newDay();
  const before = await rowsOf(open);
  const results = await everybodyBooks(day, callsOf);
  expect(counted(results)).toEqual({ done: 15, NO_CAREGIVER_FREE: 15 });
  expect(await whoComes(results)).toEqual(times.map(() => caregivers));
  const after = await rowsOf(open);
  expect((after.visit ?? 0) - (before.visit ?? 0)).toBe(15);
  expect((after.visit_caregiver ?? 0) - (before.visit_caregiver ?? 0)).toBe(15);
});

it('those of a moment share a transaction, and take as many statements as one alone', async () => {
  const intake = new BookingIntake({ database: open.database });
  const asked = (count: number, day: string) =>
    Promise.all(
      elders.slice(0, count).map((elderId, index) => {
        const wanted = wantedOf(elderId, on(day, times[index % times.length] as string));
        return bookVisit(bookingDoorsOf(open.database, intake), wanted, manager(town));
      }),
    );
  const alone = await statementsOf(open.database, () => asked(1, newDay()));
  const together = await statementsOf(open.database, () => asked(15, newDay()));
  expect(counted(together.result)).toEqual({ done: 15 });
  for (const { statements } of [alone, together]) {
    expect(statements.filter((sql) => /^(START|BEGIN) TRANSACTION/.test(sql))).toHaveLength(1);
  }
  expect(together.statements.length).toBe(alone.statements.length);
});

const wantedOf = (elderId: number, startsAt: Date): BookingRequest['wanted'] => ({
  requestId: randomUUID(),
  elderId,
  serviceCode: 'CLEANING',
  startsAt,
  caregiverId: null,
  recurrence: null,
  skipHolidays: false,
  flexMinutes: 0,
  note: null,
});

it('one that the database cannot take spoils none of its neighbours', async () => {
  const day = newDay();
  const intake = new BookingIntake({ database: open.database });
  const before = await rowsOf(open);
  const results = await Promise.allSettled(
    elders.slice(0, 15).map((elderId, index) => {
      const wanted = wantedOf(elderId, on(day, times[index % times.length] as string));
      // Nobody has this account, so its row breaks a foreign key, which no rule foresees.
      const booker = index === 7 ? { ...manager(town), byId: 999_999 } : manager(town);
      return intake.book({ wanted, booker });
    }),
  );
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
    elders.slice(0, 15).map((_, index) => index !== 7),
  );
  expect(counted(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))).toEqual(
    {
      done: 14,
    },
  );
  expect(((await rowsOf(open)).visit ?? 0) - (before.visit ?? 0)).toBe(14);
  await intake.settled();
});

it('those that are refused among others are refused by name, and take nothing from them', async () => {
  const day = newDay();
  const [first, second, third, fourth] = elders as [number, number, number, number];
  const at = on(day, '10:00');
  const results = await Promise.all([
    one.book({ elderId: first, startsAt: at, requestId: 'no id' }),
    one.book({ elderId: first, startsAt: at, note: 'two\nlines' }),
    one.book({ elderId: 999_999, startsAt: at }),
    one.book({ elderId: second, startsAt: at }, relative(town, [first])),
    one.book({ elderId: first, startsAt: at, serviceCode: 'NOTHING' }),
    one.book({ elderId: first, startsAt: on('2026-12-24', '10:00') }),
    one.book({ elderId: first, startsAt: at }),
    one.book({ elderId: first, startsAt: on(day, '10:30') }),
    one.book({ elderId: second, startsAt: at, caregiverId: caregivers[0] as number }),
    one.book({ elderId: third, startsAt: at, caregiverId: caregivers[0] as number }),
    one.book({ elderId: third, startsAt: at }),
    one.book({ elderId: fourth, startsAt: at }),
  ]);
  expect(results.map(outcomeOf)).toEqual([
    'REQUEST_ID_MALFORMED',
    'NOTE_INVALID',
    'ELDER_NOT_ACTIVE',
    'ELDER_NOT_ACTIVE',
    'SERVICE_NOT_OFFERED',
    'TIME_OUT_OF_RANGE',
    'done',
    'ELDER_BUSY',
    expect.stringMatching(/^(done|NO_CAREGIVER_FREE)$/),
    'NO_CAREGIVER_FREE',
    'done',
    expect.stringMatching(/^(done|NO_CAREGIVER_FREE)$/),
  ]);
  // Whoever the first one got, three caregivers bring three visits.
  expect(counted(results).done).toBe(3);
});

it('the same requestId twice in a moment is one booking, and another one with it is refused', async () => {
  const day = newDay();
  const wanted = { ...wantedOf(elders[0] as number, on(day, '10:00')), requestId: randomUUID() };
  const results = await Promise.all([
    one.book(wanted),
    one.book(wanted),
    one.book({ ...wanted, startsAt: on(day, '14:00') }),
    one.book(wanted),
  ]);
  expect(results.map(outcomeOf)).toEqual(['done', 'done', 'REQUEST_ID_REUSED', 'done']);
  expect(new Set(results.flatMap((result) => ('id' in result ? [result.id] : []))).size).toBe(1);
});

it('those that are asked for before and after midnight are each decided by their own day', async () => {
  const [before, after] = [new Date('2026-03-16T15:59:59.999Z'), new Date('2026-03-16T16:00:00Z')];
  const startsAt = on('2026-06-15', '10:00');
  const results = await Promise.all([
    one.book({ elderId: elders[0] as number, startsAt }, manager(town, before)),
    one.book({ elderId: elders[1] as number, startsAt }, manager(town, after)),
  ]);
  // The horizon of ninety days ends a day later for the second.
  expect(results.map(outcomeOf)).toEqual(['TIME_OUT_OF_RANGE', 'done']);
});

// On SQLite nobody locks a row: writers take turns.
it.runIf(engine === 'mysql')(
  'a caregiver whom somebody keeps locked holds up the bookings of its station alone',
  async () => {
    const day = newDay();
    const station = await open.database.write(async (m) => {
      await m.query(
        `INSERT INTO facility (code, name, kind, divisionCode, openedOn)
         SELECT 'HELD', 'HELD', kind, divisionCode, openedOn FROM facility WHERE id = ?`,
        [town.stationId],
      );
      const [row] = await m.query("SELECT id FROM facility WHERE code = 'HELD'");
      await m.query(
        `INSERT INTO facility_placement (facilityId, parentId, fromDay)
         SELECT ?, parentId, fromDay FROM facility_placement WHERE facilityId = ?`,
        [row.id, town.stationId],
      );
      return Number(row.id);
    });
    const locked = await addWorker(town, { stationId: station });
    const held = await addElder(town, { homeStationId: station });
    let release: () => void = () => undefined;
    let hasLocked: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const isLocked = new Promise<void>((resolve) => {
      hasLocked = resolve;
    });
    const holder = otherDatabase.write(async (m) => {
      await m.query('SELECT id FROM caregiver WHERE id = ? FOR UPDATE', [locked]);
      hasLocked();
      await released;
    });
    await isLocked;
    const book = (elderId: number, time: string) => one.book({ elderId, startsAt: on(day, time) });
    const first = book(elders[0] as number, '08:00');
    const waits = book(held, '09:30').then(outcomeOf);
    const others = elders.slice(1, 9).map((elderId, index) => book(elderId, times[index % 4] as string));
    const told = await Promise.race([
      Promise.all([first, ...others]).then((results) => results.map(outcomeOf)),
      waits.then(() => 'the one that waits came first'),
    ]);
    expect(told).toEqual(Array.from({ length: 9 }, () => 'done'));
    release();
    expect(await waits).toBe('done');
    await holder;
  },
);
