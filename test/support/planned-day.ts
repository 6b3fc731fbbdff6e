import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  Account,
  Caregiver,
  CaregiverAbsence,
  CaregiverShift,
  CaregiverSkill,
  Elder,
  HomeService,
  HomeServicePair,
  HomeServicePrice,
  HomeStation,
  Visit,
  VisitBooking,
  VisitCaregiver,
} from '../../entities/index.js';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import { keepDoor } from '../../src/elders/elder-door.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import { instantOn } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { noon, type Town } from './town.js';
import { newIdNumber } from './two-counties.js';

/** The day that is planned: the one after the day on which the clocks of tests stand. */
export const planDate = '2026-03-11';

/** A third of a kilometre is about three thousandths of a degree here. */
const centre = { latitudeMicro: 32_990_000, longitudeMicro: 112_530_000 };

/** The same numbers every time. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Services {
  cleaning: number;
  /** Two caregivers with the skill BATHING, who begin together. */
  bathing: number;
  /** Two caregivers, the second 10 to 30 minutes after the first. */
  turning: number;
  /** By the elder's own gender. */
  grooming: number;
}

/** Services of an hour: one by anybody, two by two caregivers, one by the same gender. */
export async function addPlanServices(database: Database): Promise<Services> {
  return database.write(async (manager) => {
    const add = async (code: string, more: Partial<HomeService>) => {
      const plain = {
        code,
        serviceGroup: 'DAILY_CARE' as const,
        nameZh: code,
        nameEn: code,
        minutes: 60,
        skill: null,
        caregivers: 1,
        preparationMinutes: 0,
        bufferMinutes: 5,
        genderRule: 'ANY' as const,
      };
      const { id } = await manager.save(manager.create(HomeService, { ...plain, ...more }));
      await manager.insert(HomeServicePrice, { serviceId: id, fromDay: '2020-01-01', fen: 5000 });
      return id;
    };
    const services = {
      cleaning: await add('P-CLEANING', {}),
      bathing: await add('P-BATHING', { caregivers: 2, skill: 'BATHING', preparationMinutes: 10 }),
      turning: await add('P-TURNING', { caregivers: 2 }),
      grooming: await add('P-GROOMING', { genderRule: 'SAME' }),
    };
    await manager.insert(HomeServicePair, {
      serviceId: services.turning,
      secondAfterMin: 10,
      secondAfterMax: 30,
    });
    return services;
  });
}

/** Where a station's caregivers set out, by bicycle. */
export async function placeStation(database: Database, stationId: number): Promise<void> {
  await database.write((manager) =>
    manager.insert(HomeStation, { facilityId: stationId, ...centre, travelMode: 'CYCLE' }),
  );
}

/** Somebody who works from eight to five from Monday to Saturday. */
export function addWorker(database: Database, worker: NewWorker): Promise<number> {
  return database.write((manager) => workerIn(manager, worker));
}

async function workerIn(
  manager: EntityManager,
  { stationId, name, gender = 'FEMALE', skills = ['BATHING'], hours = [[480, 1020]] }: NewWorker,
): Promise<number> {
  const { id: accountId } = await manager.save(manager.create(Account, { name, createdAt: new Date(0) }));
  const person = { accountId, stationId, gender, activeFrom: '2020-01-01' };
  const { id: caregiverId } = await manager.save(manager.create(Caregiver, person));
  const rows = [1, 2, 3, 4, 5, 6].flatMap((weekday) =>
    hours.map(([fromMinute = 0, toMinute = 0]) => ({
      caregiverId,
      weekday,
      fromMinute,
      toMinute,
      fromDay: '2020-01-01',
      toDay: null,
    })),
  );
  await manager.insert(CaregiverShift, rows);
  for (const skill of skills) await manager.insert(CaregiverSkill, { caregiverId, skill });
  return caregiverId;
}

export interface NewWorker {
  stationId: number;
  name: string;
  gender?: Gender;
  skills?: readonly string[];
  hours?: readonly (readonly number[])[];
}

/** An elder whose door is so many thousandths of a degree from the station; no door without them. */
export function addHome(
  town: Town,
  at?: { north: number; east: number },
  stationId = town.stationId,
): Promise<number> {
  return town.database.write((manager) => homeIn(manager, { stationId, byId: town.managerId, at }));
}

async function homeIn(
  manager: EntityManager,
  {
    stationId,
    byId,
    at,
  }: { stationId: number; byId: number; at?: { north: number; east: number } | undefined },
): Promise<number> {
  const idNumber = newIdNumber();
  const elder = manager.create(Elder, {
    name: '王小明',
    ...sealIdentity(cipherOf(manager), { idNumber, phone: null, address: null }),
    birthDate: '1950-01-01',
    abilityLevel: null,
    abilityExpiresOn: null,
    homeStationId: stationId,
    status: 'ACTIVE',
    registeredOn: '2020-01-01',
    endedOn: null,
  });
  const { id: elderId } = await manager.save(elder);
  if (!at) return elderId;
  const position = {
    latitudeMicro: centre.latitudeMicro + at.north * 1000,
    longitudeMicro: centre.longitudeMicro + at.east * 1000,
  };
  await keepDoor(manager, elderId, { position, note: null }, { byId, now: noon });
  return elderId;
}

export interface BookedVisit {
  elderId: number;
  serviceId: number;
  stationId: number;
  /** Minutes since midnight. */
  minute: number;
  minutes?: number;
  caregiverIds?: readonly number[];
  /** When each caregiver comes, in minutes after the first. */
  after?: readonly number[];
  flexMinutes?: number;
  wishedCaregiverId?: number | null;
  day?: string;
  status?: Visit['status'];
}

/** A visit with what was agreed about it, as a booking would leave them. */
export function bookedVisit(database: Database, booked: BookedVisit): Promise<number> {
  return database.write((manager) => visitIn(manager, booked));
}

async function visitIn(manager: EntityManager, booked: BookedVisit): Promise<number> {
  const { elderId, serviceId, stationId, minute, minutes = 60, caregiverIds = [], after = [0, 0] } = booked;
  const { flexMinutes = 60, wishedCaregiverId = null, day = planDate } = booked;
  const startsAt = instantOn(day, minute);
  const endsAt = instantOn(day, minute + minutes);
  const { id: visitId } = await manager.save(
    manager.create(Visit, {
      requestId: randomUUID(),
      occurrence: 0,
      elderId,
      serviceId,
      stationId,
      startsAt,
      endsAt,
      status: booked.status ?? (caregiverIds.length > 0 ? 'ASSIGNED' : 'REQUESTED'),
      subsidyFen: 0,
      selfPaidFen: 5000,
      bookedAt: new Date(0),
      version: 1,
    }),
  );
  const agreed = { seriesId: null, wishedCaregiverId, promisedAt: startsAt, flexMinutes };
  await manager.insert(VisitBooking, { visitId, ...agreed, hoursMinutes: 0, noteSealed: null });
  for (const [index, caregiverId] of caregiverIds.entries()) {
    const start = instantOn(day, minute + (after[index] ?? 0));
    await manager.insert(VisitCaregiver, { visitId, caregiverId, startsAt: start, endsAt });
  }
  return visitId;
}

/** Takes somebody off work, sick, from one minute of the planned day to another. */
export async function addSickLeave(
  database: Database,
  caregiverId: number,
  [from, to]: readonly [number, number],
): Promise<void> {
  await database.write((manager) =>
    manager.insert(CaregiverAbsence, {
      caregiverId,
      kind: 'SICK_LEAVE',
      startsAt: instantOn(planDate, from),
      endsAt: instantOn(planDate, to),
      recordedAt: noon,
      recordedById: null,
      withdrawnAt: null,
    }),
  );
}

export interface PlannedStation {
  town: Town;
  stationId: number;
  services: Services;
  caregiverIds: number[];
  visitIds: number[];
}

/** Every caregiver has five places of a hundred minutes: an hour's visit, and the longest way to the next. */
const places = [530, 630, 730, 830, 930];

/**
 * A station of eight caregivers and forty visits on a day, booked without a thought for the ways: thirty-three by one
 * caregiver, three by two together, and four that nobody brings yet.
 */
export async function buildPlannedStation(town: Town, day = planDate): Promise<PlannedStation> {
  const { database, stationId } = town;
  const services = await addPlanServices(database);
  await placeStation(database, stationId);
  const { caregiverIds, visitIds } = await database.write((manager) => fillDay(manager, town, services, day));
  return { town, stationId, services, caregiverIds, visitIds };
}

async function fillDay(
  manager: EntityManager,
  { stationId, managerId: byId }: Town,
  services: Services,
  day: string,
): Promise<{ caregiverIds: number[]; visitIds: number[] }> {
  const below = numbersFrom(7);
  const caregiverIds: number[] = [];
  for (let number = 1; number <= 8; number++) {
    const gender = number % 3 === 0 ? 'MALE' : 'FEMALE';
    caregiverIds.push(await workerIn(manager, { stationId, name: `护理员 ${number}`, gender }));
  }
  const visitIds: number[] = [];
  const book = async (visit: Omit<BookedVisit, 'elderId' | 'stationId' | 'day'>) => {
    const at = { north: below(25) - 12, east: below(25) - 12 };
    const elderId = await homeIn(manager, { stationId, byId, at });
    visitIds.push(await visitIn(manager, { elderId, stationId, day, ...visit }));
  };
  // The last place of six of them goes to the visits that take two.
  for (const [turn, caregiverId] of caregiverIds.entries()) {
    for (const minute of turn < 6 ? places.slice(0, 4) : places) {
      if (visitIds.length >= 33) break;
      const flexMinutes = [0, 60, 120][below(3)] ?? 0;
      await book({ serviceId: services.cleaning, minute, caregiverIds: [caregiverId], flexMinutes });
    }
  }
  for (const pair of [0, 2, 4]) {
    const two = caregiverIds.slice(pair, pair + 2);
    await book({ serviceId: services.bathing, minute: 930, caregiverIds: two, flexMinutes: 120 });
  }
  while (visitIds.length < 40) {
    await book({ serviceId: services.cleaning, minute: 600 + below(300), flexMinutes: 240 });
  }
  return { caregiverIds, visitIds };
}
