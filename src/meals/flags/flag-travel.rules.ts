import { type Finding, groupedBy, inOrder, isOrdered, type SwipeFact } from './flag-findings.rules.js';
import type { Thresholds } from './flag-thresholds.rules.js';

/** Where a canteen is. */
export interface CanteenPlace {
  divisionCode: string;
  /** WGS 84, in millionths of a degree; null where nobody measured. */
  latitudeMicrodegrees: number | null;
  longitudeMicrodegrees: number | null;
}

/** No two canteens of a city lie farther apart. */
const cityMetersMax = 500_000;

const daySecondsMax = 86_400;

/** How far back a tap can lie and still be too near: nobody is on the way for longer, and no more than a day is asked. */
export function wayMsMax({ TRAVEL_KMH: kmh, TRAVEL_COUNTY_MINUTES: countyMinutes }: Thresholds): number {
  const seconds = Math.max(secondsOf(cityMetersMax, kmh), countyMinutes * 60);
  return Math.min(seconds, daySecondsMax) * 1000;
}

/**
 * One elder at two canteens faster than anybody travels, once for each elder and day: that of the arrival. A meal that
 * was ordered comes to the elder, so it tells nothing of where the elder was.
 *
 * @param swipes all of the day of each elder, at whatever canteen
 * @param eve those of the day before, from which a way may lead over midnight
 */
export function tooFastTravel(
  swipes: readonly SwipeFact[],
  places: ReadonlyMap<number, CanteenPlace>,
  thresholds: Thresholds,
  eve: readonly SwipeFact[] = [],
): Finding[] {
  const findings: Finding[] = [];
  const before = groupedBy(present(eve), (swipe) => swipe.elderId);
  for (const [elderId, own] of groupedBy(present(swipes), (swipe) => swipe.elderId)) {
    const ways = waysOf(inOrder(before.get(elderId) ?? []), inOrder(own), (from, to) =>
      secondsBetween(places.get(from.canteenId), places.get(to.canteenId), thresholds),
    );
    if (ways.length > 0) findings.push(findingOf(elderId, ways));
  }
  return findings;
}

const present = (swipes: readonly SwipeFact[]) => swipes.filter((swipe) => !isOrdered(swipe));

/** Two taps of one elder between which there was too little time. */
interface Way {
  from: SwipeFact;
  to: SwipeFact;
  tookSeconds: number;
  needsSeconds: number;
}

/**
 * Every tap of the day against the last one before it at each other canteen. A tap in between, next door or where
 * nobody measured, so hides no way; and the last one is enough, for an earlier one there leaves more time for the same.
 */
function waysOf(
  eve: readonly SwipeFact[],
  today: readonly SwipeFact[],
  secondsOfWay: (from: SwipeFact, to: SwipeFact) => number,
): Way[] {
  const last = new Map(eve.map((swipe) => [swipe.canteenId, swipe]));
  const ways: Way[] = [];
  for (const to of today) {
    for (const from of last.values()) {
      if (from.canteenId === to.canteenId) continue;
      const tookSeconds = Math.floor((to.swipedAtMs - from.swipedAtMs) / 1000);
      const needsSeconds = secondsOfWay(from, to);
      if (tookSeconds < needsSeconds) ways.push({ from, to, tookSeconds, needsSeconds });
    }
    last.set(to.canteenId, to);
  }
  return ways;
}

/** One sign of all the ways of a day: it tells the worst, and shows the taps of each. */
function findingOf(elderId: number, ways: readonly Way[]): Finding {
  const lacking = ({ needsSeconds, tookSeconds }: Way) => needsSeconds - tookSeconds;
  const { to, tookSeconds, needsSeconds } = ways.reduce((worst, way) =>
    lacking(way) > lacking(worst) ? way : worst,
  );
  const shown = new Set(ways.flatMap((way) => [way.from, way.to]));
  return {
    rule: 'TOO_FAST_TRAVEL',
    subject: `elder:${elderId}`,
    canteenId: to.canteenId,
    elderId,
    readerId: to.readerId,
    measured: tookSeconds,
    threshold: needsSeconds,
    swipeIds: inOrder([...shown]).map(({ id }) => id),
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
  if (meters !== undefined) return meters < metersMin ? 0 : secondsOf(meters, kmh);
  const countyOf = ({ divisionCode }: CanteenPlace) => divisionCode.slice(0, countyDigits);
  return countyOf(from) === countyOf(to) ? 0 : countyMinutes * 60;
}

function secondsOf(meters: number, kmh: number): number {
  return Math.ceil(meters / (kmh / 3.6));
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
