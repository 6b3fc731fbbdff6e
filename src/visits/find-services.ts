import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { HomeService } from '../../entities/visits/home-service.entity.js';
import { openOnDay, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { isOfferedAt, type ServiceOffer } from './offers.rules.js';
import { placesOf, readOffers } from './service-offers.js';

export interface OfferedService extends HomeService {
  /** The price of one visit on the day. */
  priceFen: number;
}

/**
 * The services that have a price on `today`, in the order of the catalogue: all of them, or those that an open
 * home-care station at or beneath a facility offers. Four statements at most.
 */
export async function offeredServices(
  manager: EntityManager,
  within: number | undefined,
  today: Day,
): Promise<OfferedService[]> {
  const rows: (HomeService & { priceFen: number | string | null })[] = await manager.query(
    `SELECT service.*, (SELECT price.fen FROM home_service_price price
                         WHERE price.serviceId = service.id AND price.fromDay <= ?
                         ORDER BY price.fromDay DESC LIMIT 1) AS priceFen
       FROM home_service service ORDER BY service.id`,
    [today],
  );
  const priced = rows.flatMap((row) =>
    row.priceFen === null ? [] : { ...row, priceFen: Number(row.priceFen) },
  );
  if (within === undefined) return priced;
  const stations = await openStations(manager, within, today);
  const places = await placesOf(manager, stations, today);
  const offers = await readOffers(manager, 'all', today);
  // A few ways of being placed are shared by all stations of a street, but for what each says itself.
  const ways = distinctWays([...places.values()], offers);
  return priced.filter(({ id }) => ways.some((way) => isOfferedAt(offers, id, way, today)));
}

/** The places of stations, those left out of which nobody says anything, each way once. */
function distinctWays(places: readonly number[][], offers: readonly ServiceOffer[]): number[][] {
  const saying = new Set(offers.map(({ facilityId }) => facilityId));
  const ways = places.map((way) => way.filter((id) => saying.has(id)));
  return [...new Map(ways.map((way) => [way.join(), way])).values()];
}

async function openStations(manager: EntityManager, within: number, today: Day): Promise<number[]> {
  const beneath = withBeneath([within], today);
  const rows: { id: number }[] = await manager.query(
    `${beneath.sql} SELECT facility.id FROM facility
      WHERE facility.id IN (SELECT facilityId FROM beneath) AND facility.kind = 'HOME_CARE_STATION'
        AND ${openOnDay('facility')}`,
    [...beneath.parameters, today, today],
  );
  return rows.map(({ id }) => id);
}

/** The services with these ids, offered now or not: for edges of visits that the caller may see already. */
export async function servicesById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, HomeService>> {
  if (ids.length === 0) return new Map();
  const services = await manager.findBy(HomeService, { id: In([...ids]) });
  return new Map(services.map((service) => [service.id, service]));
}
