import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows } from '../../src/shared/statements.js';
import { noteName } from '../../src/visits/sealed-care.js';
import { addElder, addHomeServices, addWorker, placeStation } from './bookings.js';
import { growing } from './growing-tables.js';
import { engine, openTestDatabase, type TestDatabase } from './test-database.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** A station's hundred days of forty visits: enough that a database does not rather read a whole table. */
const days = 100;
const perDay = 40;
/** One station with its years of visits for all tests of a file; the bindings are set by startLongKeptStation. */
export let open: TestDatabase;
export let town: TwoCounties;
export let elderIds: number[];

export async function startLongKeptStation(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  const caregivers = [await addWorker(town), await addWorker(town)];
  elderIds = [];
  for (let index = 0; index < perDay; index += 1) elderIds.push(await addElder(town));
  await fill(caregivers);
  if (engine !== 'mysql') return;
  await open.database.write(async (m) => {
    for (const table of growing) await m.query(`ANALYZE TABLE ${table}`);
  });
}

/** Visits that were brought and paid before today, two a day in time to come; every tenth with an alert that is closed. */
async function fill(caregivers: readonly number[]): Promise<void> {
  const start = noon.getTime() - (days - 5) * 86_400_000;
  await open.database.write(async (m) => {
    const [{ id: serviceId }] = await m.query("SELECT id FROM home_service WHERE code = 'CLEANING'");
    const rows: { startsAt: number; elderId: number; caregiverId: number; isPast: boolean }[] = [];
    for (let index = 0; index < days * perDay; index += 1) {
      const startsAt = start + Math.floor(index / perDay) * 86_400_000 + (index % 2) * 3_600_000;
      rows.push({
        startsAt,
        elderId: elderIds[index % perDay] as number,
        caregiverId: caregivers[index % 2] as number,
        isPast: startsAt < noon.getTime() - 86_400_000,
      });
    }
    const text = cipherOf(m).encrypt(noteName, '好');
    const columns = [
      'id',
      'requestId',
      'occurrence',
      'elderId',
      'serviceId',
      'stationId',
      'startsAt',
      'endsAt',
      'status',
      'subsidyFen',
      'selfPaidFen',
      'bookedAt',
      'version',
    ];
    const id = (index: number) => 10_000 + index;
    const inserts: [string, string[], unknown[][]][] = [
      [
        'visit',
        columns,
        rows.map(({ startsAt, elderId, isPast }, index) => [
          ...[id(index), `r-${index}`, 0, elderId, serviceId, town.stationId, startsAt, startsAt + 1_800_000],
          ...[isPast ? 'COMPLETED' : 'ASSIGNED', 0, 5000, 0, 1],
        ]),
      ],
      [
        'visit_caregiver',
        ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
        rows.map(({ startsAt, caregiverId }, index) => [
          id(index),
          caregiverId,
          startsAt,
          startsAt + 1_800_000,
        ]),
      ],
      [
        'hours_posting',
        ['id', 'kind', 'visitId', 'step', 'elderId', 'stationId', 'openStationId', 'bookedOn', 'postedAt'],
        rows.flatMap(({ startsAt, elderId, isPast }, index) =>
          isPast
            ? [
                [
                  id(index),
                  'USE',
                  id(index),
                  2,
                  elderId,
                  town.stationId,
                  // Nearly all of it is settled.
                  index % 50 === 0 ? town.stationId : null,
                  new Date(startsAt + 28_800_000).toISOString().slice(0, 10),
                  startsAt,
                ],
              ]
            : [],
        ),
      ],
      [
        'visit_alert',
        ['visitId', 'kind', 'level', 'facilityId', 'raisedAt', 'closedAt', 'outcome'],
        rows.flatMap(({ startsAt, isPast }, index) =>
          isPast
            ? [
                [
                  id(index),
                  'NOT_BEGUN',
                  'STATION',
                  town.stationId,
                  startsAt + 1,
                  index % 500 === 0 ? null : startsAt + 2,
                  index % 500 === 0 ? null : 'WENT_ON',
                ],
              ]
            : [],
        ),
      ],
      [
        'care_note',
        ['requestId', 'visitId', 'elderId', 'caregiverId', 'textSealed', 'writtenAt'],
        rows.flatMap(({ elderId, caregiverId, startsAt, isPast }, index) =>
          isPast ? [[`n-${index}`, id(index), elderId, caregiverId, text, startsAt]] : [],
        ),
      ],
    ];
    for (const [table, names, all] of inserts) {
      for (let at = 0; at < all.length; at += 500) await insertRows(m, table, names, all.slice(at, at + 500));
    }
  });
}
