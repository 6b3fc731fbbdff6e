import { type Finding, groupedBy, inOrder, isOrdered, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/** Where a canteen is. */
export interface CanteenPlace {
  divisionCode: string;
  /** WGS 84, in millionths of a degree; null where nobody measured. */
  latitudeMicrodegrees: number | null;
  longitudeMicrodegrees: number | null;
}

/**
 * One elder at two canteens faster than anybody travels. A meal that was ordered comes to the elder, so it tells
 * nothing of where the elder was.
 *
 * @param swipes all of the day of each elder, at whatever canteen
 */
export function tooFastTravel(
  swipes: readonly SwipeFact[],
  places: ReadonlyMap<number, CanteenPlace>,
  thresholds: Thresholds,
): Finding[] {
  const findings: Finding[] = [];
  const present = swipes.filter((swipe) => !isOrdered(swipe));
  for (const [elderId, own] of groupedBy(present, (swipe) => swipe.elderId)) {
    const finding = fastestOf(elderId, inOrder(own), places, thresholds);
    if (finding) findings.push(finding);
  }
  return findings;
}

function fastestOf(
  elderId: number,
  ordered: readonly SwipeFact[],
  places: ReadonlyMap<number, CanteenPlace>,
  thresholds: Thresholds,
): Finding | undefined {
  const shown = new Set<number>();
  let worst: { to: SwipeFact; tookSeconds: number; needsSeconds: number } | undefined;
  for (const [index, to] of ordered.entries()) {
    const from = ordered[index - 1];
    if (!from || from.canteenId === to.canteenId) continue;
    const tookSeconds = Math.floor((to.swipedAtMs - from.swipedAtMs) / 1000);
    const needsSeconds = secondsBetween(places.get(from.canteenId), places.get(to.canteenId), thresholds);
    if (tookSeconds >= needsSeconds) continue;
    shown.add(from.id).add(to.id);
    if (!worst || needsSeconds - tookSeconds > worst.needsSeconds - worst.tookSeconds) {
      worst = { to, tookSeconds, needsSeconds };
    }
  }
  if (!worst) return undefined;
  return {
    rule: 'TOO_FAST_TRAVEL',
    subject: `elder:${elderId}`,
    canteenId: worst.to.canteenId,
    elderId,
    readerId: worst.to.readerId,
    measured: worst.tookSeconds,
    threshold: worst.needsSeconds,
    swipeIds: ordered.filter(({ id }) => shown.has(id)).map(({ id }) => id),
  };
}

/** What the way takes at least; zero where that cannot be told. */
function secondsBetween(
  from: CanteenPlace | undefined,
  to: CanteenPlace | undefined,
  { TRAVEL_KMH: kmh, TRAVEL_METERS_MIN: metersMin, TRAVEL_COUNTY_MINUTES: countyMinutes }: Thresholds,
): number {
  if (!from || !to) return 0;
  const meters = metersBetween(from, to);
  if (meters !== undefined) return meters < metersMin ? 0 : Math.ceil(meters / (kmh / 3.6));
  const countyOf = ({ divisionCode }: CanteenPlace) => divisionCode.slice(0, countyDigits);
  return countyOf(from) === countyOf(to) ? 0 : countyMinutes * 60;
}

const countyDigits = 6;
const earthRadiusMeters = 6_371_000;

/** As the crow flies, which no way is shorter than; undefined unless both positions are known. */
export function metersBetween(one: CanteenPlace, other: CanteenPlace): number | undefined {
  const values = [
    one.latitudeMicrodegrees,
    one.longitudeMicrodegrees,
    other.latitudeMicrodegrees,
    other.longitudeMicrodegrees,
  ];
  if (values.some((value) => value === null)) return undefined;
  const [latitude = 0, longitude = 0, otherLatitude = 0, otherLongitude = 0] = values.map(
    (value) => ((value ?? 0) / 1e6) * (Math.PI / 180),
  );
  const haversine =
    Math.sin((otherLatitude - latitude) / 2) ** 2 +
    Math.cos(latitude) * Math.cos(otherLatitude) * Math.sin((otherLongitude - longitude) / 2) ** 2;
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(haversine)));
}
