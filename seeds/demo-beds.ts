import type { EntityManager } from 'typeorm';
import { waitlistClasses } from '../src/beds/waitlist-terms.js';
import { scaleOn } from '../src/elders/assessment-scale.js';
import { dayOf } from '../src/shared/china-time.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { IdBlocks } from '../src/shared/ids.js';
import { eldersOfHomes } from './beds/applicants.js';
import { type BedCity, fillHome, idsNeeded, planHome } from './beds/fill-home.js';
import type { PlannedHome } from './beds/homes.js';
import { directorsOf, insertHomes } from './beds/insert-homes.js';
import { rootCode } from './reference/nanyang/network.js';

/** More than the largest home takes. */
const idsAtOnce = 20_000;

/** The homes as places of the network, without beds yet. */
export async function seedHomes(database: Database): Promise<void> {
  await database.write(async (manager) => {
    await lockCity(manager);
    await insertHomes(manager);
  });
}

/**
 * Gives the homes their beds, residents, fees and waiting lists, home by home: those that the city has elders enough
 * for, and that have no rooms yet. What is there stays. Returns how many homes were filled. The elders must be in.
 */
export async function seedBeds(
  database: Database,
  {
    elders,
    now,
    onProgress,
  }: { elders: number; now: Date; onProgress?: (done: number, total: number) => void },
): Promise<number> {
  const { facilities, filled } = await database.write(async (manager) => {
    await lockCity(manager);
    return { facilities: await insertHomes(manager), filled: await withRooms(manager) };
  });
  const idOf = (home: PlannedHome) => facilities.get(home.code) as number;
  const homes = eldersOfHomes(elders);
  const missing = [...homes.keys()].filter((home) => !filled.has(idOf(home)));
  if (missing.length === 0) return 0;
  const directors = await database.write(async (manager) => {
    await lockCity(manager);
    return directorsOf(manager, missing, facilities);
  });
  const director = (home: PlannedHome) => directors.get(`院长 ${home.code}`) as number;
  const city = await database.read((manager) => readCity(manager, now));
  const ids = new IdBlocks(database, idsAtOnce);
  let done = 0;
  for (const home of missing) {
    const place = { home, facilityId: idOf(home), byId: director(home), numbers: homes.get(home) ?? [] };
    const content = await database.read((manager) => planHome(manager, place, city));
    const firstId = await ids.take(idsNeeded(content));
    const neighbour = missing.find(({ county, number }) => county === home.county && number < home.number);
    const other = neighbour && { facilityId: idOf(neighbour), byId: director(neighbour) };
    await database.write(async (manager) => {
      await lockCity(manager);
      // Another server may have filled it since.
      if ((await withRooms(manager)).has(place.facilityId)) return;
      await fillHome(manager, content, { city, firstId, other });
    });
    done += 1;
    onProgress?.(done, missing.length);
  }
  return missing.length;
}

/** Two servers that start together seed one after the other, and the second finds what is there. */
async function lockCity(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
}

async function withRooms(manager: EntityManager): Promise<Set<number>> {
  const rows: { facilityId: number }[] = await manager.query('SELECT DISTINCT facilityId FROM room');
  return new Set(rows.map(({ facilityId }) => facilityId));
}

async function readCity(manager: EntityManager, now: Date): Promise<BedCity> {
  const today = dayOf(now);
  return { now, scale: await scaleOn(manager, today), classes: await waitlistClasses(manager, today) };
}
