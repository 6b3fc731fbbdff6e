import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';

/** A bed with its room. */
export interface FoundBed {
  id: number;
  facilityId: number;
  roomId: number;
  building: string;
  floor: number;
  room: string;
  genderRule: RoomGender;
  label: string;
  type: BedType;
  registeredOn: Day;
  inServiceFrom: Day;
  /** The first day on which it is no longer registered. */
  closedOn: Day | null;
  /** The first day on which its facility is no longer open. */
  facilityClosedOn: Day | null;
}

/** Selects beds as `b`, with the room as `r` and the facility as `f`; conditions and order follow. */
export const selectBeds = `SELECT b.id, b.facilityId, b.roomId, r.building, r.floor, r.name AS room, r.genderRule,
            b.label, b.type, CAST(b.registeredOn AS CHAR) AS registeredOn,
            CAST(b.inServiceFrom AS CHAR) AS inServiceFrom, CAST(b.closedOn AS CHAR) AS closedOn,
            CAST(f.closedOn AS CHAR) AS facilityClosedOn
       FROM bed b JOIN room r ON r.id = b.roomId JOIN facility f ON f.id = b.facilityId`;

/** One statement, however many; one that there is not is missing. */
export async function bedsById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, FoundBed>> {
  if (ids.length === 0) return new Map();
  const rows: FoundBed[] = await manager.query(`${selectBeds} WHERE b.id IN (${placeholders(ids)})`, [
    ...ids,
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Keeps who has these beds from being changed by others until the transaction ends, in the order of their ids, and reads
 * them. The elder's row is locked before, so that no two wait for each other.
 *
 * One bed is read by the statement that locks it. Several are not: a statement sees rooms and facilities as they are when
 * it has its first lock, and while it waits for the second the facility of that bed may close.
 */
export async function lockBeds(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, FoundBed>> {
  if (ids.length < 2) return lockAndRead(manager, ids);
  await manager.query(
    `SELECT id FROM bed WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(manager)}`,
    [...ids],
  );
  return bedsById(manager, ids);
}

/** Rooms and facilities are subqueries because a join would lock their rows too, and let one bed wait for another. */
async function lockAndRead(manager: EntityManager, ids: readonly number[]): Promise<Map<number, FoundBed>> {
  if (ids.length === 0) return new Map();
  const ofRoom = (column: string) => `(SELECT r.${column} FROM room r WHERE r.id = b.roomId)`;
  const rows: FoundBed[] = await manager.query(
    `SELECT b.id, b.facilityId, b.roomId, ${ofRoom('building')} AS building, ${ofRoom('floor')} AS floor,
            ${ofRoom('name')} AS room, ${ofRoom('genderRule')} AS genderRule, b.label, b.type,
            CAST(b.registeredOn AS CHAR) AS registeredOn, CAST(b.inServiceFrom AS CHAR) AS inServiceFrom,
            CAST(b.closedOn AS CHAR) AS closedOn,
            (SELECT CAST(f.closedOn AS CHAR) FROM facility f WHERE f.id = b.facilityId) AS facilityClosedOn
       FROM bed b WHERE b.id IN (${placeholders(ids)}) ORDER BY b.id${forUpdate(manager)}`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Like lockBeds for one, when `scope` covers its facility; one that lies elsewhere is as unknown. */
export async function lockBedWithin(
  manager: EntityManager,
  id: number,
  scope: Scope,
  today: Day,
): Promise<FoundBed | undefined> {
  const bed = (await lockBeds(manager, [id])).get(id);
  const isCovered = await covers(manager, scope, bed?.facilityId ?? nowhere, today);
  return bed && isCovered ? bed : undefined;
}

/** How a bed is called where somebody has to find it. */
export function bedName({ building, room, label }: Pick<FoundBed, 'building' | 'room' | 'label'>): Text {
  return { zh: `${building} ${room} 室 ${label} 床`, en: `${building}, room ${room}, bed ${label}` };
}
