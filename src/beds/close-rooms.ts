import type { EntityManager } from 'typeorm';
import { coveredAmong, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import { dayFault } from './bed.rules.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { bedName } from './read-beds.js';

/** How many rooms are closed at once. */
export const roomsMax = 200;

export interface ClosedRooms {
  /** Of the first of them. */
  facilityId: number;
  rooms: number;
  beds: number;
}

/**
 * Closes rooms for good from a day on, with their beds, all or none: nobody may have, hold or be expected in one of
 * these beds from then on. A room that was closed before keeps its day.
 */
export async function closeRooms(
  manager: EntityManager,
  { roomIds, on, now }: { roomIds: readonly number[]; on: Day; now: Date },
  scope: Scope,
): Promise<ClosedRooms | BedRefusal> {
  const today = dayOf(now);
  const ids = [...new Set(roomIds)];
  if (ids.length === 0 || ids.length > roomsMax) {
    return refuseBed('ROOMS_INVALID', ['roomIds']);
  }
  const range = dayFault(on, { today, back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['on'], range);
  const list = placeholders(ids);
  const rooms: { id: number; facilityId: number }[] = await manager.query(
    `SELECT id, facilityId FROM room WHERE id IN (${list}) ORDER BY id${forUpdate(manager)}`,
    ids,
  );
  const facilityOf = new Map(rooms.map(({ id, facilityId }) => [id, facilityId]));
  const facilityIds = [...new Set(ids.map((id) => facilityOf.get(id) ?? nowhere))];
  const covered = await coveredAmong(manager, scope, facilityIds, today);
  const unknown = ids.findIndex((id) => !covered.has(facilityOf.get(id) ?? nowhere) || !facilityOf.has(id));
  if (unknown >= 0) {
    const text = { zh: '没有这个房间', en: 'There is no such room' };
    return refuseBed('BED_NOT_FREE', ['roomIds', String(unknown)], text);
  }
  const beds: unknown[] = await manager.query(
    `SELECT id FROM bed WHERE roomId IN (${list}) AND closedOn IS NULL ORDER BY id${forUpdate(manager)}`,
    ids,
  );
  const taken = await takenBed(manager, ids, on, now);
  if (taken) {
    const { zh, en } = bedName(taken);
    const text = { zh: `${zh}仍有人入住或保留`, en: `${en} is still somebody's, or held` };
    return refuseBed('BED_NOT_FREE', ['roomIds', String(ids.indexOf(taken.roomId))], text);
  }
  const end = 'CASE WHEN registeredOn > ? THEN registeredOn ELSE ? END';
  await manager.query(`UPDATE bed SET closedOn = ${end} WHERE closedOn IS NULL AND roomId IN (${list})`, [
    on,
    on,
    ...ids,
  ]);
  await manager.query(`UPDATE room SET closedOn = ${end} WHERE closedOn IS NULL AND id IN (${list})`, [
    on,
    on,
    ...ids,
  ]);
  announceBoards(manager, facilityIds);
  return { facilityId: facilityOf.get(ids[0] ?? nowhere) ?? nowhere, rooms: ids.length, beds: beds.length };
}

/** The first bed of the rooms that somebody has, or is to have, on that day or later. One statement. */
async function takenBed(manager: EntityManager, roomIds: readonly number[], on: Day, now: Date) {
  const [row]: { roomId: number; building: string; room: string; label: string }[] = await manager.query(
    `SELECT b.roomId, r.building, r.name AS room, b.label
       FROM bed b JOIN room r ON r.id = b.roomId
      WHERE b.roomId IN (${placeholders(roomIds)})
        AND (EXISTS (SELECT 1 FROM bed_stay s WHERE s.bedId = b.id AND s.cancelledAt IS NULL
                      AND (s.toDay IS NULL OR s.toDay > ?))
             OR EXISTS (SELECT 1 FROM bed_hold h WHERE h.bedId = b.id AND h.endedAt IS NULL AND h.expiresAt > ?))
      ORDER BY b.id LIMIT 1`,
    [...roomIds, on, now.getTime()],
  );
  return row;
}
