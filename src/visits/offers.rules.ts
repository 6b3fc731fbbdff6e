import type { Day } from '../shared/china-time.js';

/** What a place says of a service from a day on. */
export interface ServiceOffer {
  serviceId: number;
  facilityId: number;
  fromDay: Day;
  isOffered: boolean;
}

/**
 * Whether a station offers a service on a day: the nearest place that says anything by then decides, the station
 * itself first, and of that place what began last. Where nobody says anything it is offered.
 *
 * @param places the station and everything above it, from the root down
 */
export function isOfferedAt(
  offers: readonly ServiceOffer[],
  serviceId: number,
  places: readonly number[],
  day: Day,
): boolean {
  for (const place of [...places].reverse()) {
    const said = offers.filter(
      (offer) => offer.serviceId === serviceId && offer.facilityId === place && offer.fromDay <= day,
    );
    const last = said.reduce<ServiceOffer | undefined>(
      (latest, offer) => (!latest || offer.fromDay > latest.fromDay ? offer : latest),
      undefined,
    );
    if (last) return last.isOffered;
  }
  return true;
}
