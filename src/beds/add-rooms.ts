import type { EntityManager } from 'typeorm';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { announceBoards } from './bed-news.js';
import { type BedRow, byRow, contradictions, keyOfRoom, nameKey, type RowFault } from './bed-rows.rules.js';

/** What a list of beds brings, and what is wrong with it: with a single fault nothing is written. */
export interface RegisteredBeds {
  facilityId: number;
  rows: number;
  roomsAdded: number;
  bedsAdded: number;
  isWritten: boolean;
  faults: readonly RowFault[];
}

export interface BedsWanted {
  facilityId: number;
  rows: readonly BedRow[];
  /** Of reading the list. */
  faults: readonly RowFault[];
  now: Date;
  /** Only says what would be. */
  isTrial: boolean;
}

interface RoomRow {
  id: number;
  building: string;
  floor: number;
  name: string;
  genderRule: RoomGender;
  closedOn: Day | null;
}

/**
 * Registers beds with their rooms at a facility, all of them or none; a room that is there already is added to. Undefined
 * when there is no such open facility within reach. Its row is locked, so that two lists come one after the other.
 */
export async function registerBeds(
  manager: EntityManager,
  { facilityId, rows, faults: earlier, now, isTrial }: BedsWanted,
  scope: Scope,
): Promise<RegisteredBeds | undefined> {
  const today = dayOf(now);
  const lock = isTrial ? '' : forUpdate(manager);
  const [facility]: { closedOn: Day | null }[] = await manager.query(
    `SELECT CAST(closedOn AS CHAR) AS closedOn FROM facility WHERE id = ?${lock}`,
    [facilityId],
  );
  const isCovered = await covers(manager, scope, facilityId, today);
  if (!facility || !isCovered || (facility.closedOn !== null && facility.closedOn <= today)) return undefined;
  const rooms: RoomRow[] = await manager.query(
    `SELECT id, building, floor, name, genderRule, CAST(closedOn AS CHAR) AS closedOn
       FROM room WHERE facilityId = ?`,
    [facilityId],
  );
  const beds: { roomId: number; label: string }[] = await manager.query(
    'SELECT roomId, label FROM bed WHERE facilityId = ?',
    [facilityId],
  );
  const known = new Map(rooms.map((room) => [keyOfRoom({ building: room.building, room: room.name }), room]));
  const labels = new Set(beds.map(({ roomId, label }) => `${roomId}\n${nameKey(label)}`));
  const faults = [...earlier, ...rows.flatMap((row) => againstKnown(row, known, labels))].sort(byRow);
  const newRooms = [...new Map(rows.map((row) => [keyOfRoom(row), row]))].filter(([key]) => !known.has(key));
  const roomsAdded = newRooms.length;
  const told = { facilityId, rows: rows.length, roomsAdded, bedsAdded: rows.length, faults };
  if (isTrial || faults.length > 0) return { ...told, isWritten: false };
  await writeBeds(
    manager,
    facilityId,
    rows,
    newRooms.map(([, row]) => row),
  );
  announceBoards(manager, [facilityId]);
  return { ...told, isWritten: true };
}

/** Rows that were not read from a file: what a list of rooms says twice, or against itself. */
export function faultsAmong(rows: readonly BedRow[]): RowFault[] {
  return contradictions(rows);
}

function againstKnown(
  row: BedRow,
  known: ReadonlyMap<string, RoomRow>,
  labels: ReadonlySet<string>,
): RowFault[] {
  const room = known.get(keyOfRoom(row));
  if (!room) return [];
  if (room.closedOn !== null) {
    const text = {
      zh: `该房间已于 ${room.closedOn} 撤销`,
      en: `The room is closed from ${room.closedOn} on`,
    };
    return [{ row: row.row, column: 'room', code: 'ROOM_CLOSED', text }];
  }
  const faults: RowFault[] = [];
  for (const [column, value] of [
    ['floor', room.floor],
    ['gender', room.genderRule],
  ] as const) {
    if (row[column] === value) continue;
    const text = { zh: `该房间已登记为 ${value}`, en: `The room is registered with ${value}` };
    faults.push({ row: row.row, column, code: 'ROOM_CONTRADICTS', text });
  }
  if (labels.has(`${room.id}\n${nameKey(row.label)}`)) {
    const text = { zh: '该床位已登记', en: 'The bed is registered already' };
    faults.push({ row: row.row, column: 'label', code: 'BED_EXISTS', text });
  }
  return faults;
}

async function writeBeds(
  manager: EntityManager,
  facilityId: number,
  rows: readonly BedRow[],
  newRooms: readonly BedRow[],
): Promise<void> {
  const registeredOn = new Map<string, Day>();
  for (const row of rows) {
    const earliest = registeredOn.get(keyOfRoom(row)) ?? row.registeredOn;
    registeredOn.set(keyOfRoom(row), earliest < row.registeredOn ? earliest : row.registeredOn);
  }
  if (newRooms.length > 0) {
    await insertRows(
      manager,
      'room',
      ['facilityId', 'building', 'floor', 'name', 'genderRule', 'registeredOn'],
      newRooms.map((row) => {
        const from = registeredOn.get(keyOfRoom(row));
        return [facilityId, row.building, row.floor, row.room, row.gender, from];
      }),
    );
  }
  const rooms: { id: number; building: string; name: string }[] = await manager.query(
    'SELECT id, building, name FROM room WHERE facilityId = ?',
    [facilityId],
  );
  const idOf = new Map(rooms.map(({ id, building, name }) => [keyOfRoom({ building, room: name }), id]));
  await insertRows(
    manager,
    'bed',
    ['roomId', 'facilityId', 'label', 'type', 'registeredOn', 'inServiceFrom'],
    rows.map((row) => [
      idOf.get(keyOfRoom(row)),
      facilityId,
      row.label,
      row.type,
      row.registeredOn,
      row.inServiceFrom,
    ]),
  );
}
