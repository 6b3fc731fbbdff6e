import type { EntityManager } from 'typeorm';
import type { HomeService } from '../../entities/visits/home-service.entity.js';
import { covers, type Scope } from '../network/scope.js';
import { addDays, type Day } from '../shared/china-time.js';
import { isOfferedAt, type ServiceOffer } from './offers.rules.js';
import { placesOf, readOffers } from './service-offers.js';

/** A service with everything that is said of it, for whoever keeps the catalogue. */
export interface CatalogService extends HomeService {
  secondAfterMin: number | null;
  secondAfterMax: number | null;
  /** All prices, the earliest first. */
  prices: { fromDay: Day; fen: number }[];
  /** Whether the facility offers it on the day, or would where nothing is said beneath it. */
  isOffered: boolean;
  /** What the facility and the places above it say, later days too. */
  offers: ServiceOffer[];
}

/**
 * The whole catalogue as it stands at a facility on a day, services without a price too; undefined when the facility
 * is not in `scope`. Four statements beside the look at the scope.
 */
export async function serviceCatalog(
  manager: EntityManager,
  { facilityId, on }: { facilityId: number; on: Day },
  scope: Scope,
  today: Day,
): Promise<CatalogService[] | undefined> {
  if (!(await covers(manager, scope, facilityId, today))) return undefined;
  const services: ServiceRow[] = await manager.query(
    `SELECT s.*, p.secondAfterMin, p.secondAfterMax FROM home_service s
       LEFT JOIN home_service_pair p ON p.serviceId = s.id ORDER BY s.id`,
  );
  const prices: { serviceId: number; fromDay: Day; fen: number | string }[] = await manager.query(
    'SELECT serviceId, CAST(fromDay AS CHAR) AS fromDay, fen FROM home_service_price ORDER BY serviceId, fromDay',
  );
  const places = (await placesOf(manager, [facilityId], on)).get(facilityId) ?? [];
  const offers = await readOffers(manager, 'all', addDays(today, 4 * 366));
  const here = offers.filter((offer) => places.includes(offer.facilityId));
  return services.map((service) => ({
    ...service,
    prices: prices
      .filter(({ serviceId }) => serviceId === service.id)
      .map(({ fromDay, fen }) => ({ fromDay, fen: Number(fen) })),
    isOffered: isOfferedAt(here, service.id, places, on),
    offers: here.filter(({ serviceId }) => serviceId === service.id),
  }));
}

type ServiceRow = Omit<CatalogService, 'prices' | 'isOffered' | 'offers'>;
