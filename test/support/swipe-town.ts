import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { expectAuditClean } from './audited.js';
import { intakeOf } from './taps.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { addDiner, balanceOf, buildTown, countRows, type Diner, type Town } from './town.js';

/** One town with an intake of swipes for all tests of a file; the functions below set the bindings. */
export let open: TestDatabase;
export let town: Town;
export let intake: SwipeIntake;
/** Of the test that asked for one. */
export let diner: Diner;

export async function startSwipeTown(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
}

export async function newDiner(): Promise<void> {
  diner = await addDiner(town);
}

/** Finds nothing wrong in what was written, and throws the database away. */
export async function closeSwipeTown(): Promise<void> {
  await expectAuditClean(open.database);
  await open.drop();
}

/** What moves when the diner's money moves. */
export async function money() {
  return {
    postings: await countRows(open, 'ledger_posting'),
    entries: await countRows(open, 'ledger_entry'),
    balanceFen: await balanceOf(town, diner.elderId),
  };
}

/** The same, with how many swipes there are. */
export async function snapshot() {
  return { ...(await money()), swipes: await countRows(open, 'swipe') };
}
