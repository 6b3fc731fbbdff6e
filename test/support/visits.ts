import { randomUUID } from 'node:crypto';
import {
  Account,
  Caregiver,
  CaregiverSkill,
  HomeService,
  HomeServicePrice,
  Visit,
  VisitBooking,
  VisitCaregiver,
} from '../../entities/index.js';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';

/** A service of an hour for 50 yuan, and one that is offered no more because it has no price yet. */
export async function addServices(database: Database): Promise<{ serviceId: number }> {
  return database.write(async (manager) => {
    const plain = {
      serviceGroup: 'DAILY_CARE' as const,
      minutes: 60,
      caregivers: 1,
      preparationMinutes: 0,
      bufferMinutes: 5,
      genderRule: 'ANY' as const,
    };
    const walking = { ...plain, code: 'WALKING', nameZh: '助行', nameEn: 'Going out together', skill: null };
    const later = { ...plain, code: 'LATER', nameZh: '以后', nameEn: 'Later', skill: 'NURSING' };
    const { id: serviceId } = await manager.save(manager.create(HomeService, walking));
    const { id: laterId } = await manager.save(manager.create(HomeService, later));
    await manager.insert(HomeServicePrice, [
      { serviceId, fromDay: '2020-01-01', fen: 4000 },
      { serviceId, fromDay: '2026-03-10', fen: 5000 },
      { serviceId, fromDay: '2026-03-11', fen: 6000 },
      { serviceId: laterId, fromDay: '2026-03-11', fen: 1000 },
    ]);
    return { serviceId };
  });
}

/** A caregiver of a station, of an account that is there or of one without any grant. */
export function addCaregiver(
  database: Database,
  { stationId, accountId, name = '护理员' }: { stationId: number; accountId?: number; name?: string },
): Promise<number> {
  return database.write(async (manager) => {
    const owner =
      accountId ?? (await manager.save(manager.create(Account, { name, createdAt: new Date(0) }))).id;
    const caregiver = { accountId: owner, stationId, gender: 'FEMALE' as const, activeFrom: '2020-01-01' };
    const { id } = await manager.save(manager.create(Caregiver, caregiver));
    await manager.insert(CaregiverSkill, [
      { caregiverId: id, skill: 'NURSING', expiresOn: '2026-03-11' },
      { caregiverId: id, skill: 'BATHING', expiresOn: '2026-03-10' },
      { caregiverId: id, skill: 'COOKING' },
    ]);
    return id;
  });
}

export interface VisitToAdd {
  elderId: number;
  serviceId: number;
  stationId: number;
  caregiverIds?: readonly number[];
  /** ISO 8601 with an offset. */
  from: string;
  /** An hour after `from` without it. */
  to?: string;
  status?: VisitStatus;
}

/** A visit of 50 yuan, of which the hours pay 20. */
export function addVisit(database: Database, visit: VisitToAdd): Promise<number> {
  const { elderId, serviceId, stationId, caregiverIds = [], from, to } = visit;
  const startsAt = new Date(from);
  const endsAt = to === undefined ? new Date(startsAt.getTime() + 3_600_000) : new Date(to);
  return database.write(async (manager) => {
    const { id } = await manager.save(
      manager.create(Visit, {
        requestId: randomUUID(),
        occurrence: 0,
        elderId,
        serviceId,
        stationId,
        startsAt,
        endsAt,
        status: visit.status ?? (caregiverIds.length > 0 ? 'ASSIGNED' : 'REQUESTED'),
        subsidyFen: 2000,
        selfPaidFen: 3000,
        bookedAt: new Date(0),
        version: 1,
      }),
    );
    await manager.insert(VisitBooking, {
      visitId: id,
      seriesId: null,
      wishedCaregiverId: null,
      promisedAt: startsAt,
      flexMinutes: 0,
      hoursMinutes: 0,
      noteSealed: null,
    });
    for (const caregiverId of caregiverIds) {
      await manager.insert(VisitCaregiver, { visitId: id, caregiverId, startsAt, endsAt });
    }
    return id;
  });
}

/** Gives an elder a phone and an address. */
export async function addDoor(
  database: Database,
  elderId: number,
  door: { phone: string; address: string },
): Promise<void> {
  await database.write((manager) => {
    const cipher = cipherOf(manager);
    return manager.query('UPDATE elder SET phoneSealed = ?, addressSealed = ? WHERE id = ?', [
      cipher.encrypt(authenticatedName('phone'), door.phone),
      cipher.encrypt(authenticatedName('address'), door.address),
      elderId,
    ]);
  });
}
