import type { EntityManager } from 'typeorm';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { ancestorsOf } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { lockService } from './change-service.js';
import { isDayAhead } from './days-ahead.rules.js';
import { isOfferedAt, type ServiceOffer } from './offers.rules.js';
import { refuseService, type ServiceRefusal } from './service-refusals.js';

/** Whether a station offers a service on a day. Three statements. It does not ask whether the service has a price. */
export async function offersService(
  manager: EntityManager,
  stationId: number,
  serviceId: number,
  day: Day,
): Promise<boolean> {
  return (await offeringStations(manager, [stationId], serviceId, day)).has(stationId);
}

/** Which of these stations offer the service on the day; two statements, however many. */
export async function offeringStations(
  manager: EntityManager,
  stationIds: readonly number[],
  serviceId: number,
  day: Day,
): Promise<Set<number>> {
  const places = await placesOf(manager, stationIds, day);
  const offers = await readOffers(manager, [serviceId], day);
  return new Set(
    stationIds.filter((stationId) => isOfferedAt(offers, serviceId, places.get(stationId) ?? [], day)),
  );
}

/** Each station with everything above it on the day, from the root down; one statement. */
export async function placesOf(
  manager: EntityManager,
  stationIds: readonly number[],
  day: Day,
): Promise<Map<number, number[]>> {
  const above = await ancestorsOf(manager, stationIds, day);
  return new Map(stationIds.map((id) => [id, [...(above.get(id) ?? []), id]]));
}

/** What any place says of these services by a day; of all of them without a list. One statement. */
export async function readOffers(
  manager: EntityManager,
  serviceIds: readonly number[] | 'all',
  day: Day,
): Promise<ServiceOffer[]> {
  const of = serviceIds === 'all' ? '1 = 1' : `serviceId IN (${placeholders(serviceIds) || 'NULL'})`;
  const rows: (Omit<ServiceOffer, 'isOffered'> & { isOffered: boolean | number })[] = await manager.query(
    `SELECT serviceId, facilityId, CAST(fromDay AS CHAR) AS fromDay, isOffered FROM station_service
      WHERE ${of} AND fromDay <= ? ORDER BY serviceId, facilityId, fromDay`,
    [...(serviceIds === 'all' ? [] : serviceIds), day],
  );
  return rows.map((row) => ({ ...row, isOffered: Boolean(row.isOffered) }));
}

export interface WantedOffer {
  /** A home-care station, or a place for all stations beneath it that say nothing themselves. */
  facilityId: number;
  serviceCode: string;
  /** Today at the earliest. */
  fromDay: Day;
  isOffered: boolean;
}

/**
 * Says that a service is offered, or is not, by a station or beneath a place from a day on. Visits that are booked
 * stay booked.
 */
export async function setServiceOffer(
  manager: EntityManager,
  { facilityId, serviceCode, fromDay, isOffered }: WantedOffer,
  scope: Scope,
  today: Day,
): Promise<ServiceOffer | ServiceRefusal> {
  const rows: { id: number }[] = await manager.query('SELECT id FROM facility WHERE id = ?', [facilityId]);
  const isCovered = await covers(manager, scope, rows.length > 0 ? facilityId : nowhere, today);
  if (rows.length === 0 || !isCovered) return refuseService('FACILITY_UNKNOWN', ['facilityId']);
  const service = await lockService(manager, serviceCode);
  if (isRefusal(service)) return service;
  if (!isDayAhead(fromDay, today)) return refuseService('DATE_OUT_OF_RANGE', ['fromDay']);
  const serviceId = service.id;
  // What was said for this day or later is said anew.
  await manager.query('DELETE FROM station_service WHERE serviceId = ? AND facilityId = ? AND fromDay >= ?', [
    serviceId,
    facilityId,
    fromDay,
  ]);
  await insertRows(
    manager,
    'station_service',
    ['serviceId', 'facilityId', 'fromDay', 'isOffered'],
    [[serviceId, facilityId, fromDay, isOffered]],
  );
  return { serviceId, facilityId, fromDay, isOffered };
}
