import { Facility, FacilityPlacement } from '../../entities/index.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { insertRows } from '../../src/shared/statements.js';
import { buildTown, noon, type Town, today } from '../../test/support/town.js';

export interface BedSize {
  homes: number;
  beds: number;
  stays: number;
}

export interface FilledBeds {
  town: Town;
  homeIds: number[];
  bedIds: number[];
  elderIds: number[];
}

/** Of a hundred beds so many have somebody in them. */
const takenOfHundred = 45;

/** A city of homes with beds and elders, and nobody in them yet. */
export async function fillBeds(database: Database, { homes, beds }: BedSize): Promise<FilledBeds> {
  const town = await buildTown(database);
  const homeIds: number[] = [];
  await database.write(async (manager) => {
    for (let index = 0; index < homes; index += 1) {
      const code = `BENCH-HOME-${index}`;
      const opened = { code, name: code, kind: 'NURSING_HOME' as const, divisionCode: '411302' };
      const { id } = await manager.save(
        manager.create(Facility, { ...opened, openedOn: '2010-01-01', closedOn: null }),
      );
      const placed = { facilityId: id, parentId: town.countyId, fromDay: '2010-01-01', toDay: null };
      await manager.insert(FacilityPlacement, placed);
      homeIds.push(id);
    }
  });
  await inParts(beds, (from, to) =>
    database.write(async (manager) => {
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      const home = (index: number) => homeIds[index % homes] ?? 0;
      const room = ['facilityId', 'building', 'floor', 'name', 'genderRule', 'registeredOn'];
      await insertRows(
        manager,
        'room',
        room,
        numbers.map((index) => [home(index), 'A', 1, `R${index}`, 'ANY', '2010-01-01']),
      );
      const rooms: { id: number; name: string }[] = await manager.query(
        'SELECT id, name FROM room ORDER BY id DESC LIMIT ?',
        [numbers.length],
      );
      const roomOf = new Map(rooms.map(({ id, name }) => [name, id]));
      const bed = ['roomId', 'facilityId', 'label', 'type', 'registeredOn', 'inServiceFrom'];
      const rows = numbers.map((index) => {
        const type = index % 100 < 72 ? 'NURSING' : 'GENERAL';
        return [roomOf.get(`R${index}`), home(index), '1', type, '2010-01-01', '2010-01-01'];
      });
      await insertRows(manager, 'bed', bed, rows);
      const elder = [
        'name',
        'birthDate',
        'abilityLevel',
        'abilityExpiresOn',
        'homeStationId',
        'status',
        'registeredOn',
      ];
      await insertRows(
        manager,
        'elder',
        elder,
        numbers.map(() => ['李秀英', '1945-01-01', 2, '2099-01-01', town.stationId, 'ACTIVE', '2000-01-01']),
      );
    }),
  );
  const idsOf = async (table: string) =>
    (await database.read((manager) => manager.query(`SELECT id FROM ${table} ORDER BY id`))).map(
      ({ id }: { id: number }) => id,
    );
  return { town, homeIds, bedIds: await idsOf('bed'), elderIds: await idsOf('elder') };
}

/** Brings the stays up to so many: those that go on first, then the past, back and back. */
export async function fillStays(
  database: Database,
  { town, homeIds, bedIds, elderIds }: FilledBeds,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const columns = [
    ...['id', 'bedId', 'facilityId', 'elderId', 'fromDay', 'toDay', 'openBedId', 'openElderId'],
    ...['admittedOn', 'trialEndsOn', 'endReason', 'enteredAt', 'enteredById'],
  ];
  const taken = Math.floor((bedIds.length * takenOfHundred) / 100);
  await inParts(to, async (first, last) => {
    if (last <= from) return;
    const rows = Array.from({ length: last - Math.max(first, from) }, (_, index) => {
      const number = Math.max(first, from) + index;
      const isOpen = number < taken;
      const place = isOpen ? number : (number - taken) % bedIds.length;
      const round = isOpen ? 0 : Math.floor((number - taken) / bedIds.length);
      const end = addDays(today, -(140 + round * 120));
      const start: Day = isOpen ? addDays(today, -(number % 130)) : addDays(end, -110);
      const bedId = bedIds[place] ?? 0;
      const elderId = elderIds[place] ?? 0;
      const facilityId = homeIds[place % homeIds.length] ?? 0;
      const open = isOpen ? [null, bedId, elderId] : [end, null, null];
      return [
        ...[1_000_000 + number, bedId, facilityId, elderId, start, ...open, start, start],
        ...[isOpen ? null : 'HOME', noon.getTime(), town.managerId],
      ];
    });
    await database.write((manager) => insertRows(manager, 'bed_stay', columns, rows));
  });
  await database.read((manager) => manager.query('ANALYZE TABLE bed_stay, bed, facility_placement'));
}

async function inParts(count: number, work: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += 2000) await work(from, Math.min(count, from + 2000));
}
