import type { EntityManager } from 'typeorm';
import { findCredential } from '../src/access/credential.js';
import { sealedDoors } from '../src/elders/elder-door.js';
import { addDays, dayOf } from '../src/shared/china-time.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { cipherOf } from '../src/shared/database-cipher.js';
import { insertRows } from '../src/shared/statements.js';
import { type Client, clientsOf } from './home-care/clients.js';
import { insertDay } from './home-care/insert-day.js';
import { insertStationPlaces, type PlacedStation } from './home-care/insert-stations.js';
import { doorPlace } from './home-care/places.js';
import { type Crew, giveDaysOff, staffStations } from './home-care/staff-stations.js';
import { visitsOfDay } from './home-care/week-plan.js';
import { rootCode } from './reference/nanyang/network.js';

/** Whose visits to come are booked; elsewhere nobody would carry them out, and each would alert somebody. */
const playedCounty = 'NY-411302-';

/** Weeks that are over, and days of this and the next that are booked. */
const daysBefore = 21;
const daysAhead = 13;

export interface SeededHomeCare {
  clients: number;
  caregivers: number;
  visits: number;
}

/**
 * Gives the city its home care: places of stations and doors, caregivers for the elders who need them, and a month of
 * visits, three weeks of which are over. What is there stays; whoever has a visit on a day gets no other.
 */
export async function seedHomeCare(
  database: Database,
  { now, onProgress }: { now: Date; onProgress?: (days: number, total: number) => void },
): Promise<SeededHomeCare> {
  const today = dayOf(now);
  const { crews, stations, clients } = await database.write(async (manager) => {
    await lockCity(manager);
    const places = await insertStationPlaces(manager);
    const found = await clientsOf(manager);
    const staff = await staffStations(manager, places, found);
    await insertDoors(manager, places, found, now);
    await giveDaysOff(manager, staff, today);
    return { crews: staff, stations: places, clients: found };
  });
  const played = playedCrews(crews, stations);
  const days = Array.from({ length: daysBefore + daysAhead + 1 }, (_, index) =>
    addDays(today, index - daysBefore),
  );
  let visits = 0;
  for (const [index, day] of days.entries()) {
    const isOver = day < today;
    const planned = visitsOfDay(day, isOver ? crews : played);
    if (planned.length > 0) {
      visits += await database.write(async (manager) => {
        await lockCity(manager);
        return insertDay(manager, day, { visits: planned, isOver });
      });
    }
    onProgress?.(index + 1, days.length);
  }
  return { clients: clients.length, caregivers: crews.length, visits };
}

/** Two servers that start together seed one after the other, and the second finds what is there. */
async function lockCity(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
}

function playedCrews(crews: readonly Crew[], stations: readonly PlacedStation[]): Crew[] {
  const ids = new Set(stations.filter(({ code }) => code.startsWith(playedCounty)).map(({ id }) => id));
  return crews.filter(({ stationId }) => ids.has(stationId));
}

const doorsAtOnce = 500;

/** Where the doors are, as the front desk entered them. */
async function insertDoors(
  manager: EntityManager,
  stations: readonly PlacedStation[],
  clients: readonly Client[],
  now: Date,
): Promise<void> {
  const frontDesk = await findCredential(manager, { userName: 'demo-staff' });
  if (!frontDesk) return;
  const rows: { elderId: number }[] = await manager.query('SELECT elderId FROM elder_door');
  const present = new Set(rows.map(({ elderId }) => elderId));
  const places = new Map(stations.map((station) => [station.id, station]));
  const cipher = cipherOf(manager);
  const nameOf = sealedDoors.columns.positionSealed;
  const doors = clients.flatMap(({ elderId, stationId }) => {
    const station = places.get(stationId);
    if (!station || !nameOf || present.has(elderId)) return [];
    const { latitudeMicro, longitudeMicro } = doorPlace(station, elderId);
    const sealed = cipher.encrypt(nameOf(elderId), `${latitudeMicro} ${longitudeMicro}`);
    return [[elderId, sealed, null, now.getTime(), frontDesk.accountId]];
  });
  for (let start = 0; start < doors.length; start += doorsAtOnce) {
    const columns = ['elderId', 'positionSealed', 'noteSealed', 'setAt', 'setById'];
    await insertRows(manager, 'elder_door', columns, doors.slice(start, start + doorsAtOnce));
  }
}
