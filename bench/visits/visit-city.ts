import { randomUUID } from 'node:crypto';
import { insertHomeServices, serviceIds } from '../../seeds/reference/home-services/insert-home-services.js';
import { openAccounts } from '../../src/access/open-account.js';
import { keepDoor } from '../../src/elders/elder-door.js';
import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import { addDays, type Day, instantOn } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows } from '../../src/shared/statements.js';
import { rowWriter } from '../past/row-writer.js';

export const caregiversEach = 60;
export const families = 64;
const visitsADay = 5;

/** A station with caregivers and families, who have booked nothing yet. */
export interface VisitCity {
  stationId: number;
  serviceId: number;
  caregiverIds: readonly number[];
  elderIds: readonly number[];
  /** The token of each elder's relative. */
  tokens: readonly string[];
}

const millionths = 1_000_000;

/** Sixty caregivers of one station, who work every day from 7 to 21, and 64 elders around it with a relative each. */
export async function buildVisitCity(database: Database): Promise<VisitCity> {
  return database.write(async (manager) => {
    const [row]: { id: number }[] = [await placeStation()];
    const stationId = row?.id as number;
    await insertHomeServices(manager);
    const services = await serviceIds(manager);
    const people = Array.from({ length: caregiversEach }, (_, index) => ({
      name: `护理员${index}`,
      role: 'CAREGIVER' as const,
      facilityId: stationId,
      now: new Date(0),
    }));
    const accounts = await openAccounts(manager, people);
    await insertRows(
      manager,
      'caregiver',
      ['accountId', 'stationId', 'gender', 'activeFrom'],
      accounts.map(({ accountId }, index) => [
        accountId,
        stationId,
        index % 2 ? 'MALE' : 'FEMALE',
        '2020-01-01',
      ]),
    );
    const caregivers: { id: number }[] = await manager.query('SELECT id FROM caregiver ORDER BY id');
    await insertRows(
      manager,
      'caregiver_shift',
      ['caregiverId', 'weekday', 'fromMinute', 'toMinute', 'fromDay'],
      caregivers.flatMap(({ id }) =>
        [1, 2, 3, 4, 5, 6, 7].map((weekday) => [id, weekday, 420, 1260, '2020-01-01']),
      ),
    );
    const elderIds: number[] = [];
    for (let index = 0; index < families; index++) elderIds.push(await newElder(stationId, index));
    const relatives = await openAccounts(
      manager,
      elderIds.map((elderId) => ({
        name: '家属',
        role: 'FAMILY' as const,
        facilityId: null,
        elderId,
        now: new Date(0),
      })),
    );
    await manager.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE role = 'FAMILY'");
    return {
      stationId,
      serviceId: services.get('COMPANY') as number,
      caregiverIds: caregivers.map(({ id }) => id),
      elderIds,
      tokens: relatives.map(({ token }) => token),
    };

    async function placeStation(): Promise<{ id: number }> {
      const columns = ['code', 'name', 'kind', 'divisionCode', 'openedOn'];
      const place = ['BENCH', 'BENCH', 'HOME_CARE_STATION', '411302001001', '2020-01-01'];
      await insertRows(manager, 'facility', columns, [place]);
      const rows: { id: number }[] = await manager.query("SELECT id FROM facility WHERE code = 'BENCH'");
      const station = rows[0] as { id: number };
      await insertRows(
        manager,
        'home_station',
        ['facilityId', 'latitudeMicro', 'longitudeMicro', 'travelMode'],
        [[station.id, 33 * millionths, 112 * millionths, 'CYCLE']],
      );
      // As far ahead as may be: a fast server books months in a measurement.
      const terms = ['leadMinutes', 'horizonDays', 'rasterMinutes', 'noticeMinutes'];
      await insertRows(
        manager,
        'visit_terms',
        ['facilityId', 'fromDay', ...terms],
        [[station.id, '2020-01-01', 60, 366, 30, 1440]],
      );
      return station;
    }

    async function newElder(homeStationId: number, index: number): Promise<number> {
      const first17 = `41130219450101${String(index).padStart(3, '0')}`;
      const identity = { idNumber: first17 + checkCharacter(first17), phone: null, address: null };
      const { idNumberSealed, idNumberHash } = sealIdentity(cipherOf(manager), identity);
      const columns = [
        'name',
        'idNumberSealed',
        'idNumberHash',
        'birthDate',
        'homeStationId',
        'status',
        'registeredOn',
      ];
      await insertRows(manager, 'elder', columns, [
        ['李秀兰', idNumberSealed, idNumberHash, '1945-01-01', homeStationId, 'ACTIVE', '2020-01-01'],
      ]);
      const [elder]: { id: number }[] = await manager.query('SELECT id FROM elder WHERE idNumberHash = ?', [
        idNumberHash,
      ]);
      const position = {
        latitudeMicro: 33 * millionths + (index % 8) * 1500,
        longitudeMicro: 112 * millionths + Math.floor(index / 8) * 1500,
      };
      const id = elder?.id as number;
      await keepDoor(
        manager,
        id,
        { position, note: null },
        { byId: accounts[0]?.accountId as number, now: new Date(0) },
      );
      return id;
    }
  });
}

/**
 * Visits of every caregiver over [from, to), five a day to strangers in the mornings, as a station has them: past ones
 * brought, those to come planned. The families of the measurement are none of these elders.
 */
export async function fillVisits(
  databaseUrl: string,
  database: Database,
  city: VisitCity,
  { from, to, today, firstId }: { from: Day; to: Day; today: Day; firstId: number },
): Promise<number> {
  const strangers = await addStrangers(database, city);
  const writer = await rowWriter(databaseUrl);
  let id = firstId;
  for (let day = from; day < to; day = addDays(day, 1)) {
    const status = day < today ? 'COMPLETED' : 'ASSIGNED';
    const visits: unknown[][] = [];
    const parts: unknown[][] = [];
    const bookings: unknown[][] = [];
    for (const [index, caregiverId] of city.caregiverIds.entries()) {
      for (let turn = 0; turn < visitsADay; turn++) {
        const startMs = instantOn(day, 480 + turn * 90).getTime();
        const endMs = startMs + 3_600_000;
        const elderId = strangers[(index * visitsADay + turn) % strangers.length];
        const who = [elderId, city.serviceId, city.stationId];
        visits.push([id, randomUUID(), 0, ...who, startMs, endMs, status, 0, 2500, startMs - 86_400_000, 1]);
        parts.push([id, caregiverId, startMs, endMs]);
        bookings.push([id, startMs, 0, 0]);
        id += 1;
      }
    }
    const when = ['startsAt', 'endsAt', 'status', 'subsidyFen', 'selfPaidFen', 'bookedAt', 'version'];
    await writer.write([
      {
        table: 'visit',
        columns: ['id', 'requestId', 'occurrence', 'elderId', 'serviceId', 'stationId', ...when],
        rows: visits,
      },
      { table: 'visit_caregiver', columns: ['visitId', 'caregiverId', 'startsAt', 'endsAt'], rows: parts },
      {
        table: 'visit_booking',
        columns: ['visitId', 'promisedAt', 'flexMinutes', 'hoursMinutes'],
        rows: bookings,
      },
    ]);
  }
  await writer.close();
  return id - firstId;
}

/** As many as a station's caregivers visit in a day, so that nobody is visited twice at once. */
async function addStrangers(database: Database, { stationId }: VisitCity): Promise<number[]> {
  return database.write(async (manager) => {
    const find = async (): Promise<{ id: number }[]> =>
      manager.query("SELECT id FROM elder WHERE name = '邻居' ORDER BY id");
    if ((await find()).length === 0) {
      await insertRows(
        manager,
        'elder',
        ['name', 'birthDate', 'homeStationId', 'status', 'registeredOn'],
        Array.from({ length: caregiversEach * visitsADay }, () => [
          ...['邻居', '1944-01-01', stationId, 'ACTIVE', '2020-01-01'],
        ]),
      );
    }
    return (await find()).map(({ id }) => id);
  });
}
