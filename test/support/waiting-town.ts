import { placesOfElder } from '../../src/beds/find-waitlist.js';
import { expectAuditClean } from './audited.js';
import { addBeds, addHome } from './beds.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { buildTown, noon, type Town } from './town.js';
import { addApplicant, after, joined, placed, tryOffer } from './waiting.js';

/** One town for all tests of a file, and a home with a line of its own for each; the functions below set the bindings. */
export let open: TestDatabase;
export let town: Town;
export let home: number;

export async function startWaitingTown(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTown(open.database);
}

export async function newWaitingHome(): Promise<void> {
  home = await addHome(town);
}

/** Finds nothing wrong in what was written, and throws the database away. */
export async function closeWaitingTown(): Promise<void> {
  await expectAuditClean(open.database);
  await open.drop();
}

export const newBed = async (wish = {}) => (await addBeds(town, home, [wish]))[0] as number;
export const acting = () => ({ byId: town.managerId, now: noon });

/** Somebody who joined so many hours after noon. */
export async function waits(hours: number, wish: Parameters<typeof addApplicant>[1] = {}): Promise<number> {
  const elderId = await addApplicant(town, wish);
  await joined(town, { elderId, facilityId: home, now: after(hours) });
  return elderId;
}

/** What was offered, and to whom; anything else is a mistake of the test. */
export async function offered(bedId: number, hours = 0) {
  const { elderId, offer } = placed(await tryOffer(town, { bedId, now: after(hours) }));
  return { elderId, offerId: offer?.id ?? 0 };
}

/** The place of somebody who waits in one line. */
export async function entryIdOf(elderId: number): Promise<number> {
  const entries = await open.database.read((manager) =>
    placesOfElder(manager, elderId, 'everywhere', after(3)),
  );
  return entries[0]?.id ?? 0;
}
