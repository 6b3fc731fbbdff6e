import { randomUUID } from 'node:crypto';
import {
  CaregiverShift,
  CaregiverSkill,
  HomeServicePair,
  HomeStation,
  VisitTerms,
} from '../../entities/index.js';
import type { CancelCause } from '../../entities/visits/visit-event.entity.js';
import { keepDoor } from '../../src/elders/elder-door.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { instantOn } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { insertRows } from '../../src/shared/statements.js';
import { assignVisit } from '../../src/visits/assign-visit.js';
import { type BookingDoors, bookVisit, type Doors } from '../../src/visits/book-visit.js';
import { BookingIntake } from '../../src/visits/bookings/booking-intake.js';
import { cancelVisit } from '../../src/visits/cancel-visit.js';
import type { BookingWanted } from '../../src/visits/decide-booking.js';
import type { FoundVisit } from '../../src/visits/find-visits.js';
import type { SeriesScope } from '../../src/visits/locked-visits.js';
import { rescheduleVisit } from '../../src/visits/reschedule-visit.js';
import type { VisitReach } from '../../src/visits/visit-reach.js';
import type { VisitRefusal } from '../../src/visits/visit-refusals.js';
import type { Booker } from '../../src/visits/visit-situation.js';
import { addDiner, noon, type Town } from './town.js';
import { addCaregiver } from './visits.js';

/** In the middle of the town's map. */
export const stationPlace = { latitudeMicro: 33_000_000, longitudeMicro: 112_500_000 };

/** The services of these tests: an hour by one, and a bath by two of the elder's own gender with the skill. */
export async function addHomeServices({ database }: { database: Database }): Promise<void> {
  const columns = ['code', 'serviceGroup', 'nameZh', 'nameEn', 'minutes', 'skill', 'caregivers'];
  const more = ['preparationMinutes', 'bufferMinutes', 'genderRule'];
  await database.write(async (manager) => {
    await insertRows(
      manager,
      'home_service',
      [...columns, ...more],
      [
        ['CLEANING', 'DAILY_CARE', '助洁', 'Cleaning', 60, null, 1, 0, 5, 'ANY'],
        ['BATHING', 'DAILY_CARE', '助浴', 'Bathing', 90, 'BATHING', 2, 15, 10, 'SAME'],
        ['NEXT-YEAR', 'DAILY_CARE', '以后', 'Next year', 60, null, 1, 0, 0, 'ANY'],
      ],
    );
    const rows: { id: number; code: string }[] = await manager.query('SELECT id, code FROM home_service');
    const ids = new Map(rows.map(({ code, id }) => [code, id]));
    await insertRows(
      manager,
      'home_service_price',
      ['serviceId', 'fromDay', 'fen'],
      [
        [ids.get('CLEANING'), '2020-01-01', 5000],
        [ids.get('CLEANING'), '2026-03-16', 6000],
        [ids.get('BATHING'), '2020-01-01', 12_000],
        [ids.get('NEXT-YEAR'), '2027-01-01', 1000],
      ],
    );
    const pair = { serviceId: Number(ids.get('BATHING')), secondAfterMin: 0, secondAfterMax: 30 };
    await manager.insert(HomeServicePair, pair);
  });
}

/** Says where the station is. */
export async function placeStation({ database, stationId }: Town): Promise<void> {
  await database.write((manager) =>
    manager.insert(HomeStation, { facilityId: stationId, ...stationPlace, travelMode: 'CYCLE' }),
  );
}

export interface Worker {
  name?: string;
  accountId?: number;
  stationId?: number;
  gender?: 'FEMALE' | 'MALE';
  skills?: readonly string[];
  /** Minutes of every day of the week. */
  from?: number;
  to?: number;
}

/** A caregiver who works every day, from 8 to 18 without hours of its own. */
export async function addWorker(town: Town, worker: Worker = {}): Promise<number> {
  const { database } = town;
  const { stationId = town.stationId, gender = 'FEMALE', skills = [], from = 480, to = 1080 } = worker;
  const { accountId, name } = worker;
  const id = await addCaregiver(database, {
    stationId,
    ...(accountId === undefined ? {} : { accountId }),
    ...(name === undefined ? {} : { name }),
  });
  await database.write(async (manager) => {
    await manager.query('UPDATE caregiver SET gender = ? WHERE id = ?', [gender, id]);
    await manager.insert(
      CaregiverSkill,
      skills
        .filter((skill) => !['NURSING', 'BATHING', 'COOKING'].includes(skill))
        .map((skill) => ({ caregiverId: id, skill })),
    );
    if (skills.includes('BATHING')) {
      await manager.query(
        "UPDATE caregiver_skill SET expiresOn = NULL WHERE caregiverId = ? AND skill = 'BATHING'",
        [id],
      );
    }
    await manager.insert(
      CaregiverShift,
      [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        caregiverId: id,
        weekday,
        fromMinute: from,
        fromDay: '2020-01-01',
        toMinute: to,
        toDay: null,
      })),
    );
  });
  return id;
}

/** An elder whose door is so many thousandths of a degree north of the station; 0 is at the station. */
export async function addElder(
  town: Town,
  { north = 0, homeStationId = town.stationId }: { north?: number | null; homeStationId?: number } = {},
): Promise<number> {
  const { elderId } = await addDiner(town, { balanceFen: 0, homeStationId });
  if (north === null) return elderId;
  const position = { ...stationPlace, latitudeMicro: stationPlace.latitudeMicro + north * 1000 };
  const by = { byId: town.managerId, now: noon };
  await town.database.write((manager) => keepDoor(manager, elderId, { position, note: null }, by));
  return elderId;
}

/** Other terms than the usual ones, from the beginning of time. */
export async function setTerms(
  { database }: { database: Database },
  facilityId: number,
  terms: Partial<VisitTerms>,
): Promise<void> {
  const usual = {
    leadMinutes: 60,
    horizonDays: 90,
    rasterMinutes: 30,
    noticeMinutes: 1440,
  };
  await database.write(async (manager) => {
    await manager.query('DELETE FROM visit_terms WHERE facilityId = ?', [facilityId]);
    await manager.insert(VisitTerms, { facilityId, fromDay: '2020-01-01', ...usual, ...terms });
  });
}

/** Takes somebody off work for a time. */
export async function addAbsence(
  { database }: { database: Database },
  caregiverId: number,
  [startsAt, endsAt]: readonly [Date, Date],
): Promise<void> {
  await database.write((manager) =>
    insertRows(
      manager,
      'caregiver_absence',
      ['caregiverId', 'kind', 'startsAt', 'endsAt', 'recordedAt'],
      [[caregiverId, 'SICK_LEAVE', startsAt.getTime(), endsAt.getTime(), 0]],
    ),
  );
}

export const doorsOf = (database: Database): Doors => ({
  read: (work) => database.read(work),
  write: (work) => database.write(work),
});

/** Where bookings are handed in on one server. */
export const bookingDoorsOf = (
  database: Database,
  intake = new BookingIntake({ database }),
): BookingDoors => ({
  read: (work) => database.read(work),
  book: (request) => intake.book(request),
});

/** A manager of everything. */
export const manager = (town: Town, now = noon): Booker => ({
  elders: 'everywhere',
  stations: 'everywhere',
  byId: town.managerId,
  now,
  stays: noStays,
});

/** A relative of some elders. */
export const relative = (town: Town, elderIds: readonly number[], now = noon): Booker => ({
  ...manager(town, now),
  elders: { places: [], elderIds },
  stations: [],
});

export const reachOf = ({ elders, stations }: Booker): VisitReach => ({
  stations,
  elderIds: typeof elders === 'object' && 'elderIds' in elders ? elders.elderIds : [],
  own: { accountId: 0, stations: [] },
});

/** An instant on the wall clock of China. */
export const on = (day: string, time: string): Date => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return instantOn(day, hour * 60 + minute);
};

/** What tests ask of bookings on one database, which may be reached through several servers. */
export function bookingsOn(town: Town, database = town.database) {
  const doors = doorsOf(database);
  const bookingDoors = bookingDoorsOf(database);
  return {
    book: (wanted: Partial<BookingWanted> & { elderId: number; startsAt: Date }, booker = manager(town)) =>
      bookVisit(
        bookingDoors,
        {
          requestId: randomUUID(),
          serviceCode: 'CLEANING',
          caregiverId: null,
          recurrence: null,
          skipHolidays: false,
          flexMinutes: 0,
          note: null,
          ...wanted,
        },
        booker,
      ),
    move: (visitId: number, startsAt: Date, booker = manager(town), scope: SeriesScope = 'THIS') =>
      rescheduleVisit(doors, { visitId, startsAt, scope, reason: null }, reachOf(booker), booker),
    /** On the family's account, unless it is said otherwise. */
    cancel: (
      visitId: number,
      booker = manager(town),
      scope: SeriesScope = 'THIS',
      causedBy: CancelCause | null = 'FAMILY',
      reason = '家人来了',
    ) => {
      const cancellation = { visitId, scope, reason, causedBy };
      return database.write((m) => cancelVisit(m, cancellation, reachOf(booker), booker));
    },
    assign: (visitId: number, caregiverId: number, booker = manager(town)) =>
      assignVisit(doors, { visitId, caregiverId }, reachOf(booker), booker),
  };
}

/** What came of it, in a word: done, or why not. */
export const outcomeOf = (result: FoundVisit | VisitRefusal): string =>
  isRefusal(result) ? String(result.refused) : 'done';
export const alternativesOf = (result: FoundVisit | VisitRefusal): number =>
  'alternatives' in result ? result.alternatives.length : 0;
export const fieldOf = (result: FoundVisit | VisitRefusal): string | undefined =>
  isRefusal(result) ? result.field?.join('.') : undefined;

/** A booking that must succeed. */
export function booked(result: FoundVisit | VisitRefusal): FoundVisit {
  if (isRefusal(result)) throw new Error(`${String(result.refused)}: ${result.message.en}`);
  return result;
}

/** The rows that a booking or a step could write, counted. */
export async function rowsOf({ database }: { database: Database }): Promise<Record<string, number>> {
  const tables = ['visit', 'visit_booking', 'visit_caregiver', 'visit_event', 'visit_series'];
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await database.read((m) => m.query(`SELECT COUNT(*) AS count FROM ${table}`));
    counts[table] = Number(row.count);
  }
  return counts;
}

/** Who comes to a visit. */
export async function caregiversAt({ database }: { database: Database }, visitId: number): Promise<number[]> {
  const rows: { caregiverId: number }[] = await database.read((m) =>
    m.query('SELECT caregiverId FROM visit_caregiver WHERE visitId = ? ORDER BY startsAt, caregiverId', [
      visitId,
    ]),
  );
  return rows.map(({ caregiverId }) => caregiverId);
}
