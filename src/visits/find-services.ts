import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { HomeService } from '../../entities/visits/home-service.entity.js';
import { openOnDay, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';

export interface OfferedService extends HomeService {
  /** The price of one visit on the day. */
  priceFen: number;
}

/**
 * The services that have a price on `today`, in the order of the catalogue. Every home-care station offers all of
 * them; within a facility that has none open there are none. Two statements at most.
 */
export async function offeredServices(
  manager: EntityManager,
  within: number | undefined,
  today: Day,
): Promise<OfferedService[]> {
  if (within !== undefined && !(await hasStation(manager, within, today))) return [];
  const rows: (HomeService & { priceFen: number | string | null })[] = await manager.query(
    `SELECT service.*, (SELECT price.fen FROM home_service_price price
                         WHERE price.serviceId = service.id AND price.fromDay <= ?
                         ORDER BY price.fromDay DESC LIMIT 1) AS priceFen
       FROM home_service service ORDER BY service.id`,
    [today],
  );
  return rows.flatMap((row) => (row.priceFen === null ? [] : { ...row, priceFen: Number(row.priceFen) }));
}

async function hasStation(manager: EntityManager, within: number, today: Day): Promise<boolean> {
  const beneath = withBeneath([within], today);
  const rows: unknown[] = await manager.query(
    `${beneath.sql} SELECT facility.id FROM facility
      WHERE facility.id IN (SELECT facilityId FROM beneath) AND facility.kind = 'HOME_CARE_STATION'
        AND ${openOnDay('facility')} LIMIT 1`,
    [...beneath.parameters, today, today],
  );
  return rows.length > 0;
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
