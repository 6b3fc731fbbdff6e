import type { FacilityKind } from '../../entities/network/facility.entity.js';

/** What the tree asks of a facility of one kind. */
interface KindRule {
  /** Kinds beneath which it may stand; empty for the root of a city. */
  beneath: readonly FacilityKind[];
  /** How many digits its division code may have. */
  divisionDigits: readonly number[];
}

const areaCenters = ['STREET_CENTER', 'REGIONAL_CENTER', 'COUNTY_CENTER'] as const;

/**
 * The one table of the network's shape. Every kind stands beneath kinds that are listed before it only, so
 * no chain of permitted placements leads back to where it began.
 */
export const kindRules: Readonly<Record<FacilityKind, KindRule>> = {
  CITY_CENTER: { beneath: [], divisionDigits: [4] },
  COUNTY_CENTER: { beneath: ['CITY_CENTER'], divisionDigits: [6] },
  STREET_CENTER: { beneath: ['COUNTY_CENTER'], divisionDigits: [9] },
  REGIONAL_CENTER: { beneath: ['COUNTY_CENTER'], divisionDigits: [9] },
  DAY_CARE_CENTER: { beneath: areaCenters, divisionDigits: [12] },
  HOME_CARE_STATION: { beneath: areaCenters, divisionDigits: [12] },
  HAPPINESS_HOME: { beneath: areaCenters, divisionDigits: [12] },
  ELDER_CANTEEN: {
    beneath: [...areaCenters, 'DAY_CARE_CENTER', 'HOME_CARE_STATION'],
    divisionDigits: [12],
  },
  NEIGHBOR_POINT: { beneath: [...areaCenters, 'HAPPINESS_HOME'], divisionDigits: [12] },
  NURSING_HOME: { beneath: ['CITY_CENTER', ...areaCenters], divisionDigits: [6, 9, 12] },
};

/** True when a facility of kind `child` may stand beneath one of kind `parent`, or beneath none (null). */
export function mayStandBeneath(child: FacilityKind, parent: FacilityKind | null): boolean {
  const { beneath } = kindRules[child];
  return parent === null ? beneath.length === 0 : beneath.includes(parent);
}

/** True when `divisionCode` is made of digits, as many as the level of `kind` has. */
export function divisionSuits(kind: FacilityKind, divisionCode: string): boolean {
  return /^[0-9]+$/.test(divisionCode) && kindRules[kind].divisionDigits.includes(divisionCode.length);
}

/**
 * True when the division `child` lies within that of its parent. A regional centre stands in one town and
 * serves several, so beneath it the county's six digits decide.
 */
export function divisionLiesWithin(
  child: string,
  parent: { kind: FacilityKind; divisionCode: string },
): boolean {
  const { kind, divisionCode } = parent;
  return child.startsWith(kind === 'REGIONAL_CENTER' ? divisionCode.slice(0, 6) : divisionCode);
}
