import type { EntityManager } from 'typeorm';
import type { Facility } from '../../entities/network/facility.entity.js';
import { nowhere } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { readTogether, type Statement } from '../shared/statements.js';
import {
  type BroughtService,
  type byCode,
  type byIds,
  priceOn,
  serviceQueries,
  servicesOf,
} from './errands.js';
import { isOfferedAt, type ServiceOffer } from './offers.rules.js';
import { termsOf, termsQuery } from './visit-terms.js';
import type { VisitTerms } from './visit-terms.rules.js';

/** A station that may bring something to somebody. */
export interface Station {
  id: number;
  openedOn: Day;
  closedOn: Day | null;
  /** Itself and everything above it today, from the root down. */
  places: readonly number[];
}

/** What changes once in months: what is brought, by which station, on which terms, and on which days it is offered. */
export interface Catalog {
  service: BroughtService;
  station: Station;
  terms: VisitTerms;
  /** What any place says of the service, for whichever day. */
  offers: readonly ServiceOffer[];
}

export interface CatalogQuestion {
  /** The elder's home station. */
  stationId: number | null;
  service: ReturnType<typeof byCode> | ReturnType<typeof byIds>;
  today: Day;
}

export type CatalogReader = (
  manager: EntityManager,
  question: CatalogQuestion,
) => Promise<Catalog | undefined>;

/**
 * Undefined where the service is none, or where no station of home care brings it: the station is the elder's home
 * station. Six statements, sent together.
 */
export async function readCatalog(
  manager: EntityManager,
  { stationId, service: wanted, today }: CatalogQuestion,
): Promise<Catalog | undefined> {
  const id = stationId ?? nowhere;
  const above = withAbove([id], today);
  const [stations, places, terms, offers, ...services] = await readTogether(manager, [
    {
      sql: `SELECT id, kind, CAST(openedOn AS CHAR) AS openedOn, CAST(closedOn AS CHAR) AS closedOn
              FROM facility WHERE id = ?`,
      parameters: [id],
    },
    { sql: `${above.sql} SELECT ancestorId FROM above ORDER BY distance DESC`, parameters: above.parameters },
    termsQuery(id, today),
    offersQuery(wanted),
    ...serviceQueries(wanted),
  ]);
  const [station] = stations as (Omit<Station, 'places'> & Pick<Facility, 'kind'>)[];
  const [service] = servicesOf(services);
  if (station?.kind !== 'HOME_CARE_STATION' || !service) return undefined;
  const { openedOn, closedOn } = station;
  const ancestors = (places as { ancestorId: number }[]).map(({ ancestorId }) => ancestorId);
  return {
    service,
    station: { id, openedOn, closedOn, places: [...ancestors, id] },
    terms: termsOf(terms),
    offers: (offers as OfferRow[]).map((row) => ({ ...row, isOffered: Boolean(row.isOffered) })),
  };
}

type OfferRow = Omit<ServiceOffer, 'isOffered'> & { isOffered: boolean | number };

function offersQuery({ column, values }: CatalogQuestion['service']): Statement {
  return {
    sql: `SELECT offer.serviceId, offer.facilityId, CAST(offer.fromDay AS CHAR) AS fromDay, offer.isOffered
            FROM station_service offer JOIN home_service service ON service.id = offer.serviceId
           WHERE service.${column} = ? ORDER BY offer.facilityId, offer.fromDay`,
    parameters: [values[0]],
  };
}

/** The price of a visit on a day on which the station is open and offers the service; undefined on another. */
export function priceOffered(
  { station, service, offers }: Pick<Catalog, 'station' | 'service' | 'offers'>,
  day: Day,
): number | undefined {
  if (!isWithinDays(day, station.openedOn, station.closedOn)) return undefined;
  return isOfferedAt(offers, service.id, station.places, day) ? priceOn(service, day) : undefined;
}
