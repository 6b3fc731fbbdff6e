import type { FacilityKind } from '../../../entities/network/facility.entity.js';
import { drawOf } from '../../deterministic.js';
import { type County, nanyangCounties, nanyangCounts, nanyangDivision } from './counties.js';
import {
  type Community,
  communitiesOf,
  communityCount,
  type Place,
  placesOf,
  range,
  shareOut,
} from './divisions.js';

/** A facility as it is to be, before it has an id. */
export interface PlannedFacility {
  code: string;
  name: string;
  kind: FacilityKind;
  divisionCode: string;
  /** Null for the root. */
  parentCode: string | null;
  openedOn: string;
}

export const rootCode = 'NY';

/** The demonstration canteen, first of all canteens by code and by order. */
export const demoCanteenCode = 'NY-411302-C001';

/** The whole network, every parent before its children, each kind in the order of its codes. */
export function nanyangNetwork(): readonly PlannedFacility[] {
  planned ??= plan();
  return planned;
}

let planned: readonly PlannedFacility[] | undefined;

function plan(): readonly PlannedFacility[] {
  const root: PlannedFacility = {
    code: rootCode,
    name: '南阳市养老服务中心',
    kind: 'CITY_CENTER',
    divisionCode: nanyangDivision,
    parentCode: null,
    openedOn: '2012-06-01',
  };
  const stations = shareOut(nanyangCounts.HOME_CARE_STATION);
  const dayCares = shareOut(nanyangCounts.DAY_CARE_CENTER);
  const canteens = shareOut(nanyangCounts.ELDER_CANTEEN);
  const facilities = nanyangCounties.flatMap((county) => {
    const count = (counts: Map<County, number>) => counts.get(county) ?? 0;
    return planCounty(county, count(stations), count(dayCares), count(canteens));
  });
  const ofKind = (kind: string) => facilities.filter((facility) => facility.kind === kind);
  // Kind after kind, so that the demonstration canteen gets the lowest id of all canteens.
  return openedAfterParents([root, ...Object.keys(nanyangCounts).flatMap(ofKind)]);
}

type Unopened = Omit<PlannedFacility, 'openedOn'>;

function planCounty(county: County, stations: number, dayCares: number, canteens: number): Unopened[] {
  const places = placesOf(county);
  const communities = communitiesOf(places, communityCount(stations));
  const at = (index: number) => communities[index % communities.length] as Community;
  // Day care begins a third further on: some communities have both, some one, a few neither.
  const dayCareStart = Math.floor(stations / 3);
  const communityFacilities = [
    ...range(stations).map((index) => inCommunity(at(index), 'HOME_CARE_STATION', index)),
    ...range(dayCares).map((index) => inCommunity(at(dayCareStart + index), 'DAY_CARE_CENTER', index)),
  ];
  return [
    {
      code: codeOf(county),
      name: `${county.name}养老服务中心`,
      kind: 'COUNTY_CENTER',
      divisionCode: county.code,
      parentCode: rootCode,
    },
    ...centersOf(county, places),
    ...communityFacilities,
    ...range(canteens).map((index) => canteenIn(at(index), index, communityFacilities)),
  ];
}

function centersOf(county: County, places: readonly Place[]): Unopened[] {
  const towns = places.slice(county.streetCenters);
  return [
    ...places.slice(0, county.streetCenters).map((place, index) => ({
      code: centerCode(county, 'STREET_CENTER', index + 1),
      name: `${county.name}${place.name}综合养老服务中心`,
      kind: 'STREET_CENTER' as const,
      divisionCode: place.code,
      parentCode: codeOf(county),
    })),
    ...towns.slice(0, county.regionalCenters).map((place, index) => ({
      code: centerCode(county, 'REGIONAL_CENTER', index + 1),
      name: `${county.name}${place.name}区域性养老服务中心`,
      kind: 'REGIONAL_CENTER' as const,
      divisionCode: place.code,
      parentCode: codeOf(county),
    })),
  ];
}

const communityKinds = {
  DAY_CARE_CENTER: { letter: 'D', title: '日间照料中心' },
  HOME_CARE_STATION: { letter: 'H', title: '居家养老服务站' },
  ELDER_CANTEEN: { letter: 'C', title: '长者食堂' },
} as const;

function inCommunity(
  { code, name, place }: Community,
  kind: keyof typeof communityKinds,
  index: number,
): Unopened {
  const { county, center } = place;
  const { letter, title } = communityKinds[kind];
  return {
    code: `${codeOf(county)}-${letter}${String(index + 1).padStart(3, '0')}`,
    name: `${county.name}${place.name}${name}${title}`,
    kind,
    divisionCode: code,
    parentCode: center ? centerCode(county, center.kind, center.number) : codeOf(county),
  };
}

/** A canteen cooks in the community's day-care centre or station where there is one. */
function canteenIn(community: Community, index: number, others: readonly Unopened[]): Unopened {
  const canteen = inCommunity(community, 'ELDER_CANTEEN', index);
  const hosts = others.filter(({ divisionCode }) => divisionCode === community.code);
  const host = hosts.find(({ kind }) => kind === 'DAY_CARE_CENTER') ?? hosts[0];
  return {
    ...canteen,
    name: canteen.code === demoCanteenCode ? `${canteen.name}（体验食堂）` : canteen.name,
    parentCode: host?.code ?? canteen.parentCode,
  };
}

function codeOf(county: County): string {
  return `${rootCode}-${county.code}`;
}

function centerCode(county: County, kind: 'STREET_CENTER' | 'REGIONAL_CENTER', number: number): string {
  const letter = kind === 'STREET_CENTER' ? 'S' : 'R';
  return `${codeOf(county)}-${letter}${String(number).padStart(2, '0')}`;
}

/** Between which days the facilities of a kind opened. */
const openings: Partial<Record<FacilityKind, readonly [from: string, to: string]>> = {
  COUNTY_CENTER: ['2013-01-01', '2015-12-31'],
  STREET_CENTER: ['2015-06-01', '2019-12-31'],
  REGIONAL_CENTER: ['2016-01-01', '2020-12-31'],
  DAY_CARE_CENTER: ['2015-01-01', '2023-05-31'],
  HOME_CARE_STATION: ['2016-01-01', '2023-05-31'],
  ELDER_CANTEEN: ['2019-11-05', '2025-12-31'],
};

const drawOpening = drawOf('opening of a facility');

/** Nothing opens before what it stands beneath, or it would have stood beneath nothing for a while. */
function openedAfterParents(facilities: readonly (Unopened & { openedOn?: string })[]): PlannedFacility[] {
  const openedOn = new Map<string | null, string>();
  return facilities.map((facility, index) => {
    const own = facility.openedOn ?? openingOf(facility.kind, index);
    const parents = openedOn.get(facility.parentCode) ?? own;
    const opened = own < parents ? parents : own;
    openedOn.set(facility.code, opened);
    return { ...facility, openedOn: opened };
  });
}

function openingOf(kind: FacilityKind, index: number): string {
  const opening = openings[kind];
  if (!opening) throw new Error(`Nanyang's report counts no ${kind}`);
  const [from, to] = opening.map((day) => Date.parse(day)) as [number, number];
  const instant = new Date(from + drawOpening(index) * (to - from));
  return instant.toISOString().slice(0, 10);
}
