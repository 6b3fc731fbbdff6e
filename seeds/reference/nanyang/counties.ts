/** A county, county-level city, district or functional zone of Nanyang. */
export interface County {
  /** GB/T 2260, or the statistical or local code of a functional zone. */
  code: string;
  name: string;
  /** Residents in about ten thousands. Rounded: it only decides how counts are spread. */
  weight: number;
  /** How many of the city's street centres, and in as many streets. */
  streetCenters: number;
  /** How many of the city's regional centres, each in a town of its own. */
  regionalCenters: number;
  /** Towns that have neither. */
  otherTowns: number;
}

/** What the city's report for 2023 counts, and 304 canteens, a figure of Changzhou's: Nanyang gives none. */
export const nanyangCounts = {
  CITY_CENTER: 1,
  COUNTY_CENTER: 16,
  STREET_CENTER: 45,
  REGIONAL_CENTER: 27,
  DAY_CARE_CENTER: 443,
  HOME_CARE_STATION: 468,
  ELDER_CANTEEN: 304,
} as const;

export const nanyangDivision = '4113';

/**
 * The thirteen of GB/T 2260 and the zones that the city counts beside them. 411371 and 411372 are codes of
 * the statistics bureau; Guanzhuang has no published one, so 411373 is a local number of ours.
 *
 * How many street and regional centres each has is made up; the sums are the report's.
 */
export const nanyangCounties: readonly County[] = [
  county('411302', '宛城区', 62, 7, 1, 4),
  county('411303', '卧龙区', 74, 7, 2, 4),
  county('411321', '南召县', 50, 2, 2, 4),
  county('411322', '方城县', 84, 2, 3, 6),
  county('411323', '西峡县', 44, 2, 1, 4),
  county('411324', '镇平县', 81, 2, 2, 6),
  county('411325', '内乡县', 54, 2, 2, 4),
  county('411326', '淅川县', 53, 2, 2, 4),
  county('411327', '社旗县', 54, 2, 2, 4),
  county('411328', '唐河县', 108, 2, 3, 7),
  county('411329', '新野县', 62, 2, 2, 4),
  county('411330', '桐柏县', 37, 2, 1, 4),
  county('411371', '南阳高新技术产业开发区', 22, 3, 0, 0),
  county('411372', '南阳市城乡一体化示范区', 26, 3, 0, 0),
  county('411373', '官庄工区', 9, 1, 0, 0),
  county('411381', '邓州市', 125, 4, 4, 8),
];

/** The thirteen whose codes stand in resident ID numbers; people of the zones carry those of the districts. */
export const idNumberDivisions: readonly (readonly [code: string, weight: number])[] = [
  ['411302', 11],
  ['411303', 11],
  ['411321', 5],
  ['411322', 8],
  ['411323', 4],
  ['411324', 8],
  ['411325', 5],
  ['411326', 5],
  ['411327', 6],
  ['411328', 12],
  ['411329', 6],
  ['411330', 4],
  ['411381', 15],
];

/** The counties in which people with an ID number of a division mostly live. */
export function countiesOfDivision(code: string): readonly string[] {
  if (code === '411302') return ['411302', '411372', '411373'];
  if (code === '411303') return ['411303', '411371'];
  return [code];
}

function county(
  code: string,
  name: string,
  weight: number,
  streetCenters: number,
  regionalCenters: number,
  otherTowns: number,
): County {
  return { code, name, weight, streetCenters, regionalCenters, otherTowns };
}
