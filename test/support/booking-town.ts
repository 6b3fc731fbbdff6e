import { expectAuditClean } from './audited.js';
import { addHomeServices, addWorker, bookingsOn, placeStation } from './bookings.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { buildTown, type Town } from './town.js';

/** One town with services that can be booked for all tests of a file; the bindings are set by startBookingTown. */
export let open: TestDatabase;
export let town: Town;
export let calls: ReturnType<typeof bookingsOn>;
/** The two caregivers of the station, who both help with bathing. */
export let first: number;
export let second: number;
let daysUsed: number;

export async function startBookingTown(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await addHomeServices(open);
  await placeStation(town);
  first = await addWorker(town, { name: '李护理', skills: ['BATHING'] });
  second = await addWorker(town, { name: '张护理', skills: ['BATHING'] });
  calls = bookingsOn(town);
  daysUsed = 0;
}

/** Finds nothing wrong in what was written, and throws the database away. */
export async function closeBookingTown(): Promise<void> {
  await expectAuditClean(open.database);
  await open.drop();
}

/** A day that nobody else of this file uses. */
export function newDay(): string {
  daysUsed += 1;
  return `2026-04-${String(daysUsed).padStart(2, '0')}`;
}
