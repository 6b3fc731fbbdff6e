import { randomUUID } from 'node:crypto';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { Elder, Facility, FacilityPlacement } from '../../entities/index.js';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { registerBeds } from '../../src/beds/add-rooms.js';
import { admit } from '../../src/beds/admit.js';
import { holdBed } from '../../src/beds/hold-bed.js';
import type { BedReach } from '../../src/beds/lock-elder.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import type { Day } from '../../src/shared/china-time.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { noon, type Town, today } from './town.js';

/** Whoever may do everything. */
export const allBeds: BedReach = { beds: 'everywhere', elders: 'everywhere' };

let homes = 0;

/** A nursing home beneath a place, without beds. */
export async function addHome(
  { database, countyId }: Pick<Town, 'database' | 'countyId'>,
  parentId = countyId,
  kind: FacilityKind = 'NURSING_HOME',
): Promise<number> {
  homes += 1;
  const code = `HOME-${homes}-${parentId}`;
  const divisionCode = kind === 'COUNTY_CENTER' ? '411303' : '411302';
  const opened = { code, name: code, kind, divisionCode };
  return database.write(async (manager) => {
    const { id } = await manager.save(
      manager.create(Facility, { ...opened, openedOn: '2020-01-01', closedOn: null }),
    );
    const placed = { facilityId: id, parentId, fromDay: '2020-01-01', toDay: null };
    await manager.insert(FacilityPlacement, placed);
    return id;
  });
}

export interface BedWish {
  room?: string;
  gender?: RoomGender;
  label?: string;
  type?: BedType;
  registeredOn?: Day;
  inServiceFrom?: Day;
}

/** Registers beds at a home, each in a room of its own unless the room is named, and answers their ids in order. */
export async function addBeds(
  { database }: Pick<Town, 'database'>,
  facilityId: number,
  wishes: readonly BedWish[],
): Promise<number[]> {
  const rows = wishes.map((wish, index) => ({
    row: index + 2,
    building: '一号楼',
    floor: 1,
    room: wish.room ?? `R${index}-${randomUUID().slice(0, 8)}`,
    gender: wish.gender ?? ('ANY' as const),
    label: wish.label ?? 'A',
    type: wish.type ?? ('GENERAL' as const),
    registeredOn: wish.registeredOn ?? '2020-01-01',
    inServiceFrom: wish.inServiceFrom ?? wish.registeredOn ?? '2020-01-01',
  }));
  return database.write(async (manager) => {
    const wanted = { facilityId, rows, faults: [], now: noon, isTrial: false };
    const result = await registerBeds(manager, wanted, 'everywhere');
    if (!result?.isWritten) throw new Error(JSON.stringify(result));
    const found: { id: number }[] = await manager.query(
      'SELECT id FROM bed WHERE facilityId = ? ORDER BY id DESC LIMIT ?',
      [facilityId, rows.length],
    );
    return found.map(({ id }) => id).reverse();
  });
}

let residents = 0;

/** An elder of 76 with an assessment, whose file the station of the town keeps. */
export async function addResident(
  town: Pick<Town, 'database' | 'stationId'>,
  {
    gender = 'FEMALE',
    level = 1,
    expiresOn = '2027-01-01',
    homeStationId = town.stationId,
  }: {
    gender?: 'FEMALE' | 'MALE';
    level?: number | null;
    expiresOn?: Day | null;
    homeStationId?: number | null;
  } = {},
): Promise<number> {
  residents += 1;
  const place = 410_000 + Math.floor(residents / 400);
  const sequence = String((residents % 400) * 2 + (gender === 'MALE' ? 1 : 2)).padStart(3, '0');
  const first17 = `${place}19500101${sequence}`;
  const idNumber = first17 + checkCharacter(first17);
  return town.database.write(async (manager) => {
    const sealed = sealIdentity(cipherOf(manager), { idNumber, phone: null, address: null });
    const elder = manager.create(Elder, {
      name: '李秀英',
      ...sealed,
      birthDate: '1950-01-01',
      abilityLevel: level,
      abilityExpiresOn: level === null ? null : expiresOn,
      homeStationId,
      status: 'ACTIVE',
      registeredOn: '2020-01-01',
      endedOn: null,
    });
    return (await manager.save(elder)).id;
  });
}

export interface Wish {
  bedId: number;
  elderId: number;
  from?: Day;
  now?: Date;
  requestId?: string;
}

/** Lets an elder into a bed; anything but a stay is a mistake of the test. */
export async function admitted(town: Town, wish: Wish): Promise<Stay> {
  const result = await tryAdmit(town, wish);
  if ('refused' in result) throw new Error(`${result.refused} ${result.message.en}`);
  return result;
}

export async function tryAdmit(
  { database, ids, managerId }: Town,
  { bedId, elderId, from = today, now = noon, requestId = randomUUID() }: Wish,
) {
  const id = await ids.take(1);
  const acting = { byId: managerId, now };
  return database.write((manager) =>
    admit(
      manager,
      { id, requestId, bedId, elderId, from, holdId: null, contractSignedOn: null, ...acting },
      allBeds,
    ),
  );
}

export async function tryHold(
  { database, ids, managerId }: Town,
  {
    bedId,
    elderId,
    from = today,
    now = noon,
    requestId = randomUUID(),
    expiresAt = new Date(now.getTime() + 86_400_000),
  }: Wish & { expiresAt?: Date },
) {
  const id = await ids.take(1);
  const wanted = { id, requestId, bedId, elderId, from, expiresAt, byId: managerId, now };
  return database.write((manager) => holdBed(manager, wanted, allBeds));
}

/** The code of a refusal, or what came. */
export function outcomeOf(result: object): string {
  return 'refused' in result ? String(result.refused) : 'done';
}
