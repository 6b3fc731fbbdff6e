import { type County, nanyangCounties } from './counties.js';
import { communityName, placeName } from './place-names.js';

/** A street or town, by a division code of nine digits. */
export interface Place {
  code: string;
  name: string;
  county: County;
  /** The centre in this place, or the one of a neighbouring town that serves it; undefined when none does. */
  center: PlaceCenter | undefined;
}

export interface PlaceCenter {
  kind: 'STREET_CENTER' | 'REGIONAL_CENTER';
  /** Counted from 1 within the county and kind. */
  number: number;
}

/** A neighbourhood or village, by a division code of twelve digits. */
export interface Community {
  code: string;
  name: string;
  place: Place;
}

/** Streets and towns of a county: the streets first, then the towns with a regional centre, then the rest. */
export function placesOf(county: County): Place[] {
  const { streetCenters, regionalCenters, otherTowns } = county;
  const firstName = firstPlaceNumber(county);
  const streets = range(streetCenters).map((index) => ({
    code: `${county.code}${digits(1 + index)}`,
    name: `${placeName(firstName + index)}街道`,
    county,
    center: { kind: 'STREET_CENTER' as const, number: index + 1 },
  }));
  const towns = range(regionalCenters + otherTowns).map((index) => ({
    code: `${county.code}${digits(100 + index)}`,
    name: `${placeName(firstName + streetCenters + index)}镇`,
    county,
    center: regionalCenterFor(index, regionalCenters),
  }));
  return [...streets, ...towns];
}

/** A regional centre serves its own town and one or two others; what is left stands beneath the county. */
function regionalCenterFor(town: number, regionalCenters: number): PlaceCenter | undefined {
  if (town >= regionalCenters * 3) return undefined;
  return { kind: 'REGIONAL_CENTER', number: (town % regionalCenters) + 1 };
}

/** `count` communities, dealt out over the places in turn: in the streets neighbourhoods, else villages. */
export function communitiesOf(places: readonly Place[], count: number): Community[] {
  return range(count).map((index) => {
    const placeIndex = index % places.length;
    const place = places[placeIndex] as Place;
    const round = Math.floor(index / places.length);
    const isStreet = place.name.endsWith('街道');
    return {
      code: `${place.code}${digits((isStreet ? 1 : 200) + round)}`,
      name: `${communityName(placeIndex * 31 + round)}${isStreet ? '社区' : '村'}`,
      place,
    };
  });
}

/** Shares out a total in proportion to the counties' weights; the largest remainders get what rounding left. */
export function shareOut(total: number): Map<County, number> {
  const weights = nanyangCounties.reduce((sum, { weight }) => sum + weight, 0);
  const shares = nanyangCounties.map((county) => {
    const exact = (total * county.weight) / weights;
    return { county, whole: Math.floor(exact), remainder: exact % 1 };
  });
  const left = total - shares.reduce((sum, { whole }) => sum + whole, 0);
  const favoured = new Set([...shares].sort((one, other) => other.remainder - one.remainder).slice(0, left));
  return new Map(shares.map((share) => [share.county, share.whole + (favoured.has(share) ? 1 : 0)]));
}

/** So many more communities than home-care stations: some have none yet. */
export function communityCount(stations: number): number {
  return Math.ceil((stations * 5) / 4);
}

function firstPlaceNumber(county: County): number {
  let number = 0;
  for (const other of nanyangCounties) {
    if (other === county) return number;
    number += other.streetCenters + other.regionalCenters + other.otherTowns;
  }
  throw new Error(`${county.name} is none of Nanyang's counties`);
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function digits(number: number): string {
  return String(number).padStart(3, '0');
}
