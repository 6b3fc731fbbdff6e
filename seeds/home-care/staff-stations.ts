import type { EntityManager } from 'typeorm';
import { addDays, type Day, instantOn } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { demoStationCode } from '../demo-staff.js';
import { drawOf } from '../deterministic.js';
import { insertCaregivers } from '../visits/insert-caregivers.js';
import type { Client } from './clients.js';
import type { PlacedStation } from './insert-stations.js';

/** One caregiver for so many elders at most: what cities ask for is one to eight or so. */
export const clientsPerCaregiver = 8;

/** A caregiver of the seed with the elders that it visits week after week. */
export interface Crew {
  caregiverId: number;
  stationId: number;
  clients: readonly number[];
}

interface Post {
  name: string;
  station: PlacedStation;
  clients: readonly number[];
}

const activeFrom = '2023-07-01';
const isMale = (index: number) => drawMale(index) < 0.15;
const drawMale = drawOf('gender of caregiver');
const drawExpiry = drawOf('expiry of certificate');
const drawDayOff = drawOf('day off of caregiver');

/**
 * Gives each station as many caregivers as its elders need, with hours of five days and certificates of which some run
 * out soon. Their accounts are recognised by their names; nobody signs in as one of them.
 */
export async function staffStations(
  manager: EntityManager,
  stations: readonly PlacedStation[],
  clients: readonly Client[],
): Promise<Crew[]> {
  const posts = postsOf(stations, clients);
  const accounts = await accountsOf(manager, posts);
  const caregivers = posts.map(({ name, station }, index) => ({
    accountId: accounts.get(name) ?? 0,
    stationId: station.id,
    gender: isMale(index) ? ('MALE' as const) : ('FEMALE' as const),
    homeDivisionCode: station.divisionCode.slice(0, 9),
    activeFrom,
    skills: [
      { skill: 'NURSING', expiresOn: addDays('2026-12-15', Math.floor(drawExpiry(index) * 900)) },
      ...(index % 3 === 0 ? [{ skill: 'BATHING', expiresOn: null }] : []),
    ],
    hours: workdays.map((weekday) => ({ weekday, fromMinute: 8 * 60, toMinute: 18 * 60 })),
  }));
  const ids = await insertCaregivers(manager, caregivers);
  return posts.map(({ name, station, clients: own }) => {
    return { caregiverId: ids.get(accounts.get(name) ?? 0) ?? 0, stationId: station.id, clients: own };
  });
}

const workdays = [1, 2, 3, 4, 5];

function postsOf(stations: readonly PlacedStation[], clients: readonly Client[]): Post[] {
  const byStation = new Map<number, number[]>();
  for (const { stationId, elderId } of clients) {
    byStation.set(stationId, [...(byStation.get(stationId) ?? []), elderId]);
  }
  // The visits of the demonstration's station are brought by people as whom one can sign in.
  const others = stations.filter(({ code }) => code !== demoStationCode);
  return others.flatMap((station) => {
    const own = byStation.get(station.id) ?? [];
    const count = Math.ceil(own.length / clientsPerCaregiver);
    return Array.from({ length: count }, (_, index): Post => {
      const name = `护理员 ${station.code}-${index + 1}`;
      return { name, station, clients: own.filter((_id, place) => place % count === index) };
    });
  });
}

async function accountsOf(manager: EntityManager, posts: readonly Post[]): Promise<Map<string, number>> {
  const find = async () => {
    const rows: { id: number; name: string }[] = await manager.query(
      `SELECT id, name FROM account WHERE name LIKE '护理员 NY-%' ORDER BY id`,
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  };
  const present = await find();
  const missing = posts.filter(({ name }) => !present.has(name));
  if (missing.length === 0) return present;
  const since = instantOn(activeFrom, 0).getTime();
  await insertRows(
    manager,
    'account',
    ['name', 'createdAt'],
    missing.map(({ name }) => [name, since]),
  );
  const accounts = await find();
  await insertRows(
    manager,
    'access_grant',
    ['accountId', 'role', 'facilityId', 'fromAt', 'showsIdentities'],
    missing.map(({ name, station }) => [accounts.get(name), 'CAREGIVER', station.id, since, false]),
  );
  return accounts;
}

/** A day off here and there, in the weeks around `today`; whoever has any absence has them already. */
export async function giveDaysOff(manager: EntityManager, crews: readonly Crew[], today: Day): Promise<void> {
  const rows: { caregiverId: number }[] = await manager.query('SELECT caregiverId FROM caregiver_absence');
  const present = new Set(rows.map(({ caregiverId }) => caregiverId));
  const off = crews
    .filter(({ caregiverId }) => !present.has(caregiverId) && drawDayOff(caregiverId) < 0.1)
    // A Saturday or Sunday nobody works, so a day off is looked for beyond the visits that are booked.
    .map(({ caregiverId }) => ({
      caregiverId,
      day: addDays(today, 21 + Math.floor(drawDayOff(caregiverId) * 200)),
    }));
  await insertRows(
    manager,
    'caregiver_absence',
    ['caregiverId', 'kind', 'startsAt', 'endsAt', 'recordedAt'],
    off.map(({ caregiverId, day }) => [
      caregiverId,
      'DAY_OFF',
      instantOn(day, 0).getTime(),
      instantOn(addDays(day, 1), 0).getTime(),
      instantOn(today, 0).getTime(),
    ]),
  );
}
