import type { BedType } from '../../entities/beds/bed.entity.js';
import type { Day } from '../../src/shared/china-time.js';
import { choiceOf, drawOf } from '../deterministic.js';
import { type County, nanyangCounties } from '../reference/nanyang/counties.js';
import { range, shareOut } from '../reference/nanyang/divisions.js';
import { nanyangNetwork, type PlannedFacility, rootCode } from '../reference/nanyang/network.js';

/** Changzhou's figures, as those of the canteens: Nanyang's report counts no nursing homes. */
export const homesCount = 117;
export const bedsCount = 25_000;

/** Of all beds, in per mille: nursing beds are Changzhou's share, the other two are made up. */
const perMille = { NURSING: 720, DAY_CARE: 36, HOME: 20 } as const;

/** A nursing home as it is to be, before it has an id. */
export interface PlannedHome extends PlannedFacility {
  parentCode: string;
  county: County;
  /** Counted from 0, in the order in which homes of the city are filled. */
  number: number;
  beds: Readonly<Record<BedType, number>>;
  size: number;
  /** Of the beds, how many residents have: most homes are half empty, and where people want to go is full. */
  occupancy: number;
}

/** The two homes of the county in which `npm run day` is played, and one elsewhere. */
export const demoHomeCodes = ['NY-411302-N001', 'NY-411302-N002', 'NY-411303-N001'] as const;

let planned: readonly PlannedHome[] | undefined;

/** All homes of the city, county by county, each county's smallest first. */
export function nanyangHomes(): readonly PlannedHome[] {
  planned ??= plan();
  return planned;
}

function plan(): PlannedHome[] {
  const counts = shareOut(homesCount);
  const shares = shareOut(bedsCount);
  const sized = nanyangCounties.flatMap((county) => {
    const sizes = sizesOf(county, counts.get(county) ?? 0, shares.get(county) ?? 0);
    return sizes.map((size, index) => ({ county, size, index }));
  });
  const typed = typesOf(sized.map(({ size }) => size));
  const occupied = occupancies(sized);
  return sized.map(({ county, size, index }, number) => ({
    ...placedHome(county, index, size),
    county,
    number,
    size,
    beds: typed[number] as PlannedHome['beds'],
    occupancy: occupied[number] as number,
  }));
}

/** How large homes are to each other: many have some sixty to two hundred beds, and a few five hundred and more. */
const weightOf = choiceOf('size of a nursing home', [
  [60, 3],
  [80, 4],
  [110, 4],
  [150, 5],
  [190, 2],
  [260, 1],
  [420, 1],
  [760, 1],
]);

function sizesOf(county: County, homes: number, beds: number): number[] {
  const weights = range(homes)
    .map((index) => weightOf(Number(county.code) * 100 + index))
    .sort((one, other) => one - other);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let passed = 0;
  let given = 0;
  return weights.map((weight) => {
    passed += weight;
    const upTo = Math.round((beds * passed) / sum);
    const size = upTo - given;
    given = upTo;
    return size;
  });
}

/** Shares that are rounded along the whole list, so that the city's sums are exact. */
function typesOf(sizes: readonly number[]): PlannedHome['beds'][] {
  let passed = 0;
  const sums = { NURSING: 0, DAY_CARE: 0, HOME: 0 };
  return sizes.map((size) => {
    passed += size;
    const own = { NURSING: 0, DAY_CARE: 0, HOME: 0 };
    for (const type of ['NURSING', 'DAY_CARE', 'HOME'] as const) {
      const upTo = Math.round((passed * perMille[type]) / 1000);
      own[type] = upTo - sums[type];
      sums[type] = upTo;
    }
    return { ...own, GENERAL: size - own.NURSING - own.DAY_CARE - own.HOME };
  });
}

const drawOccupancy = drawOf('occupancy of a nursing home');
const drawFull = drawOf('a nursing home that is full');

/** Residents for each bed of the city, those on leave included: the nation's 45 % of beds are occupied, and some are kept. */
const residentsPerBed = 0.465;

/** A few homes are full; what the others have follows from what the city is to have, each a little more or less. */
function occupancies(homes: readonly { county: County; size: number; index: number }[]): number[] {
  const fixed = homes.map(({ county, index }, number) => {
    // The first demonstration home has a line before its door, and the second has room.
    if (county.code === '411302' && index < 2) return index === 0 ? 0.82 : 0.45;
    return drawFull(number) < 0.06 ? 0.93 : undefined;
  });
  const share = (number: number) => 0.7 + drawOccupancy(number) * 0.6;
  let left = residentsPerBed * bedsCount;
  let weights = 0;
  for (const [number, { size }] of homes.entries()) {
    left -= size * (fixed[number] ?? 0);
    if (fixed[number] === undefined) weights += size * share(number);
  }
  return homes.map((_, number) => fixed[number] ?? (share(number) * left) / weights);
}

const firstNames = '颐康福松鹤慈瑞安怡晚'.split('');
const lastNames = ['和', '宁', '寿', '乐', '晖', '园', '年'];
const drawOpening = drawOf('opening of a nursing home');
const large = 300;

/** Large homes stand beneath the county centre, as its welfare institutions; the others in a street or town. */
function placedHome(county: County, index: number, size: number): PlannedFacility & { parentCode: string } {
  const countyCode = `${rootCode}-${county.code}`;
  const centers = nanyangNetwork().filter(({ parentCode }) => parentCode === countyCode);
  const areas = centers.filter(({ kind }) => kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER');
  const area = size >= large ? undefined : areas[index % areas.length];
  const parent = area ?? nanyangNetwork().find(({ code }) => code === countyCode);
  if (!parent) throw new Error(`${county.name} has no centre`);
  const number = Number(county.code) * 31 + index;
  const title = `${firstNames[number % firstNames.length]}${lastNames[number % lastNames.length]}`;
  const place = parent.name.replace(/(综合|区域性)?养老服务中心$/, '');
  const drawn = openingDay(drawOpening(number));
  return {
    code: `${countyCode}-N${String(index + 1).padStart(3, '0')}`,
    name: `${place}${title}${area ? '养老院' : '养老中心'}`,
    kind: 'NURSING_HOME',
    divisionCode: parent.divisionCode,
    parentCode: parent.code,
    openedOn: drawn < parent.openedOn ? parent.openedOn : drawn,
  };
}

/** Between 2016 and 2022. */
function openingDay(draw: number): Day {
  const [from, to] = [Date.UTC(2016, 0, 1), Date.UTC(2022, 5, 30)];
  return new Date(from + draw * (to - from)).toISOString().slice(0, 10);
}
