import type { EntityManager } from 'typeorm';
import { bedTypes } from '../../entities/beds/bed.entity.js';
import { addDays, instantOn } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { facilityIds, idOf } from '../reference/insert-reference.js';
import { nanyangHomes, type PlannedHome } from './homes.js';
import { inParts } from './parts.js';
import type { PlannedBed } from './rooms.js';

/** The homes as places of the network, and the terms of one county; whatever is there stays. In a write transaction. */
export async function insertHomes(manager: EntityManager): Promise<Map<string, number>> {
  const present = await facilityIds(manager);
  const missing = nanyangHomes().filter(({ code }) => !present.has(code));
  if (missing.length === 0) return present;
  await insertRows(
    manager,
    'facility',
    ['code', 'name', 'kind', 'divisionCode', 'openedOn'],
    missing.map(({ code, name, kind, divisionCode, openedOn }) => [code, name, kind, divisionCode, openedOn]),
  );
  const ids = await facilityIds(manager);
  await insertRows(
    manager,
    'facility_placement',
    ['facilityId', 'parentId', 'fromDay'],
    missing.map(({ code, parentCode, openedOn }) => [idOf(ids, code), idOf(ids, parentCode), openedOn]),
  );
  await insertCountyTerms(manager, idOf(ids, 'NY-411303'));
  return ids;
}

/** Shorter trials and longer leaves in one county: made up, so that terms of a place can be seen beside the usual ones. */
async function insertCountyTerms(manager: EntityManager, countyId: number): Promise<void> {
  const rows: unknown[] = await manager.query('SELECT bedType FROM admission_rule WHERE facilityKey = ?', [
    countyId,
  ]);
  if (rows.length > 0) return;
  const columns = [
    ...['facilityKey', 'bedType', 'fromDay', 'facilityId', 'needsAssessment', 'levelMin', 'levelMax'],
    ...['contractBy', 'trialDays', 'holdDaysMax', 'homeLeaveDaysMax', 'hospitalLeaveDaysMax'],
    ...['homeLeavePercent', 'hospitalLeavePercent', 'entryDaysBackMax'],
  ];
  await insertRows(manager, 'admission_rule', columns, [
    [countyId, 'GENERAL', '2015-01-01', countyId, true, 0, 2, 'TRIAL_END', 15, 14, 90, 60, 40, 50, 62],
    [countyId, 'NURSING', '2015-01-01', countyId, true, 1, 4, 'TRIAL_END', 15, 14, 90, 60, 40, 50, 62],
  ]);
}

/** Who runs each of these homes; their accounts are recognised by their names, and nobody signs in as one of them. */
export async function directorsOf(
  manager: EntityManager,
  homes: readonly PlannedHome[],
  ids: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const nameOf = ({ code }: PlannedHome) => `院长 ${code}`;
  const find = async () => {
    const rows: { id: number; name: string }[] = await manager.query(
      `SELECT id, name FROM account WHERE name LIKE '院长 NY-%'`,
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  };
  const present = await find();
  const missing = homes.filter((home) => !present.has(nameOf(home)));
  if (missing.length === 0) return present;
  await insertRows(
    manager,
    'account',
    ['name', 'createdAt'],
    missing.map((home) => [nameOf(home), instantOn(home.openedOn, 0).getTime()]),
  );
  const accounts = await find();
  await insertRows(
    manager,
    'access_grant',
    ['accountId', 'role', 'facilityId', 'fromAt', 'showsIdentities'],
    missing.map((home) => {
      const since = instantOn(home.openedOn, 0).getTime();
      return [accounts.get(nameOf(home)), 'MANAGER', idOf(ids, home.code), since, false];
    }),
  );
  return accounts;
}

/** Rooms and beds of a home that has none. Answers the beds' ids in the order in which they are given. */
export async function insertBeds(
  manager: EntityManager,
  facilityId: number,
  beds: readonly PlannedBed[],
): Promise<number[]> {
  const keyOf = ({ building, room }: { building: string; room: string }) => `${building}\n${room}`;
  const rooms = [...new Map(beds.map((bed) => [keyOf(bed), bed])).values()];
  await inParts(rooms, (part) =>
    insertRows(
      manager,
      'room',
      ['facilityId', 'building', 'floor', 'name', 'genderRule', 'registeredOn'],
      part.map(({ building, floor, room, gender, registeredOn }) => [
        ...[facilityId, building, floor, room, gender, registeredOn],
      ]),
    ),
  );
  const found: { id: number; building: string; room: string }[] = await manager.query(
    'SELECT id, building, name AS room FROM room WHERE facilityId = ?',
    [facilityId],
  );
  const roomIds = new Map(found.map((room) => [keyOf(room), room.id]));
  await inParts(beds, (part) =>
    insertRows(
      manager,
      'bed',
      ['roomId', 'facilityId', 'label', 'type', 'registeredOn', 'inServiceFrom'],
      part.map((bed) => [
        ...[roomIds.get(keyOf(bed)), facilityId, bed.label, bed.type, bed.registeredOn, bed.inServiceFrom],
      ]),
    ),
  );
  const bedRows: { id: number; roomId: number; label: string }[] = await manager.query(
    'SELECT id, roomId, label FROM bed WHERE facilityId = ?',
    [facilityId],
  );
  const bedIds = new Map(bedRows.map(({ id, roomId, label }) => [`${roomId}\n${label}`, id]));
  return beds.map((bed) => bedIds.get(`${roomIds.get(keyOf(bed))}\n${bed.label}`) as number);
}

/** What a day cost when the home opened, in fen; a home is up to a half dearer, and all raised it once. */
const usualFen = { NURSING: 11_000, GENERAL: 6_000, DAY_CARE: 3_500, HOME: 1_200 } as const;
const raisedOn = '2025-07-01';
const singleRoomFen = 3_000;

/** Fees of each type from the opening on, and of single rooms of their own. */
export async function insertFees(
  manager: EntityManager,
  { home, facilityId, byId }: { home: PlannedHome; facilityId: number; byId: number },
  beds: readonly (PlannedBed & { id: number })[],
): Promise<void> {
  const factor = 1 + (home.number % 6) / 10;
  const setAt = (day: string) => instantOn(addDays(day, -30), 9 * 60).getTime();
  const fee = (type: (typeof bedTypes)[number], raise: number) =>
    Math.round((usualFen[type] * factor * raise) / 100) * 100;
  const types = bedTypes.filter((type) => home.beds[type] > 0);
  await insertRows(
    manager,
    'bed_fee',
    ['facilityId', 'bedType', 'fromDay', 'fenPerDay', 'setAt', 'setById'],
    types.flatMap((type) => [
      [facilityId, type, home.openedOn, fee(type, 1), setAt(home.openedOn), byId],
      [facilityId, type, raisedOn, fee(type, 1.08), setAt(raisedOn), byId],
    ]),
  );
  const singles = beds.filter(({ isSingle }) => isSingle);
  await inParts(singles, (part) =>
    insertRows(
      manager,
      'bed_own_fee',
      ['bedId', 'fromDay', 'fenPerDay', 'setAt', 'setById'],
      part.map(({ id, type }) => [id, raisedOn, fee(type, 1.08) + singleRoomFen, setAt(raisedOn), byId]),
    ),
  );
}
