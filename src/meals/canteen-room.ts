import type { EntityManager } from 'typeorm';
import type { Text } from '../shared/text.js';

/** How many a canteen has room for, and where it is: what signs of fraud are told by. */
export interface CanteenRoom {
  /** 1 to 5000; null where nobody counted. */
  seats: number | null;
  /** How many times they are filled during a meal, 1 to 20; null means once. */
  seatings: number | null;
  /** Degrees of WGS 84; null with the longitude where nobody measured. */
  latitude: number | null;
  longitude: number | null;
}

const seatsMax = 5000;
const seatingsMax = 20;
const microdegrees = 1_000_000;

interface RoomFault {
  code: 'SEATS_INVALID' | 'POSITION_INVALID';
  field: keyof CanteenRoom;
  text: Text;
}

/** What is wrong with it; undefined when all is well. */
export function roomFault({
  seats,
  seatings,
  latitude,
  longitude,
}: Partial<CanteenRoom>): RoomFault | undefined {
  if (!isWithin(seats, 1, seatsMax)) {
    const text = { zh: `须在 1 至 ${seatsMax} 之间`, en: `must be 1 to ${seatsMax}` };
    return { code: 'SEATS_INVALID', field: 'seats', text };
  }
  if (!isWithin(seatings, 1, seatingsMax)) {
    const text = { zh: `须在 1 至 ${seatingsMax} 之间`, en: `must be 1 to ${seatingsMax}` };
    return { code: 'SEATS_INVALID', field: 'seatings', text };
  }
  const text = {
    zh: '经纬度须同时给出，且在有效范围内',
    en: 'latitude and longitude go together, within 90 and 180 degrees',
  };
  if (!isWithin(latitude, -90, 90)) return { code: 'POSITION_INVALID', field: 'latitude', text };
  const isPair =
    (latitude === undefined) === (longitude === undefined) && (latitude === null) === (longitude === null);
  return isPair && isWithin(longitude, -180, 180)
    ? undefined
    : { code: 'POSITION_INVALID', field: 'longitude', text };
}

function isWithin(value: number | null | undefined, min: number, max: number): boolean {
  return value === null || value === undefined || (value >= min && value <= max);
}

/** Writes what is said of it, and leaves the rest as it was. */
export async function storeRoom(
  manager: EntityManager,
  canteenId: number,
  { seats, seatings, latitude, longitude }: Partial<CanteenRoom>,
): Promise<void> {
  const columns: [name: string, value: number | null | undefined][] = [
    ['seats', seats],
    ['seatings', seatings],
    ['latitudeMicrodegrees', inMicrodegrees(latitude)],
    ['longitudeMicrodegrees', inMicrodegrees(longitude)],
  ];
  const said = columns.filter(([, value]) => value !== undefined);
  if (said.length === 0) return;
  await manager.query(
    `UPDATE canteen SET ${said.map(([name]) => `${name} = ?`).join(', ')} WHERE facilityId = ?`,
    [...said.map(([, value]) => value), canteenId],
  );
}

/** The room of a canteen; nothing is known of one that was never configured. */
export async function readRoom(manager: EntityManager, canteenId: number): Promise<CanteenRoom> {
  const rows: (Pick<CanteenRoom, 'seats' | 'seatings'> & {
    latitude: number | null;
    longitude: number | null;
  })[] = await manager.query(
    `SELECT seats, seatings, latitudeMicrodegrees AS latitude, longitudeMicrodegrees AS longitude
         FROM canteen WHERE facilityId = ?`,
    [canteenId],
  );
  const { seats = null, seatings = null, latitude = null, longitude = null } = rows[0] ?? {};
  return { seats, seatings, latitude: inDegrees(latitude), longitude: inDegrees(longitude) };
}

function inMicrodegrees(degrees: number | null | undefined): number | null | undefined {
  return typeof degrees === 'number' ? Math.round(degrees * microdegrees) : degrees;
}

function inDegrees(value: number | null): number | null {
  return value === null ? null : value / microdegrees;
}
